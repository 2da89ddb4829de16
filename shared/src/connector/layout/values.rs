//! Where the values of custom fields stand, and how they come to the people whose they are.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Layout;
use crate::{
    connector::{
        custom::{Entry, Field, Fields},
        join::Joined,
        lists::Lists,
        resource::{Ask, Resource},
        shown::{ID, Shown},
        sight::Sight,
        value::{Nested, Text},
    },
    source::Error,
};

/// Where the values of custom fields stand. Paths are names of members with full stops between them.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// In a person's own row.
    Own {
        /// The member that holds the fields: by their ids, or as a list.
        member: &'static str,
        /// Where the id stands in a field of a list; `None` where the fields stand by their ids.
        id: Option<&'static str>,
        /// Where the value stands in a field.
        value: &'static str,
    },
    /// Where [`Layout::told`] finds them.
    Told {
        /// The members of a person's own row that it reads.
        members: &'static [&'static str],
    },
    /// In a list, a row for each value.
    Listed {
        /// The list.
        of: Resource,
        /// The parameter that names the people, and where the person of a row stands.
        person: &'static str,
        /// The parameter that names the fields, and where the field of a row stands.
        field: &'static str,
        /// Where the value stands.
        value: &'static str,
        /// The parameter that names the day for which values are asked.
        day: &'static str,
        /// For how many fields values are asked at once: their names stand in the address.
        at_once: usize,
    },
    /// In a list, a row for each value, that is read once, for everybody.
    Whole {
        /// The list.
        of: Resource,
        /// Where the person of a row stands.
        person: &'static str,
        /// Where the field of a row stands.
        field: &'static str,
        /// Where the value stands.
        value: &'static str,
    },
    /// In a list, a row for each person, which has a member for each field. What the members are called is all that is known of the fields.
    Members {
        /// The list.
        of: Resource,
        /// Where the person of a row stands, in the first of these members that says something.
        person: &'static [&'static str],
    },
}

impl Values {
    /// Returns the members of a person's own row that hold values.
    pub(super) const fn members(&self) -> &[&'static str] {
        match self {
            Self::Own { member, .. } => std::slice::from_ref(member),
            Self::Told { members } => members,
            Self::Listed { .. } | Self::Whole { .. } | Self::Members { .. } => &[],
        }
    }

    /// Returns the lists of the values that these people have in these fields, where they stand in a list.
    pub(super) fn asks(self, people: &str, fields: &[&str], today: Date) -> Vec<Ask> {
        let Self::Listed {
            of,
            person,
            field,
            day,
            at_once,
            ..
        } = self
        else {
            return Vec::new();
        };
        let ask = |some: &[&str]| {
            let asked = vec![
                (person, people.to_owned()),
                (field, some.join(",")),
                (day, today.to_string()),
            ];
            of.with(asked).wanted_if(true)
        };
        fields.chunks(at_once).map(ask).collect()
    }
}

/// Reads the values of the fields that may be read, where they stand in a list; `None` where it may not be read. What belongs to any
/// other field stays undecoded (R34).
pub(super) fn read_values<'a, L: Layout>(
    fields: &Fields<L::Kind>,
    lists: &'a Lists,
) -> Result<Option<Vec<Entry<'a>>>, Error> {
    let (of, person, path, value) = match L::CUSTOM.values {
        Values::Own { .. } | Values::Told { .. } => return Ok(Some(Vec::new())),
        Values::Members { of, person } => return read_members::<L>(fields, lists, &of, person),
        Values::Listed {
            of,
            person,
            field,
            value,
            ..
        }
        | Values::Whole {
            of,
            person,
            field,
            value,
        } => (of, person, field, value),
    };
    let entry = |row: Nested<'a>| {
        let text = |field: &Field<L::Kind>| L::read(&field.kind, row.member(value));
        fields.entry(row.at(person), row.at(ID), &row.at(path), text)
    };
    let rows = lists.objects(&of)?;
    Ok(rows.map(|rows| rows.into_iter().filter_map(entry).collect()))
}

/// Reads the values of the fields that may be read of rows that have a member for each.
fn read_members<'a, L: Layout>(
    fields: &Fields<L::Kind>,
    lists: &'a Lists,
    of: &Resource,
    person: &[&str],
) -> Result<Option<Vec<Entry<'a>>>, Error> {
    let Some(rows) = lists.objects(of)? else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    for row in rows {
        let (owner, mut members) = (row.either(person), row.members());
        for field in fields.iter() {
            let Some(value) = members.remove(&field.id) else {
                continue;
            };
            let name = Text::Value(field.id.as_str().into());
            let entry = fields.entry(owner.clone(), Text::Absent, &name, |field| L::read(&field.kind, value));
            entries.extend(entry);
        }
    }
    Ok(Some(entries))
}

/// Returns values by whom they belong to.
pub(super) fn join(values: Vec<Entry<'_>>) -> Joined<Entry<'_>> {
    Joined::new(values, Entry::owner, Entry::order)
}

/// Returns a person's fields by their ids, of which `id` says where it stands in each of a list; `None` where there are none.
fn fields_of<'r>(all: Nested<'r>, id: Option<&str>) -> Option<BTreeMap<String, Nested<'r>>> {
    let Some(id) = id else {
        return all.is_object().then(|| all.members());
    };
    let own = |field: Nested<'r>| Some((field.at(id).into_value()?.into_owned(), field));
    Some(all.list()?.into_iter().filter_map(own).collect())
}

/// Puts what a person has in custom fields.
pub(super) fn put_custom<L: Layout>(
    fields: &Fields<L::Kind>,
    values: Option<&Joined<Entry<'_>>>,
    one: &Shown<'_>,
    sight: &mut Sight,
) {
    let missing = L::without_value(one);
    match (L::CUSTOM.values, values) {
        (Values::Own { member, id, value }, _) => {
            let held = fields_of(one.nested(member), id);
            // Where there are no fields at all, nothing is said of any.
            let missing = if held.is_some() { missing } else { Text::Absent };
            let held = held.unwrap_or_default();
            for field in fields.iter() {
                let said = held.get(&field.id).map(|own| L::read(&field.kind, own.member(value)));
                sight.put_custom(field, said.as_ref().unwrap_or(&missing));
            }
        }
        (Values::Told { .. }, _) => {
            for field in fields.iter() {
                sight.put_custom(field, &L::told(&field.kind, one));
            }
        }
        (Values::Listed { .. } | Values::Whole { .. } | Values::Members { .. }, Some(values)) => {
            let together = |field: &Field<L::Kind>, earlier, later| L::together(&field.kind, earlier, later);
            fields.each_of(
                one.own(L::PEOPLE.id).value(),
                values,
                &missing,
                together,
                |field, text| {
                    sight.put_custom(field, text);
                },
            );
        }
        (Values::Listed { .. } | Values::Whole { .. } | Values::Members { .. }, None) => {}
    }
}
