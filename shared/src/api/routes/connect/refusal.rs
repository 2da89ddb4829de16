//! What a failure to connect means for a caller, by the member that it is about.

use crate::{
    api::{
        problem::{Code, Problem},
        repeat::shown,
    },
    run::{Attempt, ConnectError},
    source::{self, Method},
    target,
};

/// Where the members of a target stand in a body.
#[derive(Default)]
pub(super) struct TargetMembers {
    /// Where the target's address stands; `None` where the body has none.
    pub(super) base_url: Option<&'static str>,
    /// Where the target's credential stands.
    pub(super) credential: String,
}

impl TargetMembers {
    /// Returns where in the body the address of the target's tokens stands, among the members of its credential.
    pub(super) fn token_url(&self) -> String {
        format!("{}/token_url", self.credential)
    }

    /// The member that an error is about, where the body has it.
    fn of(&self, error: &target::Error) -> Option<String> {
        match (error.class, error.member) {
            (target::Class::Unauthorized, _) => Some(self.credential.clone()),
            (_, Some("token_url")) => Some(self.token_url()),
            _ => self.base_url.map(str::to_owned),
        }
        .filter(|member| !member.is_empty())
    }
}

/// What a failure to connect means for a caller.
pub(in crate::api::routes) fn refuse(error: ConnectError) -> Problem {
    refuse_at(error, &TargetMembers::default())
}

/// Returns what a failure to connect means for a caller whose body has the members of a target at `members`.
pub(super) fn refuse_at(error: ConnectError, members: &TargetMembers) -> Problem {
    match error {
        ConnectError::UnknownProvider => Problem::invalid("/provider", "one of `GET /v1/providers`"),
        ConnectError::NoWay { asked, name, ways } => refuse_way(asked, name, &ways),
        ConnectError::Site { expected } => Problem::invalid("/site", expected),
        ConnectError::Source(error) => refuse_source(&error),
        ConnectError::Target(error) => refuse_target(&error, members),
        ConnectError::DifferentCompany => Problem::new(
            Code::DifferentCompany,
            "nothing was kept; use a login of the company that was connected first, or make another connection",
        ),
        ConnectError::ForeignCompany => Problem::new(
            Code::DifferentCompany,
            "nothing was kept; the company is connected under another tenant, which has to disconnect first",
        ),
        ConnectError::ForeignTarget => Problem::new(
            Code::Conflict,
            "nothing was kept; another tenant writes to this target: where both are meant to, connect again with `\"shared\": true` in `target`",
        ),
        ConnectError::NoTargetCredential => Problem::invalid(
            "/target_credential",
            "left out: the connection writes to the built-in directory",
        ),
        ConnectError::Busy => Problem::new(
            Code::Busy,
            "nothing was kept; a run is at work on the connection: try again in some minutes",
        ),
        ConnectError::SeveralCompanies => Problem::new(
            Code::Conflict,
            "nothing was kept; the login sees several companies: connect in the browser and choose one",
        ),
        ConnectError::Erased => Problem::new(Code::Conflict, "nothing was kept; the tenant was erased"),
        ConnectError::TooMany => Problem::new(
            Code::Conflict,
            "nothing was kept; a tenant has at most 250 connections: disconnect one that is not needed, and a new one takes its place",
        ),
        ConnectError::Shown => shown(),
        ConnectError::Gone => Problem::new(Code::Gone, "nothing was kept; the connection was erased meanwhile"),
        ConnectError::State(error) => Problem::new(Code::Conflict, format!("{error}; make another connection")),
        ConnectError::Internal(error) => error.into(),
    }
}

/// A way of connecting that the provider has not; says which it has.
fn refuse_way(asked: Attempt, name: &str, ways: &[Method]) -> Problem {
    match asked {
        Attempt::Login => {
            let ways = listed(ways.iter().map(|way| way.as_str()));
            let expected = format!("given: {name} has no login in the browser; it is connected by {ways}");
            Problem::invalid("/credential", expected)
        }
        Attempt::Credential => {
            let kinds = listed(ways.iter().map(|way| way.credential_kind()));
            Problem::invalid("/credential/kind", format!("{kinds}: so is {name} connected"))
        }
    }
}

/// Words as a choice among them.
fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

/// Our own words only: a connector puts nothing else into them (R38).
fn refuse_source(error: &source::Error) -> Problem {
    let code = match error.class {
        source::Class::Temporary | source::Class::Malformed | source::Class::Expired => Code::ProviderUnavailable,
        source::Class::Misconfigured if error.member.is_some() => Code::Invalid,
        source::Class::Misconfigured => Code::Conflict,
        source::Class::Forbidden | source::Class::Unauthorized => Code::CredentialRefused,
    };
    let detail = format!("the HR system: {error}");
    let problem = Problem::new(code, format!("nothing was kept; {detail}"));
    match (error.class, error.member) {
        (source::Class::Forbidden | source::Class::Unauthorized, _) => problem.about("/credential", detail),
        (_, Some(member)) => problem.about(format!("/{member}"), detail),
        (_, None) => problem,
    }
}

fn refuse_target(error: &target::Error, members: &TargetMembers) -> Problem {
    let code = match error.class {
        target::Class::Unauthorized => Code::CredentialRefused,
        target::Class::Misconfigured => Code::Invalid,
        target::Class::Refused | target::Class::Unsupported | target::Class::Gone => Code::Conflict,
        target::Class::Changed
        | target::Class::Conflict
        | target::Class::Incomplete
        | target::Class::Temporary
        | target::Class::Unknown => Code::ProviderUnavailable,
    };
    let detail = format!("the target: {error}");
    let problem = Problem::new(code, format!("nothing was kept; {detail}"));
    match members.of(error) {
        Some(member) => problem.about(member, detail),
        None => problem,
    }
}
