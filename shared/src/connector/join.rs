//! Lists that belong together: what belongs to the people of one page, and what many people share.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, btree_map::Entry},
};

use super::value::Text;
use crate::employee::Places;

/// The rows of a list by whom they belong to. A row whose owner cannot be read may be anybody's.
#[derive(Debug)]
pub struct Joined<T> {
    rows: Vec<T>,
    owner: fn(&T) -> Option<&str>,
}

impl<T> Joined<T> {
    /// Sorts rows by their owner, and those of one owner in this order.
    pub fn new(mut rows: Vec<T>, owner: fn(&T) -> Option<&str>, order: impl Fn(&T, &T) -> Ordering) -> Self {
        rows.sort_by(|left, right| owner(left).cmp(&owner(right)).then_with(|| order(left, right)));
        Self { rows, owner }
    }

    /// The rows whose owner cannot be read, in order.
    pub fn strays(&self) -> &[T] {
        let end = self.rows.partition_point(|row| (self.owner)(row).is_none());
        self.rows.get(..end).unwrap_or_default()
    }

    /// The rows of one owner, in order.
    pub fn of(&self, id: &str) -> &[T] {
        let start = self.rows.partition_point(|row| (self.owner)(row) < Some(id));
        let rest = self.rows.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|row| (self.owner)(row) == Some(id)).count();
        rest.get(..length).unwrap_or_default()
    }
}

/// What is found by its id, about once a person.
#[derive(Debug)]
pub struct ById<T> {
    rows: Vec<(String, T)>,
    places: Places,
}

impl ById<Text<'static>> {
    /// Texts by their ids, which may be names that several rows have. Where rows of the same one do not agree, nothing is said.
    pub fn agreed(rows: impl Iterator<Item = (Option<String>, Text<'static>)>) -> Self {
        let mut agreed: BTreeMap<String, Text<'static>> = BTreeMap::new();
        for (id, text) in rows {
            let Some(id) = id else { continue };
            match agreed.entry(id) {
                Entry::Vacant(place) => drop(place.insert(text)),
                Entry::Occupied(mut place) if *place.get() != text => drop(place.insert(Text::Absent)),
                Entry::Occupied(_) => {}
            }
        }
        Self::new(agreed.into_iter().map(|(id, text)| (Some(id), text)))
    }
}

impl<T> ById<T> {
    /// Rows without an id cannot be referred to; of those with the same one the last counts.
    pub fn new(rows: impl Iterator<Item = (Option<String>, T)>) -> Self {
        let rows = rows.filter_map(|(id, value)| Some((id?, value)));
        let rows: Vec<(String, T)> = rows.collect::<BTreeMap<String, T>>().into_iter().collect();
        let places = Places::new(rows.iter().map(|(id, _)| id.as_str()));
        Self { rows, places }
    }

    /// Returns what `value` makes of rows, by their ids.
    pub fn of<'a, R>(rows: Vec<R>, id: fn(&R) -> &Text<'a>, value: impl Fn(R) -> T) -> Self {
        let entry = |row: R| (id(&row).value().map(str::to_owned), value(row));
        Self::new(rows.into_iter().map(entry))
    }

    /// The row of an id.
    pub fn get(&self, id: &str) -> Option<&T> {
        let id_at = |place: usize| self.rows.get(place).map(|(id, _)| id.as_str());
        let place = self.places.find(id, id_at)?;
        self.rows.get(place).map(|(_, value)| value)
    }
}

/// What a row of a list says of something.
type Member<T> = fn(&T) -> &Text<'static>;

/// Returns what a list says of an id. A list that may not be read, and an id that is not in it, say nothing. An id that cannot be read
/// may be any, so that it is in doubt what it leads to.
pub fn find<'r, T>(list: Option<&'r ById<T>>, id: &Text<'_>, member: Member<T>) -> Text<'r> {
    let [text] = find_all(list, id, [member]);
    text
}

/// Returns several things that a list says of an id, as [`find`] does.
pub fn find_all<'r, T, const N: usize>(
    list: Option<&'r ById<T>>,
    id: &Text<'_>,
    members: [Member<T>; N],
) -> [Text<'r>; N] {
    match (list, id) {
        (None, _) | (Some(_), Text::Absent) => members.map(|_| Text::Absent),
        (Some(_), Text::Null) => members.map(|_| Text::Null),
        (Some(list), Text::Odd) => {
            members.map(|member| Text::in_doubt(list.rows.iter().map(|(_, row)| member(row).lend())))
        }
        (Some(list), Text::Value(id)) => match list.get(id) {
            Some(found) => members.map(|member| member(found).lend()),
            None => members.map(|_| Text::Absent),
        },
    }
}

