//! A provider's lists, as data: where each stands, in which form its pages come, and by which signs they say that more follow.

mod frame;

use std::{borrow::Cow, collections::BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    answer::{malformed, not_json},
    caller::List,
    cells::{Columns, read_cells},
    row::{Outline, Page, read_page},
    shown::ID,
    value::Text,
    walk::{Mark, Next, Paging, Place},
};
use crate::source::Error;

use self::frame::Frame;

/// Where something stands in an answer: members, one inside the other.
pub type Path = &'static [&'static str];

/// How the pages of lists are asked for, and what each says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What every page is asked for with, such as how many rows it has at most.
    pub query: &'static [(&'static str, &'static str)],
    /// How the place of a page is written.
    pub place: Written,
    /// Where the rows stand.
    pub rows: Path,
    /// Where the number of all rows stands.
    pub total: Path,
    /// Whether a page that does not say the number of all rows is not believed.
    pub is_counted: bool,
    /// What says whether more pages follow.
    pub next: Sequel,
    /// The member that stands as `null` in place of an empty list, where that has been seen.
    pub nothing: Option<&'static str>,
}

/// How the place of a page is written: a parameter of the query.
#[derive(Clone, Copy, Debug)]
pub enum Written {
    /// The cursor of the page before.
    Cursor(&'static str),
    /// The token of the page before.
    Token(&'static str),
    /// The number of the page.
    Number {
        /// The parameter.
        name: &'static str,
        /// The number of the first page.
        first: u64,
    },
    /// How many rows stand before the page.
    Skip(&'static str),
    /// How many rows stand before the page, and how many are asked for: `200,100`.
    Range {
        /// The parameter.
        name: &'static str,
        /// How many are asked for.
        rows: u64,
    },
    /// Pages are numbered from 1, and the number stands at the end of the path, but for that of the first page. None says whether
    /// more follow: behind one with fewer rows than this none does, and the page behind it is asked for to see it.
    InPath {
        /// How many rows a full page has.
        full: usize,
    },
    /// There is one page.
    Once,
}

/// What says whether more pages follow.
#[derive(Clone, Copy, Debug)]
pub enum Sequel {
    /// Nothing but the number of all rows.
    Total,
    /// A truth value, with the cursor of the next page beside it.
    Flag {
        /// Where the truth value stands.
        more: Path,
        /// Where the cursor stands.
        cursor: Path,
    },
    /// A link to the next page, of which one parameter is taken (R41). The object around it has to be there, also on the last page.
    Link {
        /// Where the object stands that holds the links.
        links: Path,
        /// The parameter.
        parameter: &'static str,
    },
    /// There is one row, which stands alone, with no list around it.
    Alone,
    /// A token of the next page, and none behind the last one. The object around it has to be there, also on the last page; a token that stands
    /// beside the rows counts, too.
    Token {
        /// Where the object stands.
        around: Path,
        /// The member that holds the token.
        token: &'static str,
    },
    /// The cursor of the next page, or an address of which one parameter is the cursor (R41); `null` on the last page. It has to be there.
    Cursor {
        /// Where the cursor stands.
        at: Path,
        /// The parameter.
        parameter: &'static str,
    },
}

/// A list of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// What reading it is called, such as `list employees`.
    pub operation: &'static str,
    /// The path of its pages. `{id}` in it stands for the id of the person whose rows are asked for.
    pub path: &'static str,
    /// The form of its pages.
    pub form: &'static Form,
    /// Whether it belongs to a module that not every customer has: one that is not there may not be read.
    pub is_module: bool,
    /// The member that holds the id of a row.
    pub id: &'static str,
}

/// The rows of a list that are asked for: all, or those that fit some parameters.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The list.
    pub of: Resource,
    /// The parameters.
    pub asked: Vec<(&'static str, String)>,
    /// The person whose rows are asked for, where the path names a person.
    pub(super) person: Option<String>,
}

/// What stands in a path for the id of a person.
const PERSON: &str = "{id}";
/// Letters that would end a path, or part of it.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns an id as one part of a path, which leads nowhere else (R41).
pub(super) fn escaped(id: &str) -> String {
    // Dots alone would lead upwards, however they are written: this is asked for under a name that nothing has.
    if matches!(id, "." | "..") {
        return "_".to_owned();
    }
    utf8_percent_encode(id, ESCAPED).to_string()
}

/// Rows that are read where what they give is wanted (R46).
#[derive(Clone, Debug)]
pub struct Ask {
    pub(super) rows: Rows,
    pub(super) is_wanted: bool,
    /// The member for which the row of one person is read: where that row may not be read, this person alone goes without.
    pub(super) lacks: Option<&'static str>,
}

impl Resource {
    /// A list that every customer has.
    pub const fn new(operation: &'static str, path: &'static str, form: &'static Form) -> Self {
        Self {
            operation,
            path,
            form,
            is_module: false,
            id: ID,
        }
    }

    /// The same list, whose rows have their id in another member.
    #[must_use]
    pub const fn with_id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// The same list, of a module that not every customer has.
    #[must_use]
    pub const fn of_module(self) -> Self {
        Self {
            is_module: true,
            ..self
        }
    }

    /// All rows of the list.
    pub const fn all(self) -> Rows {
        self.with(Vec::new())
    }

    /// The rows of the list that fit these parameters.
    pub const fn with(self, asked: Vec<(&'static str, String)>) -> Rows {
        Rows {
            of: self,
            asked,
            person: None,
        }
    }

    /// The rows of one person, whose id stands in the path.
    pub const fn of_person(self, id: String) -> Rows {
        Rows {
            of: self,
            asked: Vec::new(),
            person: Some(id),
        }
    }
}

impl Resource {
    /// Reads the ids of the rows of a page, and what stands around them.
    fn outlines<'t>(&self, text: &'t str) -> Result<Page<Text<'t>, Frame>, serde_json::Error> {
        if self.id == ID {
            let Page { rows, frame } = read_page::<Outline<'_>, Frame>(text, self.form.rows)?;
            let rows = rows.map(|rows| rows.into_iter().map(|row| row.id).collect());
            return Ok(Page { rows, frame });
        }
        let columns = Columns::new([self.id.to_owned()]);
        let rows = read_cells(text, self.form.rows, &columns)?;
        Ok(Page {
            rows: Some(rows.iter().map(|row| columns.text(self.id, row)).collect()),
            frame: serde_json::from_str(text)?,
        })
    }
}

impl Rows {
    /// The same rows, which are read where they are wanted.
    pub const fn wanted_if(self, is_wanted: bool) -> Ask {
        Ask {
            rows: self,
            is_wanted,
            lacks: None,
        }
    }

