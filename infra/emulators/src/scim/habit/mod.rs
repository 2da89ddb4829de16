//! The habits of real servers, each a switch. All are off by default: then the server keeps to the RFCs. `position` has
//! the positions of switches, `set` the switches of servers that were seen.

mod position;
mod set;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Error;

pub use position::{
    Changed, Changes, ClientShown, Conflicts, Created, Discovery, Filters, Formatted, Opener, Pages, Totals, UserNames,
    Wait,
};

/// The switches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Habits {
    /// How pages follow each other.
    pub pages: Pages,
    /// The most entries of a page, whatever is asked for; 100 where no number is given.
    pub page_cap: Option<usize>,
    /// Each page has one entry fewer than the one before, down to one.
    pub shrinking_pages: bool,
    /// What `totalResults` says.
    pub totals: Totals,
    /// What a filter does.
    pub filters: Filters,
    /// What a successful `POST` answers.
    pub created: Created,
    /// The answer to a `POST` of a user who exists already.
    pub conflicts: Conflicts,
    /// What a successful change answers.
    pub changed: Changed,
    /// How a user may be changed.
    pub changes: Changes,
    /// What the server says about itself.
    pub discovery: Discovery,
    /// Attributes that are not in the schemas, and are kept all the same.
    pub untold: Vec<String>,
    /// The path that the server says users are at; `/Users` where no path is given.
    pub endpoint: Option<String>,
    /// The only name under which users are found; `Users` where no name is given.
    pub home: Option<String>,
    /// A list is answered with 500 and a page of HTML where it is told how many users to list.
    pub fails_counted: bool,
    /// Errors are HTML under `application/scim+json`.
    pub html_errors: bool,
    /// Out of this many requests for users, one answers 429; none where it is 0.
    pub limit_every: u32,
    /// How a 429 says how long to wait.
    pub limit_wait: Wait,
    /// The credentials that do not open it any more: `bearer`, `basic`, `client`.
    pub refuses: Vec<Opener>,
    /// A credential that does not open it is answered with 403, as Leapsome does, instead of 401.
    pub refuses_with_403: bool,
    /// How a client has to show who it is where tokens are given.
    pub client_shown: ClientShown,
    /// The status for a client that shows itself in another way; 401 where no status is given.
    pub client_refused_with: Option<u16>,
    /// For how many seconds a token of a client is good; an hour where no number is given.
    pub token_life: Option<u32>,
    /// How many requests get a 401, although their credential is good.
    pub stray_refusals: u32,
    /// A user is not found by id.
    pub unreadable: bool,
    /// User names of users that are not shown by id.
    pub hides: Vec<String>,
    /// The status of a request that reads such a user by id; 500 where no status is given.
    pub hides_with: Option<u16>,
    /// Users who are switched off are in no list, but where a filter finds them.
    pub hides_inactive: bool,
    /// Texts that a filter must not look for: a request with one of them is refused.
    pub breaks_filters: Vec<String>,
    /// The status of such a request; 500 where no status is given.
    pub breaks_filters_with: Option<u16>,
    /// User names of users whom a list breaks at: a page with one of them is a 500.
    pub breaks_lists: Vec<String>,
    /// A user is made whose name another one has already.
    pub keeps_twice: bool,
    /// User names of users that a list shows without their id.
    pub nameless: Vec<String>,
    /// Addresses of users differ where their letters do.
    pub case_exact: bool,
    /// The address that a request to write is redirected to, 308.
    pub redirects_writes: Option<String>,
    /// User names of users that must not be written.
    pub forbids: Vec<String>,
    /// User names of users who stay as they are: a request that would change one is refused, 400, and one that changes nothing is
    /// carried out.
    pub fixes: Vec<String>,
    /// The status of a request that writes a user of `forbids`; 403 where no status is given.
    pub forbids_with: Option<u16>,
    /// A list holds one value: a list with more is refused, 400.
    pub single_values: bool,
    /// How many changes of users come too late: right before each, an edit by hand gives the user another title.
    pub meddles: u32,
    /// How many changes of users are carried out before the first edit of `meddles`.
    pub meddles_after: u32,
    /// The members that such an edit gives the user, in place of another title.
    pub meddles_with: Option<Map<String, Value>>,
    /// Attributes that are accepted and forgotten.
    pub drops: Vec<String>,
    /// The answer to a write shows what was sent, also what is not kept.
    pub echoes: bool,
    /// The only attributes that are not accepted and forgotten; all where none is named. A list or an object is named
    /// whole.
    pub keeps: Vec<String>,
    /// Attributes that are refused, 400.
    pub refuses_attributes: Vec<String>,
    /// The status of a request that sends one of these attributes; 400 where no status is given.
    pub refuses_attributes_with: Option<u16>,
    /// The refusal of an attribute has no `scimType`.
    pub refuses_without_kind: bool,
    /// Attributes without which a user is refused, 400.
    pub needs: Vec<String>,
    /// Attributes that `PATCH` answers with 500, whatever its form; `PUT` changes them.
    pub fails_patches: Vec<String>,
    /// Attributes that a request to change a user is answered with 500 for, whatever its form.
    pub fails_changes: Vec<String>,
    /// Attributes that a request to make a user is answered with 500 for.
    pub fails_creates: Vec<String>,
    /// Texts that a request which writes them is answered with 500 for, wherever they stand. What a user has already does no harm.
    pub fails_values: Vec<String>,
    /// The status of `fails_patches`, `fails_changes`, `fails_creates` and `fails_values`; 500 where no status is given.
    pub fails_with: Option<u16>,
    /// The status of every request that writes, whatever it writes: the credential may read only.
    pub refuses_writes: Option<u16>,
    /// Attributes of an extension that a `PATCH` of their path puts under a member of the user that is named as the
    /// path, where the value is an object. A text becomes the attribute's `value`.
    pub misplaces: Vec<String>,
    /// What becomes of `name.formatted`.
    pub formatted: Formatted,
    /// Whether a user can get another `userName`.
    pub user_names: UserNames,
    /// A manager that was sent as a text is shown as `{"managerId", "displayName"}`.
    pub manager_as_object: bool,
    /// An attribute that is not in the schemas is refused, 400.
    pub strict: bool,
    /// A user who is switched off is forgotten.
    pub forgets_inactive: bool,
    /// User names that differ by case are two names.
    pub case_sensitive: bool,
    /// Users have no versions, and a request with a version is refused.
    pub versionless: bool,
    /// A user has a new version at each reading.
    pub moving_versions: bool,
    /// The version that a request names is not looked at.
    pub ignores_versions: bool,
    /// A request with the right version gets a 412.
    pub refuses_versions: bool,
    /// `active` is shown as a text.
    pub active_as_text: bool,
    /// How many replies to `POST` are lost, after the work is done.
    pub lost_creates: u32,
    /// How many replies to `PATCH` and `PUT` are lost, after the work is done.
    pub lost_changes: u32,
    /// An unchanged value of `emails` is refused, 400.
    pub refuses_unchanged: bool,
    /// Milliseconds before each answer.
    pub latency_ms: u64,
}

