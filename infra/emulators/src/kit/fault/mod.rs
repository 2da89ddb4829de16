//! Break modes: faults that every emulator can be told to show, the same ones for each HR system.
//!
//! `parse` reads them, `armed` decides which of them strike a request. Each API shows a fault in its own words; what is
//! the same everywhere (a status, a cut body, a lost reply) is done in `gate`.

pub(crate) mod armed;
mod parse;

/// A break mode and the requests it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// What goes wrong.
    pub mode: Mode,
    /// Only requests whose path contains this text, or ends with it where a `$` stands behind it.
    pub path: Option<String>,
    /// Only this many requests, then the mode ends; for ever where not given.
    pub times: Option<u32>,
}

/// How long a refused caller is told to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// `Retry-After` in seconds.
    Seconds(u32),
    /// `Retry-After` in seconds with a fraction.
    Milliseconds(u32),
    /// `Retry-After` as an HTTP date two seconds ahead (RFC 9110, section 5.6.7).
    Date,
    /// As the HR system itself says it to a caller whose allowance is used up for a second.
    Own,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The member is not there.
    Absent,
    /// The member is `null`, as where there is no value.
    Null,
    /// A word that no documentation knows.
    Unknown,
    /// A number as text, and a text of digits as number.
    OtherType,
    /// A text with half a surrogate in it, also in place of a number; of an object each member.
    Broken,
    /// The member's name has half a surrogate in it.
    BrokenName,
}

impl Shape {
    /// Every shape with its name.
    pub(crate) const ALL: [(&'static str, Self); 6] = [
        ("absent", Self::Absent),
        ("null", Self::Null),
        ("unknown", Self::Unknown),
        ("other_type", Self::OtherType),
        ("broken", Self::Broken),
        ("broken_name", Self::BrokenName),
    ];
}

/// What goes wrong. `page` is the page of a list, from 1; shares are parts of 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Mode {
    /// An error status instead of an answer: on every request, or on one page of lists.
    Status {
        /// 300 to 599.
        status: u16,
        /// Only this page of lists.
        page: Option<u64>,
        /// The `Retry-After` header.
        retry_after: Option<RetryAfter>,
    },
    /// Lists are empty, with totals that agree.
    Empty,
    /// Bodies of lists end in the middle.
    Truncate {
        /// Only this page.
        page: Option<u64>,
    },
    /// 200 with a web page instead of JSON.
    Html,
    /// 200 with XML instead of JSON.
    Xml,
    /// 200 without a body.
    NoBody,
    /// 200 with the body of an error in it, as the HR system words errors.
    ErrorInside,
    /// The last page of a list says that another one follows, which is empty; totals agree.
    EmptyPage,
    /// The cursor leads back to the page it came from, for ever.
    RepeatCursor,
    /// A row stands twice on its page; totals do not count it.
    DuplicateRow,
    /// The list of people lacks the same people every time, with totals that agree; all other lists still have them.
    ShortList {
        /// The share of people who are missing.
        share: f64,
    },
    /// People are gone from everywhere, with totals that agree.
    Vanish {
        /// The share of people who are gone.
        share: f64,
    },
    /// Totals count more rows than there are.
    WrongTotal,
    /// After this many requests the access tokens of the moment are dead; keys stay refused.
    TokenDies {
        /// Requests that still succeed.
        after: u64,
    },
    /// The caller's rights shrink: the named fields are hidden the way the API hides fields.
    Narrow {
        /// Canonical attributes, or fields by the API's own names.
        fields: Vec<String>,
    },
    /// A field is not sent at all.
    DropField {
        /// A canonical attribute, or a field by the API's own name.
        field: String,
    },
    /// A value of a field is not what is documented.
    OddValue {
        /// A canonical attribute, or a field by the API's own name.
        field: String,
        /// What is wrong with it.
        shape: Shape,
        /// Only in this many rows of an answer, the first ones.
        rows: Option<u64>,
    },
    /// The credential belongs to another company now.
    OtherCompany,
    /// An employee id carries the name, e-mail address and birth date of another person.
    IdReused,
    /// The work is done and the connection ends without an answer.
    LostReply,
    /// Every answer comes late.
    Slow {
        /// Delay in milliseconds.
        ms: u64,
    },
}

impl Mode {
    /// Returns the name in requests, on the command line and in the request log.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Empty => "empty",
            Self::Truncate { .. } => "truncate",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::NoBody => "no_body",
            Self::ErrorInside => "error_inside",
            Self::EmptyPage => "empty_page",
            Self::OddValue { .. } => "odd_value",
            Self::RepeatCursor => "repeat_cursor",
            Self::DuplicateRow => "duplicate_row",
            Self::ShortList { .. } => "short_list",
            Self::Vanish { .. } => "vanish",
            Self::WrongTotal => "wrong_total",
            Self::TokenDies { .. } => "token_dies",
            Self::Narrow { .. } => "narrow",
            Self::DropField { .. } => "drop_field",
            Self::OtherCompany => "other_company",
            Self::IdReused => "id_reused",
            Self::LostReply => "lost_reply",
            Self::Slow { .. } => "slow",
        }
    }
}

impl Mode {
    /// Returns the fields that a mode names, and the member in which they stand.
    pub(crate) fn fields(&self) -> (&'static str, &[String]) {
        match self {
            Self::Narrow { fields } => ("fields", fields),
            Self::DropField { field } | Self::OddValue { field, .. } => ("field", std::slice::from_ref(field)),
            Self::Status { .. }
            | Self::Empty
            | Self::Truncate { .. }
            | Self::Html
            | Self::Xml
            | Self::NoBody
            | Self::ErrorInside
            | Self::EmptyPage
            | Self::RepeatCursor
            | Self::DuplicateRow
            | Self::ShortList { .. }
            | Self::Vanish { .. }
            | Self::WrongTotal
            | Self::TokenDies { .. }
            | Self::OtherCompany
            | Self::IdReused
            | Self::LostReply
            | Self::Slow { .. } => ("", &[]),
        }
    }
}

/// Every mode with its members, those that must be given first.
pub const MODES: [(&str, &[&str]); 21] = [
    ("status", &["status", "page", "retry_after"]),
    ("empty", &[]),
    ("truncate", &["page"]),
    ("html", &[]),
    ("xml", &[]),
    ("no_body", &[]),
    ("error_inside", &[]),
    ("empty_page", &[]),
    ("repeat_cursor", &[]),
    ("duplicate_row", &[]),
    ("short_list", &["share"]),
    ("vanish", &["share"]),
    ("wrong_total", &[]),
    ("token_dies", &["after"]),
    ("narrow", &["fields"]),
    ("drop_field", &["field"]),
    ("odd_value", &["field", "shape", "rows"]),
    ("other_company", &[]),
    ("id_reused", &[]),
    ("lost_reply", &[]),
    ("slow", &["ms"]),
];