    /// The row of one person, which is read for a member that their row in the list lacks.
    pub const fn for_member(self, lacks: &'static str) -> Ask {
        Ask {
            rows: self,
            is_wanted: true,
            lacks: Some(lacks),
        }
    }
}

impl List for Rows {
    fn operation(&self) -> &'static str {
        self.of.operation
    }

    fn paging(&self) -> Paging {
        match self.of.form.place {
            Written::Cursor(_) => Paging::Cursor,
            Written::Token(_) => Paging::Token,
            Written::Number { first, .. } => Paging::Page { first },
            Written::Skip(_) | Written::Range { .. } => Paging::Offset,
            Written::InPath { .. } => Paging::Page { first: 1 },
            Written::Once => Paging::Once,
        }
    }

    fn full(&self) -> Option<usize> {
        match self.of.form.place {
            Written::InPath { full } => Some(full),
            Written::Cursor(_)
            | Written::Token(_)
            | Written::Number { .. }
            | Written::Skip(_)
            | Written::Range { .. }
            | Written::Once => None,
        }
    }

    /// One row that stands alone is a list with one row.
    fn framed(&self, text: String) -> String {
        match self.of.form.next {
            Sequel::Alone if text.trim_start().starts_with('{') => format!("[{text}]"),
            Sequel::Alone
            | Sequel::Total
            | Sequel::Flag { .. }
            | Sequel::Link { .. }
            | Sequel::Token { .. }
            | Sequel::Cursor { .. } => text,
        }
    }

