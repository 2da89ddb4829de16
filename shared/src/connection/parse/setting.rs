//! Members that are plain settings: policies, limits, switches.

use jiff::tz::TimeZone;

use super::{
    reader::{Faults, Node, Object},
    set,
};
use crate::connection::{Configuration, CountLimit, Joiners, LeaverLimit, LeaverPolicy, Leavers, Limits, PercentLimit};

/// The largest number of people in a limit.
const MOST_PEOPLE: u32 = 1_000_000;
/// The most days before the first day on which an account may be made.
const MOST_DAYS: u32 = 365;

pub(super) fn read(members: &mut Object<'_>, configuration: &mut Configuration, faults: &mut Faults) {
    set!(
        configuration.create_former,
        members,
        "create_former",
        faults,
        Node::boolean
    );
    let has_groups = configuration.groups.is_some();
    if let Some(node) = members.take("leavers") {
        leavers(&node, &mut configuration.leavers, has_groups, faults);
    }
    if let Some(node) = members.take("joiners") {
        joiners(&node, &mut configuration.joiners, faults);
    }
    set!(
        configuration.rehires,
        members,
        "rehires",
        faults,
        |node: &Node<'_>, faults: &mut _| { node.word("expected one of reactivate, ignore, wait", faults) }
    );
    set!(
        configuration.apply,
        members,
        "apply",
        faults,
        |node: &Node<'_>, faults: &mut _| { node.word("expected one of approve, automatic", faults) }
    );
    if let Some(node) = members.take("limits") {
        limits(&node, &mut configuration.limits, faults);
    }
    set!(configuration.daily, members, "daily", faults, Node::boolean);
    set!(
        configuration.fallback_time_zone,
        members,
        "fallback_time_zone",
        faults,
        time_zone
    );
}

fn time_zone(node: &Node<'_>, faults: &mut Faults) -> Option<String> {
    let text = node.text(faults)?;
    let known = TimeZone::get(text).is_ok();
    node.expect(known.then(|| text.to_owned()), "expected an IANA time zone", faults)
}

/// Returns a policy for leavers. A person who was moved to a group and comes back leaves it for the group that HR says.
fn policy(node: &Node<'_>, has_groups: bool, faults: &mut Faults) -> Option<LeaverPolicy> {
    match node.text(faults)?.parse() {
        Ok(LeaverPolicy::Group(_)) if !has_groups => {
            node.refuse(
                "needs `groups`, which says in which group people are who come back",
                faults,
            );
            None
        }
        Ok(policy) => Some(policy),
        Err(error) => {
            node.refuse(crate::connection::Error::to_string(&error), faults);
            None
        }
    }
}

fn leavers(node: &Node<'_>, leavers: &mut Leavers, has_groups: bool, faults: &mut Faults) {
    let Some(mut members) = node.object(faults) else { return };
    let policy = |node: &Node<'_>, faults: &mut Faults| policy(node, has_groups, faults);
    set!(leavers.terminated, members, "terminated", faults, policy);
    set!(leavers.missing, members, "missing", faults, policy);
    set!(leavers.out_of_scope, members, "out_of_scope", faults, policy);
    set!(
        leavers.effective,
        members,
        "effective",
        faults,
        |node: &Node<'_>, faults: &mut _| { node.word("expected one of end_of_last_day, start_of_last_day", faults) }
    );
    members.finish(faults);
}

fn joiners(node: &Node<'_>, joiners: &mut Joiners, faults: &mut Faults) {
    let Some(mut members) = node.object(faults) else { return };
    set!(
        joiners.days_before_start,
        members,
        "days_before_start",
        faults,
        |node: &Node<'_>, faults: &mut _| { node.number(MOST_DAYS, faults).and_then(|days| u16::try_from(days).ok()) }
    );
    set!(joiners.invite, members, "invite", faults, Node::boolean);
    members.finish(faults);
}

fn people(node: &Node<'_>, faults: &mut Faults) -> Option<u32> {
    node.number(MOST_PEOPLE, faults)
}

fn percent(node: &Node<'_>, faults: &mut Faults) -> Option<u32> {
    node.number(100, faults)
}

fn limits(node: &Node<'_>, limits: &mut Limits, faults: &mut Faults) {
    let Some(mut members) = node.object(faults) else { return };
    if let Some(node) = members.take("leavers") {
        leaver_limit(&node, &mut limits.leavers, faults);
    }
    if let Some(node) = members.take("joiners") {
        percent_limit(&node, &mut limits.joiners, faults);
    }
    if let Some(node) = members.take("cleared_values") {
        percent_limit(&node, &mut limits.cleared_values, faults);
    }
    if let Some(node) = members.take("headcount_drop") {
        count_limit(&node, &mut limits.headcount_drop, faults);
    }
    if let Some(node) = members.take("coverage_drop") {
        percent_limit(&node, &mut limits.coverage_drop, faults);
    }
    members.finish(faults);
}

fn leaver_limit(node: &Node<'_>, limit: &mut LeaverLimit, faults: &mut Faults) {
    let Some(mut members) = node.object(faults) else { return };
    set!(limit.count, members, "count", faults, people);
    set!(limit.percent, members, "percent", faults, percent);
    set!(limit.most, members, "most", faults, people);
    members.finish(faults);
}

fn count_limit(node: &Node<'_>, limit: &mut CountLimit, faults: &mut Faults) {
    let Some(mut members) = node.object(faults) else { return };
    set!(limit.count, members, "count", faults, people);
    set!(limit.percent, members, "percent", faults, percent);
    members.finish(faults);
}

fn percent_limit(node: &Node<'_>, limit: &mut PercentLimit, faults: &mut Faults) {
    let Some(mut members) = node.object(faults) else { return };
    set!(limit.percent, members, "percent", faults, percent);
    members.finish(faults);
}
