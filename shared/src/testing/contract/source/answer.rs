//! Answers that do not come, or are not what they should be: a read under them is partial, and never a short roster.

use serde_json::{Value, json};

use super::{Emulated, open, read_under};
use crate::source::Class;

/// Returns a fault with its members, on the list of people.
fn on_people(hr: &dyn Emulated, fault: Value) -> Value {
    with(fault, &json!({"path": hr.people()}))
}

/// Returns a fault on page 2 of the list of people, or on all of it where there is one page only.
fn on_page_2(hr: &dyn Emulated, fault: Value) -> Value {
    let fault = on_people(hr, fault);
    match hr.page_rows() {
        Some(_) => with(fault, &json!({"page": 2})),
        None => fault,
    }
}

fn with(mut fault: Value, more: &Value) -> Value {
    let members = more.as_object().unwrap().clone();
    fault.as_object_mut().unwrap().extend(members);
    fault
}

/// A refusal that passes is asked again, whatever kind it is.
pub async fn r31_a_refusal_for_a_moment_costs_one_call(hr: &dyn Emulated) {
    for status in [408, 429, 500, 502, 503, 504] {
        let fault = on_people(hr, json!({"mode": "status", "status": status, "times": 1}));
        let (before, read) = read_under(hr, fault).await;
        read.assert_same(&before);
        assert_eq!(read.calls, before.calls + 1, "{status}");
    }
}

/// A page stays away.
pub async fn r06_503_on_page_2_breaks_the_walk_after_all_tries(hr: &dyn Emulated) {
    let fault = on_page_2(hr, json!({"mode": "status", "status": 503}));
    let (before, read) = read_under(hr, fault).await;
    read.assert_broken(&before, &[Class::Temporary]);
    let most = hr.page_rows().unwrap_or(0);
    assert!(usize::try_from(read.roster.header.employees).unwrap() <= most);
}

/// A body ends in the middle of a row.
pub async fn r06_a_truncated_body_is_never_a_short_roster(hr: &dyn Emulated) {
    let fault = match hr.page_rows() {
        Some(_) => on_page_2(hr, json!({"mode": "truncate"})),
        None => on_people(hr, json!({"mode": "truncate"})),
    };
    let (before, read) = read_under(hr, fault).await;
    read.assert_broken(&before, &[Class::Malformed, Class::Temporary]);
}

/// A web page comes in place of JSON.
pub async fn r06_html_with_200_is_never_a_short_roster(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, on_people(hr, json!({"mode": "html"}))).await;
    read.assert_broken(&before, &[Class::Temporary]);
}

/// XML comes in place of JSON.
pub async fn r06_xml_with_200_is_never_a_short_roster(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, on_people(hr, json!({"mode": "xml"}))).await;
    read.assert_broken(&before, &[Class::Temporary]);
}

/// Nothing comes, with a status that says that all is well.
pub async fn r06_an_empty_body_is_never_a_short_roster(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, on_people(hr, json!({"mode": "no_body"}))).await;
    read.assert_broken(&before, &[Class::Temporary]);
}

/// A vendor closes for maintenance: it answers everything with a page for people, or with nothing. That is over by itself.
pub async fn r31_a_page_for_people_in_place_of_any_answer_is_waited_for(hr: &dyn Emulated) {
    for mode in ["html", "xml", "no_body"] {
        hr.arm(json!({ "mode": mode })).await;
        let error = open(hr).identify().await.err();
        let class = error.map(|error| error.class);
        assert!(class.is_none_or(|class| class == Class::Temporary), "{mode}: {class:?}");
        hr.mend().await;
        let (before, read) = read_under(hr, json!({ "mode": mode })).await;
        read.assert_broken(&before, &[Class::Temporary]);
    }
}

/// What a refusal looks like comes with a status that says that all is well.
pub async fn r06_200_with_an_error_inside_is_never_a_short_roster(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, on_people(hr, json!({"mode": "error_inside"}))).await;
    read.assert_broken(&before, &[Class::Malformed, Class::Temporary]);
}

/// What belongs to people comes as a web page or XML, not at all, cut off, or as an error.
pub async fn r06_a_related_list_that_cannot_be_read_breaks_the_walk(hr: &dyn Emulated) {
    let (path, _) = hr.related();
    let passing = &[Class::Temporary][..];
    let broken = &[Class::Malformed, Class::Temporary][..];
    for (mode, classes) in [
        ("html", passing),
        ("xml", passing),
        ("no_body", passing),
        ("truncate", broken),
        ("error_inside", broken),
    ] {
        let (before, read) = read_under(hr, json!({"mode": mode, "path": path})).await;
        read.assert_broken(&before, classes);
    }
}

/// The connection ends without an answer: twice, and for good.
pub async fn r06_a_reply_that_is_lost_is_asked_for_again_and_then_given_up(hr: &dyn Emulated) {
    let fault = on_people(hr, json!({"mode": "lost_reply", "times": 2}));
    let (before, read) = read_under(hr, fault).await;
    read.assert_same(&before);
    let (before, read) = read_under(hr, on_people(hr, json!({"mode": "lost_reply"}))).await;
    read.assert_broken(&before, &[Class::Temporary]);
}

/// Every answer comes late.
pub async fn a_slow_server_is_waited_for(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, json!({"mode": "slow", "ms": 40})).await;
    read.assert_same(&before);
}

/// An answer leads to another address.
pub async fn r41_a_redirect_to_elsewhere_breaks_the_read(hr: &dyn Emulated) {
    let fault = on_people(hr, json!({"mode": "status", "status": 302}));
    let (before, read) = read_under(hr, fault).await;
    read.assert_broken(&before, &[Class::Malformed]);
}