    fn path(&self, place: &Place) -> Cow<'static, str> {
        match (&self.person, self.of.form.place, place) {
            (None, Written::InPath { .. }, Place::Page(number)) if *number > 1 => {
                format!("{}{number}", self.of.path).into()
            }
            (None, _, _) => self.of.path.into(),
            (Some(id), _, _) => self.of.path.replace(PERSON, &escaped(id)).into(),
        }
    }

    fn template(&self) -> &'static str {
        self.of.path
    }

    fn query<'q>(&'q self, place: &'q Place) -> Vec<(&'q str, Cow<'q, str>)> {
        let own = self.asked.iter().map(|(name, value)| (*name, value.as_str().into()));
        let fixed = self.of.form.query.iter();
        let fixed = fixed.map(|(name, value)| (*name, Cow::Borrowed(*value)));
        own.chain(fixed).chain(self.of.form.place.pair(place)).collect()
    }

    fn mark(&self, place: &Place, text: &str) -> Result<Mark, Error> {
        let Resource { operation, form, .. } = self.of;
        let page = self.of.outlines(text).map_err(|error| not_json(operation, &error))?;
        let Page { rows, frame } = page;
        let wrong = |what: &str| malformed(operation, what);
        let total = frame.number(form.total).map_err(wrong)?;
        let next = form.next.of(&frame);
        let is_blank = rows.as_ref().is_none_or(Vec::is_empty) && matches!(next, None | Some(Next::Unsaid));
        if is_blank
            && *place == Place::Start
            && form.nothing.is_some_and(|name| frame.at(&[name]).whole() == Text::Null)
        {
            return Ok(Mark::empty());
        }
        let rows = rows.ok_or_else(|| wrong("the rows are missing"))?;
        if matches!(form.next, Sequel::Alone) && !matches!(rows.as_slice(), [Text::Value(_)]) {
            return Err(wrong("the one row is missing, or has no id"));
        }
        if form.is_counted && total.is_none() {
            return Err(wrong("the number of rows is missing"));
        }
        let next = next.ok_or_else(|| wrong("what says whether more pages follow is missing"))?;
        // A row that stands on a page twice is one, so that the page behind is not missed.
        let known = rows.iter().filter_map(Text::value);
        let without_id = rows.len() - known.clone().count();
        let mut seen = BTreeSet::new();
        let ids: Vec<String> = known.filter(|id| seen.insert(*id)).map(str::to_owned).collect();
        Ok(Mark {
            rows: ids.len() + without_id,
            ids,
            total,
            next,
        })
    }
}

