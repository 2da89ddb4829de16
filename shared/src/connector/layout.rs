//! A read of people by tables alone: which lists a read takes follows from what is wanted of a [`Layout`], and so does what becomes of
//! their rows. What remains to a provider are its lists, its rules, and how it writes custom fields.

mod values;

use std::{collections::BTreeSet, fmt, marker::PhantomData, sync::Arc};

use jiff::civil::Date;

use super::{
    answer::not_json,
    cells::{Columns, read_cells},
    census::{self, Census},
    custom::{Definition, Entry, Fields},
    given::{Given, columns_of, offered, permitted, refused},
    join::Joined,
    lists::Lists,
    related::{Belongings, Kept, OwnRows, Parameters, Shared, details_for, owned_by, shared_by},
    resource::{Ask, Resource, Rows},
    shown::{Ground, Shown},
    sight::{Reach, Sight, deny, deny_custom, deny_unknown},
    value::{Nested, Text},
};
use crate::{
    employee::{Canonical, Category, CustomName, Wanted},
    roster::Builder,
    source::Error,
};

pub use self::values::Values;
use self::values::{join, put_custom, read_values};

/// How a provider's people are laid out over its lists.
pub trait Layout: fmt::Debug + Send + Sync + 'static {
    /// The form in which the place in the list of people is noted: a place of another form is none.
    const FORM: u32;
    /// How many pages of people are under way at once.
    const PAGES_UNDER_WAY: usize = 2;
    /// What a credential lets its holder see.
    const REACH: Reach = Reach::User;
    /// The list of people.
    const PEOPLE: Resource;
    /// What it is asked for with to see one person, which shows that a credential is good.
    const ONE: Parameters;
    /// The list of the companies that a credential opens, where there is one.
    const COMPANIES: Option<Resource> = None;
    /// What is given of each attribute.
    const GIVEN: &'static [Given];
    /// Where custom fields and their values stand.
    const CUSTOM: Custom;
    /// How values of custom fields are written.
    type Kind: fmt::Debug + Send + Sync;

    /// Returns what the list of people is asked for with.
    fn asked(wanted: &Wanted) -> Vec<(&'static str, String)>;

    /// Returns what a row of the list of custom fields defines; `None` where that is no field of the company's own.
    fn define(row: Nested<'_>) -> Option<Definition<'_, Self::Kind>>;

    /// Returns what a member of a row defines that has a member for each field ([`Values::Members`]); `None` where that is no field. Where its
    /// name does not say what the field holds, it may be read only where the configuration names it.
    fn define_member(name: &str, named: &[CustomName]) -> Option<Definition<'static, Self::Kind>> {
        let _ = (name, named);
        None
    }

    /// Reads one value of a field.
    fn read<'r>(kind: &Self::Kind, value: Nested<'r>) -> Text<'r>;

    /// Returns what is shown of a person in a field, where the values are [`Values::Told`].
    fn told<'r>(kind: &Self::Kind, one: &Shown<'r>) -> Text<'r> {
        let _ = (kind, one);
        Text::Absent
    }

    /// Returns several values of one field as one: the last counts.
    fn together<'r>(kind: &Self::Kind, earlier: Text<'r>, later: Text<'r>) -> Text<'r> {
        let _ = (kind, earlier);
        later
    }

    /// Returns what is said of the fields in which a person has no value: that they have none.
    fn without_value(one: &Shown<'_>) -> Text<'static> {
        let _ = one;
        Text::Null
    }
}

/// Where custom fields and their values stand.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// The list that says which fields there are.
    pub fields: Resource,
    /// What it is asked for with.
    pub asked: Parameters,
    /// Where the values stand.
    pub values: Values,
}

/// A read of one company's people by their layout.
#[derive(Debug)]
pub struct ByLayout<'r, L> {
    /// What may be read of what the layout gives (R34).
    given: Vec<Given>,
    allowed: &'r BTreeSet<Category>,
    wanted: &'r Wanted,
    /// The custom attributes that the configuration names.
    named: &'r [CustomName],
    today: Date,
    /// The list of custom fields, where it was read before.
    fields: Option<Lists>,
    layout: PhantomData<L>,
}

/// What is the same for all people of a read, the custom fields that may be read, and what may not be.
#[derive(Debug)]
pub struct References<K> {
    given: Vec<Given>,
    ground: Ground,
    fields: Fields<K>,
    /// What people have in custom fields, where it is read once, and may be read.
    values: Option<Joined<Entry<'static>>>,
    refused: Vec<Canonical>,
    /// Whether the credential may not read which custom fields there are.
    is_without_fields: bool,
}

/// Converts pages, one after another.
#[derive(Debug)]
pub struct ByTable<L: Layout> {
    references: Arc<References<L::Kind>>,
    sight: Sight,
    own_rows: OwnRows,
}

impl<'r, L: Layout> ByLayout<'r, L> {
    /// A read of what is wanted, on a day. What is of these forbidden categories may be read.
    pub fn new(allowed: &'r BTreeSet<Category>, wanted: &'r Wanted, today: Date) -> Self {
        Self {
            given: permitted(L::GIVEN, allowed),
            allowed,
            wanted,
            named: wanted.custom(),
            today,
            fields: None,
            layout: PhantomData,
        }
    }

    /// The same read, of which these custom attributes are named, though everything is wanted.
    #[must_use]
    pub fn naming(self, named: &'r [CustomName]) -> Self {
        Self { named, ..self }
    }

    /// The same read, for which the list of custom fields was read already, as by another credential.
    #[must_use]
    pub fn with_fields(self, fields: Lists) -> Self {
        Self {
            fields: Some(fields),
            ..self
        }
    }
}

