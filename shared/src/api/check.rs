//! Checks of a request against its route: headers, query, body.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    json::read_json,
    limit,
    problem::{Code, Fault, Problem},
    request::Request,
    response::MOST_BYTES,
    route::{Access, Parameter, Route},
};

/// What is said of a parameter that is left out.
const MISSING: &str = "this parameter has to be there";

/// Checks the headers that a route heeds.
///
/// # Errors
/// [`Code::Invalid`] names every header that is missing or not of its form.
pub(super) fn check_headers(route: &Route, request: &Request) -> Result<(), Problem> {
    let judge = |parameter: &Parameter| {
        let said = request.header(&parameter.name.to_ascii_lowercase());
        let expected = match said {
            Some(text) => parameter.form.check(text).err(),
            None => parameter.required.then(|| MISSING.to_owned()),
        };
        expected.map(|detail| Fault {
            pointer: parameter.name.to_owned(),
            detail,
        })
    };
    let faults: Vec<_> = route.headers().iter().filter_map(judge).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::faults(faults))
    }
}

/// Checks a query against what a route takes.
///
/// # Errors
/// [`Code::Invalid`] names every member that is unknown, comes twice, or is not of its form.
pub(super) fn check_query(route: &Route, request: &Request) -> Result<BTreeMap<&'static str, String>, Problem> {
    if route.access == Access::Browser {
        // A provider may add what it likes; the handler takes what it knows.
        return Ok(BTreeMap::new());
    }
    let mut faults = Vec::new();
    let mut found: BTreeMap<&'static str, String> = BTreeMap::new();
    for (name, text) in request.parameters() {
        let shown: String = name
            .chars()
            .take(64)
            .filter(|character| !character.is_control())
            .collect();
        let mut fault = |detail: String| {
            faults.push(Fault {
                pointer: format!("?{shown}"),
                detail,
            });
        };
        match route.query.iter().find(|parameter| parameter.name == name) {
            None => fault("no such parameter here".to_owned()),
            Some(parameter) => match parameter.form.check(&text) {
                Err(wanted) => fault(wanted),
                Ok(()) => {
                    if found.insert(parameter.name, text).is_some() {
                        fault("once only".to_owned());
                    }
                }
            },
        }
    }
    for parameter in route.query.iter().filter(|parameter| parameter.required) {
        let is_there = found.get(parameter.name).is_some_and(|text| !text.is_empty());
        if !is_there
            && !faults
                .iter()
                .any(|fault| fault.pointer == format!("?{}", parameter.name))
        {
            faults.push(Fault {
                pointer: format!("?{}", parameter.name),
                detail: MISSING.to_owned(),
            });
        }
    }
    if faults.is_empty() {
        Ok(found)
    } else {
        faults.sort();
        faults.dedup();
        Err(Problem::faults(faults))
    }
}

/// Checks the body of a request. A body that says nothing where nothing is needed is as good as none.
pub(super) fn check_body<'a>(route: &Route, request: &'a Request) -> Result<Cow<'a, Request>, Problem> {
    if request.body.len() > MOST_BYTES {
        return Err(Problem::new(Code::TooLarge, "send less at a time"));
    }
    let is_needed = route.body.is_some_and(|(_, is_optional)| !is_optional);
    if !is_needed && says_nothing(&request.body) {
        let mut silent = Cow::Borrowed(request);
        if !request.body.is_empty() {
            silent.to_mut().body.clear();
        }
        return Ok(silent);
    }
    if route.body.is_none() {
        return Err(Problem::invalid("", "no body here, or `{}`"));
    }
    let media = request.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        let detail = "send `Content-Type: application/json`";
        return Err(Problem::new(Code::WrongMediaType, detail));
    }
    let faults = limit::check(route.name, &read_json(&request.body)?);
    if faults.is_empty() {
        Ok(Cow::Borrowed(request))
    } else {
        Err(Problem::faults(faults))
    }
}

/// Whether a body is none, or an object without members.
fn says_nothing(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let members = body.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    body.is_empty() || members.is_some_and(|members| members.trim_ascii().is_empty())
}
