//! Lists: filters and pages, with the habits of real servers.

use serde_json::{Map, Value, json};

use super::{
    Service,
    habit::{Filters, Pages, Totals},
    user::User,
};

/// What a list was asked for.
pub(super) struct Query {
    pub(super) filter: Option<String>,
    pub(super) start: Option<usize>,
    pub(super) count: Option<usize>,
    pub(super) cursor: Option<String>,
}

/// Returns the list's message (RFC 7644, section 3.4.2).
pub(super) fn answer(service: &mut Service, query: &Query) -> Result<Value, (u16, &'static str)> {
    let found = found(service, query.filter.as_deref())?;
    let asked = query.count.unwrap_or(100);
    let cap = service.habits.page_cap.unwrap_or(100);
    if service.habits.pages == Pages::Endless && query.filter.is_none() {
        return Ok(made_up(service, cap));
    }
    if let Some(page) = hostile(service.habits.pages) {
        return Ok(page);
    }
    let length = asked.min(cap);
    let total = found.len();
    let mut from = query.start.unwrap_or(1).max(1) - 1;
    let mut next = None;
    let mut length = if service.habits.shrinking_pages {
        length.saturating_sub(from).max(1)
    } else {
        length
    };
    match service.habits.pages {
        Pages::ByIndex | Pages::Endless | Pages::Numbers | Pages::Swollen => {}
        Pages::ByCursor => {
            from = query
                .cursor
                .as_deref()
                .and_then(|cursor| cursor.strip_prefix("c-")?.parse().ok())
                .unwrap_or(0);
            // A page may be short.
            length = length.min(1 + length / 2);
            next = (from + length < total).then(|| format!("c-{}", from + length));
        }
        Pages::FirstOnly => from = 0,
        Pages::LastAgain => {
            if from >= total {
                from = total.saturating_sub(length);
            }
        }
        Pages::NeverAdvancing => {
            from = 0;
            service.cursors += 1;
            next = Some(format!("n-{}", service.cursors));
        }
    }
    let mut page: Vec<User> = found.into_iter().skip(from).take(length).collect();
    let breaks = |user: &User| {
        service
            .habits
            .breaks_lists
            .iter()
            .any(|name| name == user.text("userName"))
    };
    if query.filter.is_none() && page.iter().any(breaks) {
        return Err((500, "invalidValue"));
    }
    for user in &mut page {
        user.version = service.move_version(&user.id).unwrap_or(user.version);
    }
    let page: Vec<Value> = page.iter().map(|user| listed(service, user)).collect();
    let mut message = Map::new();
    message.insert(
        "schemas".to_owned(),
        json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]),
    );
    message.insert("startIndex".to_owned(), json!(from + 1));
    message.insert("itemsPerPage".to_owned(), json!(asked));
    let said = match service.habits.totals {
        Totals::True => Some(total),
        Totals::OfPage => Some(page.len()),
        Totals::Absent => None,
    };
    message.extend(said.map(|said| ("totalResults".to_owned(), json!(said))));
    message.extend(next.map(|next| ("nextCursor".to_owned(), json!(next))));
    message.insert("Resources".to_owned(), Value::Array(page));
    Ok(Value::Object(message))
}

/// Returns a user as a list shows them.
fn listed(service: &Service, user: &User) -> Value {
    let mut shown = service.view(user);
    if service.habits.nameless.iter().any(|name| name == user.text("userName"))
        && let Some(members) = shown.as_object_mut()
    {
        members.remove("id");
    }
    shown
}

/// Returns a page that takes many times its length to be read.
fn hostile(pages: Pages) -> Option<Value> {
    const MANY: usize = 1_000_000;
    match pages {
        Pages::Numbers => Some(json!({ "Resources": vec![1; MANY] })),
        Pages::Swollen => Some(json!({ "Resources": [{ "id": "swollen", "emails": vec![json!([]); MANY] }] })),
        Pages::ByIndex
        | Pages::ByCursor
        | Pages::FirstOnly
        | Pages::LastAgain
        | Pages::NeverAdvancing
        | Pages::Endless => None,
    }
}

/// Returns a page of users that were never made, with a cursor to the next page.
fn made_up(service: &mut Service, length: usize) -> Value {
    let first = usize::try_from(service.cursors).unwrap_or(0) * length;
    service.cursors += 1;
    let user = |number: usize| json!({ "id": format!("made-up-{number}"), "userName": format!("made-up-{number}@example.com") });
    let page: Vec<Value> = (first..first + length).map(user).collect();
    json!({ "Resources": page, "nextCursor": format!("e-{}", service.cursors) })
}

/// Returns the users that a filter finds, if there is a filter and the habits let it count.
fn found(service: &Service, filter: Option<&str>) -> Result<Vec<User>, (u16, &'static str)> {
    let everybody = || service.users.clone();
    let Some(filter) = filter else {
        let is_listed = |user: &&User| !service.habits.hides_inactive || user.is_active();
        return Ok(service.users.iter().filter(is_listed).cloned().collect());
    };
    if service.habits.breaks_filters.iter().any(|text| filter.contains(text)) {
        return Err((service.habits.breaks_filters_with.unwrap_or(500), "invalidValue"));
    }
    match service.habits.filters {
        Filters::Ignored => return Ok(everybody()),
        Filters::Refused => return Err((400, "invalidFilter")),
        Filters::NotImplemented => return Err((501, "invalidFilter")),
        Filters::Forbidden => return Err((403, "invalidFilter")),
        Filters::FindNobody => return Ok(Vec::new()),
        Filters::Wrong => return Ok(service.users.iter().take(1).cloned().collect()),
        Filters::UserNameOnly if !filter.starts_with("userName ") => return Err((400, "invalidFilter")),
        Filters::OthersFindNobody if !filter.starts_with("userName ") => return Ok(Vec::new()),
        Filters::True | Filters::UserNameOnly | Filters::OthersFindNobody => {}
    }
    let (attribute, value) = parse(filter).ok_or((400, "invalidFilter"))?;
    let is_same = |user: &&User| {
        if attribute == ADDRESSES && service.habits.case_exact {
            return user.addresses().any(|kept| kept == value);
        }
        if attribute == ADDRESSES {
            return user.addresses().any(|kept| kept.eq_ignore_ascii_case(&value));
        }
        if attribute == NUMBER {
            return user.number() == Some(value.as_str());
        }
        let kept = user.text(&attribute);
        if attribute == "userName" && !service.habits.case_sensitive {
            kept.to_lowercase() == value.to_lowercase()
        } else {
            kept == value
        }
    };
    Ok(service.users.iter().filter(is_same).cloned().collect())
}

/// The path of all addresses of a user.
const ADDRESSES: &str = "emails.value";
/// The path of a user's number in the company.
const NUMBER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";

/// Returns attribute and value of `attribute eq "value"`, for the attributes that are indexed.
fn parse(filter: &str) -> Option<(String, String)> {
    let (attribute, value) = filter.split_once(" eq ")?;
    let value: String = serde_json::from_str(value.trim()).ok()?;
    ["userName", "externalId", "id", ADDRESSES, NUMBER]
        .contains(&attribute)
        .then(|| (attribute.to_owned(), value))
}
