//! The audit: a request under an `Idempotency-Key` stands in it once at most. The request stands in it exactly once where the
//! caller was told that it is done (R43).

use std::collections::BTreeMap;

use rollcall::{connection::TenantId, store::AuditStore as _};

use crate::{life::Life, world::at_once};

/// Entries of one page.
const PAGE: u32 = 1_000;

/// Looks at the audits of every tenant and of the operator.
pub(super) fn check(life: &Life<'_>) {
    let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tenant in life.tenants.iter().map(Some).chain([None]) {
        note(life, tenant, &mut entries);
    }
    for (who, path) in &life.memory.keyed {
        let mut own = entries.get(who).cloned().unwrap_or_default();
        if path.ends_with("/apply") {
            // An undo pauses its connection in the name of the person who approved it. It pauses the connection again where the
            // connection is resumed meanwhile.
            own.retain(|action| action != "connection.pause");
        }
        assert!(own.len() < 2, "{who} asked once for {path}, and the audit has {own:?}");
        let is_told = life.memory.done.contains(who);
        assert!(
            !is_told || !own.is_empty(),
            "{who} was told that {path} is done, which the audit does not have"
        );
    }
}

/// Notes which actions each person has in the audit.
fn note(life: &Life<'_>, tenant: Option<&TenantId>, entries: &mut BTreeMap<String, Vec<String>>) {
    let mut before: Option<String> = None;
    loop {
        let page = at_once(life.world.store.list_audit(tenant, before.as_deref(), PAGE)).unwrap();
        for entry in page.0 {
            if let Some(by) = entry.by {
                entries.entry(by).or_default().push(entry.action);
            }
        }
        before = page.1;
        if before.is_none() {
            return;
        }
    }
}