impl<L: Layout> Census for ByLayout<'_, L> {
    const PAGES_UNDER_WAY: usize = L::PAGES_UNDER_WAY;
    type References = References<L::Kind>;
    type Converter = ByTable<L>;

    fn form(&self) -> u32 {
        L::FORM
    }

    fn people(&self) -> Rows {
        L::PEOPLE.with(L::asked(self.wanted))
    }

    fn shared(&self) -> Vec<Ask> {
        let Custom { fields, asked, .. } = L::CUSTOM;
        let is_wanted = self.wanted.wants_custom();
        let mut asks = shared_by(&self.given, self.wanted);
        let is_unread = self.fields.is_none();
        asks.push(fields.with(owned(asked)).wanted_if(is_wanted && is_unread));
        if let Values::Whole { of, .. } = L::CUSTOM.values {
            asks.push(of.all().wanted_if(is_wanted));
        }
        asks
    }

    fn refer(&self, lists: &Lists) -> Result<Self::References, Error> {
        let of_fields = self.fields.as_ref().unwrap_or(lists);
        let rows = of_fields.objects(&L::CUSTOM.fields)?.unwrap_or_default();
        let values = L::CUSTOM.values;
        let defined: Vec<_> = match values {
            Values::Members { .. } => {
                let names: BTreeSet<String> = rows.into_iter().flat_map(|row| row.members().into_keys()).collect();
                let define = |name: &String| L::define_member(name, self.named);
                names.iter().filter_map(define).collect()
            }
            Values::Own { .. } | Values::Told { .. } | Values::Listed { .. } | Values::Whole { .. } => {
                rows.into_iter().filter_map(L::define).collect()
            }
        };
        let own = values.members().iter().copied();
        let given = self.given.clone();
        let columns = [L::PEOPLE.id].into_iter().chain(columns_of(&given)).chain(own);
        let fields = Fields::new(defined, self.allowed);
        let values = match L::CUSTOM.values {
            Values::Whole { .. } => read_values::<L>(&fields, lists)?,
            Values::Members { .. } => read_values::<L>(&fields, of_fields)?,
            Values::Own { .. } | Values::Told { .. } | Values::Listed { .. } => None,
        };
        let keep = |values: Vec<Entry<'_>>| join(values.into_iter().map(Entry::keep).collect());
        Ok(References {
            ground: Ground {
                columns: Columns::new(columns.map(str::to_owned)),
                shared: Shared::read(&given, lists)?,
                kept: Kept::read(&given, lists)?,
                id: L::PEOPLE.id,
                today: self.today,
            },
            fields,
            values: values.map(keep),
            refused: refused(&given, lists),
            given,
            is_without_fields: of_fields.is_refused(&L::CUSTOM.fields),
        })
    }

    fn belonging(&self, page: &str, people: &[String], references: &Self::References) -> Result<Vec<Ask>, Error> {
        let fields = references.fields.wanted(self.wanted).map(|field| field.id.as_str());
        let fields: Vec<&str> = fields.collect();
        let mut asks = owned_by(people, &self.given, self.wanted);
        asks.extend(L::CUSTOM.values.asks(&people.join(","), &fields, self.today));
        asks.extend(details_for(page, &L::PEOPLE, &self.given, self.wanted)?);
        Ok(asks)
    }

    fn begin(&self, references: Arc<Self::References>, roster: &mut Builder) -> ByTable<L> {
        deny(&references.refused, roster);
        if references.is_without_fields {
            deny_unknown(&references.fields, roster);
        }
        let given = offered(&references.given);
        ByTable {
            sight: Sight::begin(L::PEOPLE.operation, L::REACH, given, &references.fields, roster),
            own_rows: OwnRows::default(),
            references,
        }
    }
}

impl<L: Layout> census::Converter for ByTable<L> {
    fn convert(&mut self, people: &str, lists: &Lists, roster: &mut Builder) -> Result<(), Error> {
        let Resource { operation, form, .. } = L::PEOPLE;
        let References {
            given,
            ground,
            fields,
            values: kept,
            ..
        } = &*self.references;
        deny(&refused(given, lists), roster);
        let belongings = Belongings::read(given, operation, people, lists)?;
        let values = match L::CUSTOM.values {
            Values::Own { .. } | Values::Told { .. } => Some(join(Vec::new())),
            Values::Listed { .. } => read_values::<L>(fields, lists)?.map(join),
            Values::Whole { .. } | Values::Members { .. } => None,
        };
        if values.is_none() && kept.is_none() {
            deny_custom(fields, roster);
        }
        let rows = read_cells(people, form.rows, &ground.columns).map_err(|error| not_json(operation, &error))?;
        deny(&self.own_rows.closed(given, &ground.columns, &rows, lists)?, roster);
        for row in &rows {
            let one = ground.show_with(row, &belongings);
            self.sight.add(&one.own(L::PEOPLE.id), roster, |sight| {
                sight.put_all(given, &one);
                match kept {
                    Some(kept) => put_custom::<L>(fields, Some(kept), &one, sight),
                    None => put_custom::<L>(fields, values.as_ref(), &one, sight),
                }
            })?;
        }
        Ok(())
    }

    fn finish(self, roster: &Builder) -> Result<(), Error> {
        self.sight.finish(roster)
    }
}

fn owned(parameters: Parameters) -> Vec<(&'static str, String)> {
    let pairs = parameters.iter();
    pairs.map(|(name, value)| (*name, (*value).to_owned())).collect()
}