/// The switches that hold several names, with `+` between them on a command line.
const LISTS: [&str; 17] = [
    "breaks_filters",
    "breaks_lists",
    "drops",
    "fails_changes",
    "fails_creates",
    "fails_patches",
    "fails_values",
    "fixes",
    "forbids",
    "hides",
    "keeps",
    "misplaces",
    "nameless",
    "needs",
    "refuses",
    "refuses_attributes",
    "untold",
];

impl Habits {
    /// Returns the names of all sets.
    pub fn sets() -> impl Iterator<Item = &'static str> {
        set::names()
    }

    /// Returns the habits of a server that was seen, by the name of the set: one of [`Habits::sets`].
    ///
    /// # Errors
    /// [`Error::BadHabit`], which names the sets that there are.
    pub fn set(name: &str) -> Result<Self, Error> {
        Self::from_members(set::switches(name)?)
    }

    /// Returns one switch as it is written on a command line: `page_cap=7`, `pages=by_cursor`, `strict=true`,
    /// `drops=title+nickName`, `set=canaille`.
    ///
    /// # Errors
    /// [`Error::BadHabit`], which says what was expected.
    pub fn parse(text: &str) -> Result<(String, Value), Error> {
        let (name, value) = text.split_once('=').unwrap_or((text, "true"));
        let value = match (name, serde_json::from_str(value)) {
            (name, _) if LISTS.contains(&name) => value.split('+').map(Value::from).collect(),
            (_, Ok(value @ (Value::Bool(_) | Value::Number(_)))) => value,
            (_, Ok(_) | Err(_)) => Value::from(value),
        };
        Self::from_members([(name.to_owned(), value.clone())].into_iter().collect())?;
        Ok((name.to_owned(), value))
    }

    /// Returns switches by name, as in a request; those that are not named are off. The member `set` names a set, which the
    /// others add to.
    ///
    /// # Errors
    /// [`Error::BadHabit`], which names the switch and says what was expected.
    pub fn from_members(mut members: Map<String, Value>) -> Result<Self, Error> {
        if let Some(name) = members.remove("set") {
            let mut switches = set::switches(name.as_str().unwrap_or_default())?;
            switches.extend(members);
            return Self::from_members(switches);
        }
        for (name, value) in &members {
            let one: Map<String, Value> = [(name.clone(), value.clone())].into_iter().collect();
            serde_json::from_value::<Self>(one.into()).map_err(|error| Error::BadHabit {
                member: name.clone(),
                expected: error.to_string(),
            })?;
        }
        serde_json::from_value(members.into()).map_err(|error| Error::BadHabit {
            member: String::new(),
            expected: error.to_string(),
        })
    }
}