impl Text<'_> {
    /// Returns what stands for one of several values where it is not known which of them counts: an odd one where any says something,
    /// and else one that is not there. So it shows nothing that was not shown.
    pub fn in_doubt<'t>(texts: impl IntoIterator<Item = Text<'t>>) -> Text<'static> {
        let mut texts = texts.into_iter();
        if texts.any(|text| text.has_text() || text == Text::Odd) {
            Text::Odd
        } else {
            Text::Absent
        }
    }
}

/// A place of work, as far as it is shown.
#[derive(Clone, Debug, Default)]
pub struct Workplace {
    /// What it is called.
    pub name: Text<'static>,
    /// Its town.
    pub city: Text<'static>,
    /// Its time zone.
    pub time_zone: Text<'static>,
    /// The employer whose place it is.
    pub employer: Text<'static>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_owner_in_their_order_and_nobody_elses() {
        let rows = vec![
            (Some("1"), 3),
            (Some("10"), 9),
            (None, 7),
            (Some("1"), 1),
            (Some("2"), 5),
        ];
        let joined = Joined::new(rows, |row| row.0, |left, right| left.1.cmp(&right.1));
        let of = |id| joined.of(id).iter().map(|row| row.1).collect::<Vec<i32>>();
        assert_eq!(
            (of("1"), of("10"), of("2"), of("3")),
            (vec![1, 3], vec![9], vec![5], Vec::new())
        );
        assert_eq!(joined.strays().iter().map(|row| row.1).collect::<Vec<i32>>(), [7]);
    }

    #[test]
    fn of_rows_with_one_id_the_last_counts() {
        let rows = [("a", 1), ("b", 2), ("a", 3)].map(|(id, row)| (Some(id.to_owned()), row));
        let by_id = ById::new(rows.into_iter().chain([(None, 4)]));
        assert_eq!(
            ["a", "b", "c"].map(|id| by_id.get(id).copied()),
            [Some(3), Some(2), None]
        );
    }

    #[test]
    fn r07_a_list_that_may_not_be_read_and_an_id_that_is_not_in_it_say_nothing() {
        let rows = vec![("a", Text::word("Paris")), ("b", Text::Null)];
        let list = ById::new(rows.into_iter().map(|(id, name)| (Some(id.to_owned()), name)));
        let of = |list, id: Text<'static>| find(list, &id, |name| name).keep();
        assert_eq!(of(Some(&list), Text::word("a")), Text::word("Paris"));
        assert_eq!(of(Some(&list), Text::word("b")), Text::Null);
        assert_eq!(of(Some(&list), Text::Null), Text::Null);
        assert_eq!(of(Some(&list), Text::word("c")), Text::Absent);
        assert_eq!(
            (of(Some(&list), Text::Odd), of(None, Text::Odd)),
            (Text::Odd, Text::Absent)
        );
        assert_eq!(of(None, Text::word("a")), Text::Absent);
    }

    #[test]
    fn r07_rows_of_one_name_that_do_not_agree_say_nothing() {
        let rows = [
            ("a", "Brest"),
            ("b", "Paris"),
            ("b", "Lyon"),
            ("a", "Brest"),
            ("b", "Paris"),
        ];
        let rows = rows.map(|(name, town)| (Some(name.to_owned()), Text::word(town)));
        let towns = ById::agreed(rows.into_iter().chain([(None, Text::word("Nice"))]));
        assert_eq!(towns.get("a"), Some(&Text::word("Brest")));
        assert_eq!(towns.get("b"), Some(&Text::Absent));
    }

    #[test]
    fn r07_of_texts_in_doubt_nothing_is_shown_that_none_of_them_shows() {
        let of = |texts: &[&Text<'static>]| Text::in_doubt(texts.iter().map(|text| text.lend()));
        let (ana, null, absent, odd) = (Text::word("Ana"), Text::Null, Text::Absent, Text::Odd);
        assert_eq!(
            [of(&[&null, &ana]), of(&[&odd]), of(&[&ana, &ana])],
            [odd.clone(), odd.clone(), odd.clone()]
        );
        assert_eq!(
            [of(&[]), of(&[&null, &absent]), of(&[&null])],
            [absent.clone(), absent.clone(), absent]
        );
    }
}