impl Written {
    /// Returns the parameter for a place; none where the first page is asked for by nothing.
    fn pair(self, place: &Place) -> Option<(&'static str, Cow<'_, str>)> {
        match (self, place) {
            (Self::Cursor(name) | Self::Token(name), Place::At(cursor)) => Some((name, cursor.into())),
            (Self::Cursor(_) | Self::Token(_), Place::Start | Place::Behind(_) | Place::Page(_))
            | (Self::InPath { .. } | Self::Once, _) => None,
            (Self::Number { name, .. }, Place::Page(number)) => Some((name, number.to_string().into())),
            (Self::Number { name, first }, Place::Start | Place::At(_) | Place::Behind(_)) => {
                Some((name, first.to_string().into()))
            }
            (Self::Skip(name), Place::Behind(before)) => Some((name, before.to_string().into())),
            (Self::Skip(name), Place::Start | Place::At(_) | Place::Page(_)) => Some((name, "0".into())),
            (Self::Range { name, rows }, Place::Behind(before)) => Some((name, format!("{before},{rows}").into())),
            (Self::Range { name, rows }, Place::Start | Place::At(_) | Place::Page(_)) => {
                Some((name, format!("0,{rows}").into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Class;

    const COUNTED: Form = Form {
        query: &[("limit", "100")],
        place: Written::Range {
            name: "paging",
            rows: 200,
        },
        rows: &["data", "items"],
        total: &["data", "count"],
        is_counted: true,
        next: Sequel::Total,
        nothing: None,
    };
    const SKIPPED: Form = Form {
        place: Written::Skip("skip"),
        ..COUNTED
    };
    const FLAGGED: Form = Form {
        place: Written::Cursor("after"),
        rows: &["data"],
        total: &["meta", "total"],
        is_counted: false,
        next: Sequel::Flag {
            more: &["meta", "more"],
            cursor: &["meta", "cursor"],
        },
        nothing: Some("errors"),
        ..COUNTED
    };
    const LINKED: Form = Form {
        place: Written::Token("page"),
        rows: &["items"],
        total: &["totalCount"],
        next: Sequel::Link {
            links: &["links"],
            parameter: "page",
        },
        ..COUNTED
    };

    const TOKENED: Form = Form {
        place: Written::Token("token"),
        rows: &["people"],
        total: &[],
        is_counted: false,
        next: Sequel::Token {
            around: &["meta"],
            token: "next",
        },
        ..COUNTED
    };

    const POINTED: Form = Form {
        place: Written::Token("cursor"),
        rows: &["results"],
        total: &[],
        is_counted: false,
        next: Sequel::Cursor {
            at: &["next"],
            parameter: "cursor",
        },
        ..COUNTED
    };

    fn mark(form: &'static Form, text: &str) -> Result<Mark, Error> {
        Resource::new("list people", "/people", form)
            .all()
            .mark(&Place::Start, text)
    }

    #[test]
    fn each_form_of_page_says_how_many_rows_there_are_and_what_follows() {
        let counted = mark(
            &COUNTED,
            r#"{"header":{},"data":{"items":[{"id":1},{"id":2}],"count":7}}"#,
        )
        .unwrap();
        assert_eq!((counted.rows, counted.total, counted.next), (2, Some(7), Next::Unsaid));
        for (meta, next) in [
            (r#"{"more":false,"cursor":"x"}"#, Next::Last),
            (r#"{"more":true,"cursor":"x","total":3}"#, Next::At("x".to_owned())),
            (r#"{"more":true,"cursor":null}"#, Next::More),
            (r#"{"more":"true"}"#, Next::Unsaid),
            ("{}", Next::Unsaid),
        ] {
            let text = format!(r#"{{"data":[{{"id":1}}],"meta":{meta}}}"#);
            assert_eq!(mark(&FLAGGED, &text).unwrap().next, next, "{meta}");
        }
        for (links, next) in [
            ("{}", Next::Last),
            (r#"{"prev":null,"next":null}"#, Next::Last),
            (
                r#"{"next":{"href":"https://evil.example/x?limit=1&page=%21b%3D"}}"#,
                Next::At("!b=".to_owned()),
            ),
            (r#"{"next":{"href":"https://hr.example/x"}}"#, Next::More),
        ] {
            let text = format!(r#"{{"items":[{{"id":"1"}}],"totalCount":9,"links":{links}}}"#);
            let page = mark(&LINKED, &text).unwrap();
            assert_eq!((page.total, page.next), (Some(9), next), "{links}");
        }
    }

    #[test]
    fn r05_a_token_leads_to_the_next_page_and_what_is_no_token_is_no_end() {
        for (meta, next) in [
            (r#"{"count":1}"#, Next::Last),
            (r#"{"next":null}"#, Next::Last),
            (r#"{"next":"a=="}"#, Next::At("a==".to_owned())),
            (r#"{"next":7}"#, Next::At("7".to_owned())),
            (r#"{"next":""}"#, Next::More),
            (r#"{"next":true}"#, Next::More),
            (r#"{"next":null,"next":"b"}"#, Next::At("b".to_owned())),
        ] {
            let text = format!(r#"{{"people":[{{"id":"1"}}],"meta":{meta}}}"#);
            assert_eq!(mark(&TOKENED, &text).unwrap().next, next, "{meta}");
        }
        for (beside, next) in [
            (r#""b""#, Next::At("b".to_owned())),
            ("null", Next::Last),
            ("{}", Next::More),
        ] {
            let text = format!(r#"{{"people":[{{"id":"1"}}],"meta":{{"count":1}},"next":{beside}}}"#);
            assert_eq!(mark(&TOKENED, &text).unwrap().next, next, "{beside}");
        }
        for text in [
            r#"{"people":[]}"#,
            r#"{"people":[],"meta":null}"#,
            r#"{"people":[],"meta":"x"}"#,
        ] {
            assert_eq!(mark(&TOKENED, text).unwrap_err().class, Class::Malformed, "{text}");
        }
    }

    #[test]
    fn a_cursor_stands_alone_or_in_an_address_of_which_nothing_else_is_taken() {
        for (next, expected) in [
            ("null", Next::Last),
            (r#""cD0yMDI""#, Next::At("cD0yMDI".to_owned())),
            (
                r#""https://evil.example/x?page_size=9&cursor=cD0%3D""#,
                Next::At("cD0=".to_owned()),
            ),
            (r#""https://hr.example/x?page_size=9""#, Next::More),
            (r#""""#, Next::More),
            ("7.5", Next::More),
        ] {
            let text = format!(r#"{{"next":{next},"previous":null,"results":[{{"id":"a"}}]}}"#);
            assert_eq!(mark(&POINTED, &text).unwrap().next, expected, "{next}");
        }
        let error = mark(&POINTED, r#"{"results":[{"id":"a"}]}"#).unwrap_err();
        assert_eq!(
            error.class,
            Class::Malformed,
            "a page that does not say it is not believed"
        );
    }

    #[test]
    fn r05_a_page_that_does_not_say_its_signs_of_the_end_is_not_believed() {
        for (form, text) in [
            (&COUNTED, r#"{"data":{"items":[]}}"#),
            (&COUNTED, r#"{"data":{"items":[],"count":"many"}}"#),
            (&COUNTED, r#"{"data":{"items":[],"count":0,"count":0}}"#),
            (&COUNTED, r#"{"data":{"count":0}}"#),
            (&COUNTED, r#"{"items":[],"count":0}"#),
            (&LINKED, r#"{"items":[],"links":{"next":null}}"#),
            (&LINKED, r#"{"items":[],"totalCount":0}"#),
            (&LINKED, r#"{"items":[],"totalCount":0,"links":{},"links":{}}"#),
            (&LINKED, r#"{"items":null,"totalCount":0,"links":{}}"#),
            (&FLAGGED, r#"{"meta":{"more":false}}"#),
            (&FLAGGED, "<html></html>"),
        ] {
            assert_eq!(mark(form, text).unwrap_err().class, Class::Malformed, "{text}");
        }
    }

    #[test]
    fn what_stands_in_place_of_an_empty_list_is_believed_on_the_first_page_and_where_nothing_contradicts_it() {
        let list = Resource::new("list people", "/people", &FLAGGED).all();
        let nothing = r#"{"errors":null}"#;
        assert_eq!(list.mark(&Place::Start, nothing).unwrap().next, Next::Last);
        assert!(list.mark(&Place::At("x".to_owned()), nothing).is_err());
        let more = r#"{"data":[],"errors":null,"meta":{"more":true,"cursor":"x"}}"#;
        assert_eq!(list.mark(&Place::Start, more).unwrap().next, Next::At("x".to_owned()));
    }

    #[test]
    fn r05_a_row_that_stands_twice_on_a_page_is_counted_once() {
        let text = r#"{"data":{"items":[{"id":1},{"id":2},{"id":2},{"name":"no id"}],"count":4}}"#;
        let page = mark(&COUNTED, text).unwrap();
        assert_eq!((page.rows, page.ids), (3, vec!["1".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn r41_the_id_of_a_person_in_a_path_leads_nowhere_else() {
        let jobs = Resource::new("list jobs", "/people/{id}/jobs", &COUNTED);
        for (id, path) in [("7", "/people/7/jobs"), ("a/../b?c", "/people/a%2F..%2Fb%3Fc/jobs")] {
            assert_eq!(jobs.of_person(id.to_owned()).path(&Place::Start), path);
        }
        assert_eq!(jobs.of_person("7".to_owned()).template(), "/people/{id}/jobs");
    }

    const IN_PATH: Form = Form {
        query: &[],
        place: Written::InPath { full: 200 },
        rows: &[],
        total: &[],
        is_counted: false,
        next: Sequel::Total,
        nothing: None,
    };

    #[test]
    fn a_page_whose_number_stands_in_the_path_is_asked_for_without_it_where_it_is_the_first() {
        let people = Resource::new("list people", "/People/", &IN_PATH).with_id("ID").all();
        let paths = [Place::Page(1), Place::Page(2)].map(|place| people.path(&place).into_owned());
        assert_eq!(paths, ["/People/", "/People/2"]);
        assert_eq!((people.full(), people.template()), (Some(200), "/People/"));
        let page = people
            .mark(&Place::Page(1), r#"[{"ID":1,"id":9},{"ID":"2"},{"id":3}]"#)
            .unwrap();
        assert_eq!((page.rows, page.ids), (3, vec!["1".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn a_row_that_stands_alone_is_a_list_with_one_row_which_has_an_id() {
        const ALONE: Form = Form {
            place: Written::Once,
            next: Sequel::Alone,
            ..IN_PATH
        };
        let one = Resource::new("show a person", "/Person/{id}", &ALONE).with_id("ID");
        let one = one.of_person("7".to_owned());
        assert_eq!(one.path(&Place::Start), "/Person/7");
        let text = one.framed(r#" {"ID":7}"#.to_owned());
        assert_eq!(one.mark(&Place::Start, &text).unwrap().ids, ["7"]);
        for other in [r#"{"Message":"an error"}"#, "[]", r#"[{"ID":1},{"ID":2}]"#, "7"] {
            let text = one.framed(other.to_owned());
            assert!(one.mark(&Place::Start, &text).is_err(), "{other}");
        }
    }

    #[test]
    fn a_page_is_asked_for_with_what_its_list_its_form_and_its_place_say() {
        let asked = |form: &'static Form, place: Place| {
            let rows = Resource::new("list people", "/people", form).with(vec![("a", "b".to_owned())]);
            let query = rows.query(&place);
            query
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join("&")
        };
        assert_eq!(asked(&COUNTED, Place::Start), "a=b&limit=100&paging=0,200");
        assert_eq!(asked(&COUNTED, Place::Behind(200)), "a=b&limit=100&paging=200,200");
        assert_eq!(asked(&SKIPPED, Place::Start), "a=b&limit=100&skip=0");
        assert_eq!(asked(&SKIPPED, Place::Behind(100)), "a=b&limit=100&skip=100");
        assert_eq!(asked(&FLAGGED, Place::Start), "a=b&limit=100");
        assert_eq!(asked(&FLAGGED, Place::At("x".to_owned())), "a=b&limit=100&after=x");
    }
}
