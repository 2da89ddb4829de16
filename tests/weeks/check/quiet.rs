//! What holds once all is quiet.

use rollcall::connection::Connection;

use super::{audit, erased, kept, oracle, stranger};
use crate::{life::Life, view::View};

/// Checks everything.
pub(crate) fn check(life: &mut Life<'_>) {
    let world = life.world;
    assert_eq!(life.at_work(), 0, "nobody is at work");
    if let Some(call) = life.memory.unfinished.first() {
        panic!("{} {} is never done", call.method, call.path);
    }
    let connections = world.connections();
    for connection in &connections {
        life.memory
            .known
            .insert(connection.id.clone(), connection.tenant.clone());
        check_people(life, connection);
    }
    kept::check(life, &connections);
    erased::check(life);
    audit::check(life);
}

/// Every account is as HR says, within the rules.
fn check_people(life: &Life<'_>, connection: &Connection) {
    let world = life.world;
    if !connection.may_run() {
        return;
    }
    let view = View::of(world, connection, connection.configuration_version, world.now());
    let Some(view) = view.filter(|view| view.configuration.daily && view.configuration.syncs()) else {
        return;
    };
    if stranger::are_there(world, connection, &view) {
        stranger::check_refusal(world, connection);
        world.fate.count("strangers");
        return;
    }
    let erased = view
        .office
        .people
        .keys()
        .filter(|id| life.memory.is_erased(connection, id));
    let erased = erased.cloned().collect();
    let view = View { erased, ..view };
    let seen = oracle::compare(&view);
    let mut state = world.fate.state();
    state.tally.add("people", view.office.people.len().try_into().unwrap());
    state.tally.add("ordinary people", seen.ordinary);
    state.tally.add("people who are off", seen.off);
}
