//! What a route is: address, who may call it, what it takes, what it answers. Routing, checks and OpenAPI read it.

use std::{fmt, future::Future, pin::Pin};

use schemars::JsonSchema;

pub use super::access::Access;
pub(super) use super::access::{ADMIN, DECIDING, EVERYBODY, LOOKING};
use super::{
    context::Context,
    form::Form,
    problem::{Code, Problem},
    request::Method,
    response::{CSV, JSON, Response},
};
use crate::connection::Role;

/// The function that answers a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// Carries plans out.
    Apply,
    /// Connects HR systems.
    Connect,
    /// Shows and configures.
    Console,
    /// Reads HR and makes plans.
    Diff,
}

/// A member of the query, or a header.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// The form that a value must have.
    pub form: Form,
    /// Whether the parameter has to be there.
    pub required: bool,
    /// What it does.
    pub says: &'static str,
}

impl Parameter {
    /// Returns a parameter that may be left out.
    pub const fn new(name: &'static str, form: Form, says: &'static str) -> Self {
        Self {
            name,
            form,
            required: false,
            says,
        }
    }

    /// Returns a parameter that has to be there.
    pub const fn needed(name: &'static str, form: Form, says: &'static str) -> Self {
        Self {
            required: true,
            ..Self::new(name, form, says)
        }
    }
}

/// The header that names the person behind a call.
pub(super) const PERSON: &str = "X-Acting-User";

/// The header with the key under which a request is carried out once.
pub(super) const REPEATED: &str = "Idempotency-Key";

/// The header that names a version that was read.
pub(super) const READ_VERSION: &str = "If-Match";

/// The longest name of a person behind a call.
const MOST_PERSON_CHARACTERS: usize = 128;

/// The most entries on a page.
pub(super) const MOST_ENTRIES: u32 = 200;

/// The parameters of every list.
pub(super) const PAGES: [Parameter; 2] = [
    Parameter::new(
        "limit",
        Form::Count(1, MOST_ENTRIES),
        "How many entries at most; 50 where it is left out.",
    ),
    Parameter::new(
        "cursor",
        Form::Text(2048),
        "Where to go on: the `next_cursor` of the page before.",
    ),
];

/// The shape of a body: how its type becomes a schema. A deployed function holds none of it: there the document is a file.
#[derive(Clone, Copy)]
pub struct Shape(#[cfg(feature = "testing")] pub(super) fn(&mut schemars::SchemaGenerator) -> schemars::Schema);

impl Shape {
    const fn of<T: JsonSchema>() -> Self {
        Self(
            #[cfg(feature = "testing")]
            schemars::SchemaGenerator::subschema_for::<T>,
        )
    }
}

/// One way in which a route answers when all is well.
#[derive(Clone, Copy)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Media type and shape of the body; `None`: no body.
    pub body: Option<(&'static str, Option<Shape>)>,
    /// What it means.
    pub says: &'static str,
}

/// The future of a handler.
pub(super) type Handled<'a> = Pin<Box<dyn Future<Output = Result<Response, Problem>> + 'a>>;

/// What answers a request.
pub(super) type Handler = for<'a> fn(&'a Context<'a>) -> Handled<'a>;

/// A route.
#[derive(Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address; `{name}` stands for one segment.
    pub path: &'static str,
    /// The route's name for programs.
    pub name: &'static str,
    /// What the route does, in a line.
    pub says: &'static str,
    /// Which function answers.
    pub function: Function,
    /// Who may call.
    pub access: Access,
    /// What callers with a key have to be.
    pub roles: &'static [Role],
    /// Whether the person behind the call has to be named (`X-Acting-User`).
    pub needs_person: bool,
    /// Whether a version read before is named (`If-Match`).
    pub takes_version: bool,
    /// What the query may hold.
    pub query: Vec<Parameter>,
    /// The shape of the body, and whether it may be left out.
    pub body: Option<(Shape, bool)>,
    /// How the route answers when all is well.
    pub answers: Vec<Answer>,
    /// What the route refuses, beside what every route of its kind refuses.
    pub refusals: Vec<Code>,
    /// What answers.
    pub handler: Handler,
}

impl Route {
    /// A route for callers with a key: for all who may look where it reads, and else for admins.
    pub const fn new(
        function: Function,
        method: Method,
        path: &'static str,
        name: &'static str,
        says: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            method,
            path,
            name,
            says,
            function,
            access: Access::Key,
            roles: match method {
                Method::Get => LOOKING,
                Method::Delete | Method::Patch | Method::Post | Method::Put => ADMIN,
            },
            needs_person: false,
            takes_version: false,
            query: Vec::new(),
            body: None,
            answers: Vec::new(),
            refusals: Vec::new(),
            handler,
        }
    }

    /// Returns the route with this access in place of the usual one. What is for operators is for admins among them.
    #[must_use]
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        if matches!(access, Access::Operator) {
            self.roles = ADMIN;
        }
        self
    }

    /// Returns the route as one that these roles may call, in place of the usual ones.
    #[must_use]
    pub const fn roles(mut self, roles: &'static [Role]) -> Self {
        self.roles = roles;
        self
    }

    /// Returns the route as one whose caller has to name the person behind the call.
    #[must_use]
    pub const fn by_person(mut self) -> Self {
        self.needs_person = true;
        self
    }

    /// Returns the route as one whose caller names the version that they read before.
    #[must_use]
    pub const fn versioned(mut self) -> Self {
        self.takes_version = true;
        self
    }

    /// Returns the route with these parameters allowed in the query.
    #[must_use]
    pub fn query(mut self, parameters: &[Parameter]) -> Self {
        self.query.extend_from_slice(parameters);
        self
    }

    /// Returns the route with a body of this shape.
    #[must_use]
    pub fn body<T: JsonSchema>(mut self) -> Self {
        self.body = Some((Shape::of::<T>(), false));
        self
    }

    /// Returns the route with a body of this shape, which may be left out.
    #[must_use]
    pub fn optional_body<T: JsonSchema>(mut self) -> Self {
        self.body = Some((Shape::of::<T>(), true));
        self
    }

    /// Returns the route with an answer in JSON of this shape.
    #[must_use]
    pub fn answers<T: JsonSchema>(mut self, status: u16, says: &'static str) -> Self {
        self.answers.push(Answer {
            status,
            body: Some((JSON, Some(Shape::of::<T>()))),
            says,
        });
        self
    }

    /// Returns the route with a sheet as an answer where `text/csv` is asked for.
    #[must_use]
    pub fn answers_sheet(mut self, says: &'static str) -> Self {
        self.answers.push(Answer {
            status: 200,
            body: Some((CSV, None)),
            says,
        });
        self
    }

    /// Returns the route with a page for a person as an answer.
    #[must_use]
    pub fn answers_page(mut self, status: u16, says: &'static str) -> Self {
        self.answers.push(Answer {
            status,
            body: Some(("text/html; charset=utf-8", None)),
            says,
        });
        self
    }

    /// Returns the route with an answer that has no body.
    #[must_use]
    pub fn answers_empty(mut self, status: u16, says: &'static str) -> Self {
        self.answers.push(Answer {
            status,
            body: None,
            says,
        });
        self
    }

    /// Returns the route with these refusals, beside those that every route of its kind has.
    #[must_use]
    pub fn refuses(mut self, codes: &[Code]) -> Self {
        self.refusals.extend_from_slice(codes);
        self
    }

    /// The names in its address, in order.
    pub fn places(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The headers that it heeds, beside those that every request has.
    pub(super) fn headers(&self) -> Vec<Parameter> {
        let mut headers = Vec::new();
        if matches!(self.access, Access::Key | Access::Operator) {
            let form = Form::Person(MOST_PERSON_CHARACTERS);
            headers.push(Parameter {
                required: self.needs_person,
                ..Parameter::new(
                    PERSON,
                    form,
                    "The person behind the call, as the application knows them.",
                )
            });
        }
        if self.is_repeatable() {
            let says = "The same request with the same key is carried out once; its answer is kept for 24 hours.";
            headers.push(Parameter::new(REPEATED, Form::Key, says));
        }
        if self.takes_version {
            let says = "The `ETag` of the version that was read; it may be left out where the body names the version.";
            headers.push(Parameter::new(READ_VERSION, Form::Version, says));
        }
        headers
    }

    /// What stands at the places of an address; `None` where it is another address.
    pub fn matches(&self, segments: &[String]) -> Option<Vec<(&'static str, String)>> {
        let template: Vec<&'static str> = self.path.trim_start_matches('/').split('/').collect();
        if template.len() != segments.len() {
            return None;
        }
        let mut places = Vec::new();
        for (part, segment) in template.iter().zip(segments) {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) if !segment.is_empty() => places.push((name, segment.clone())),
                None if part == segment => {}
                Some(_) | None => return None,
            }
        }
        Some(places)
    }

    /// Everything that it refuses, in order.
    pub fn all_refusals(&self) -> Vec<Code> {
        let mut codes = self.refusals.clone();
        codes.extend([Code::Malformed, Code::TooMany, Code::Internal, Code::Unavailable]);
        if self.places().next().is_some() {
            codes.push(Code::NotFound);
        }
        match self.access {
            Access::Open | Access::Browser => {}
            Access::Key => codes.extend([Code::MissingKey, Code::UnknownKey, Code::RoleRefused]),
            Access::Operator => codes.extend([
                Code::MissingKey,
                Code::UnknownKey,
                Code::RoleRefused,
                Code::OperatorOnly,
            ]),
        }
        if self.has_form() {
            codes.push(Code::Invalid);
        }
        if self.method != Method::Get {
            codes.push(Code::TooMuch);
        }
        if self.body.is_some() {
            codes.extend([Code::TooLarge, Code::WrongMediaType]);
        }
        if self.is_repeatable() {
            codes.extend([Code::Running, Code::KeyReused]);
        }
        codes.sort();
        codes.dedup();
        codes
    }

    /// Whether something in a request of it can be of a wrong form.
    fn has_form(&self) -> bool {
        // Any query is looked at: a member that the route does not know is refused.
        self.access != Access::Browser || self.needs_person || self.body.is_some()
    }

    /// Whether `Idempotency-Key` is heeded.
    pub fn is_repeatable(&self) -> bool {
        self.method == Method::Post && matches!(self.access, Access::Key | Access::Operator)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.as_str(), self.path)
    }
}
