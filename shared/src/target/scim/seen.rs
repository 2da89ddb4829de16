//! Whether an account still is as it was seen. The server's own version may move by itself, and so may values that are nobody's
//! business here: what is compared is what Rollcall writes at this server. Pure: no HTTP.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher as _},
};

use super::{
    part::{EMAILS, NUMBERS, manager_path},
    profile::{ENTERPRISE, Place},
    resource::Form,
};
use crate::{
    account::{Account, Learned},
    employee::AttributeRef,
    target::Patch,
};

/// Tells a version that was made here from a server's own.
const MARK: &str = "as shown ";

/// What an account showed: hashes, by the hashes of paths. It is compared within one run, and never sent.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Of what always counts.
    always: u64,
    by_path: BTreeMap<u64, u64>,
}

impl Seen {
    fn read(text: &str) -> Self {
        let mut numbers = text
            .trim_start_matches(MARK)
            .split(' ')
            .map(|word| u64::from_str_radix(word, 16).unwrap_or_default());
        let always = numbers.next().unwrap_or_default();
        let mut by_path = BTreeMap::new();
        while let (Some(path), Some(value)) = (numbers.next(), numbers.next()) {
            by_path.insert(path, value);
        }
        Self { always, by_path }
    }

    fn text(&self) -> String {
        let by_path = self.by_path.iter().flat_map(|(path, value)| [path, value]);
        let numbers = std::iter::once(&self.always).chain(by_path);
        let numbers = numbers.map(|number| format!("{number:x}")).collect::<Vec<_>>();
        format!("{MARK}{}", numbers.join(" "))
    }
}

impl Form {
    /// Returns what an account shows, as its version.
    pub(super) fn as_shown(&self, account: &Account) -> Box<str> {
        let mut seen = Seen {
            always: hash(&(account.active, &account.external_id, &account.login)),
            by_path: BTreeMap::new(),
        };
        for entry in account.attributes.view() {
            if let Some(value) = entry.field.value() {
                seen.by_path.insert(hash(&self.path_of(entry.attribute)), hash(value));
            }
        }
        seen.text().into()
    }

    /// Returns whether an account shows something else than it did: of `active`, reference and login, of what Rollcall was seen to
    /// write at this server, or of what it is about to write.
    pub(super) fn is_other(&self, before: &str, now: &Account, patch: &Patch, learned: &Learned) -> bool {
        let now = now.version.as_deref().unwrap_or_default();
        if before == now {
            return false;
        }
        let (before, now) = (Seen::read(before), Seen::read(now));
        let written = patch
            .attributes
            .view()
            .iter()
            .map(|entry| hash(&self.path_of(entry.attribute)));
        let managed: BTreeSet<u64> = learned.kept().map(hash).chain(written).collect();
        let differs = |path: &u64| before.by_path.get(path) != now.by_path.get(path);
        before.always != now.always || managed.iter().any(differs)
    }

    /// Returns the path at which an attribute is written.
    fn path_of(&self, attribute: AttributeRef<'_>) -> String {
        let place = match attribute {
            AttributeRef::Canonical(canonical) => self.profile.place(canonical),
            AttributeRef::Custom(_) => None,
        };
        match place {
            Some(Place::Core(name)) => name.to_owned(),
            Some(Place::Name(name)) => format!("name.{name}"),
            Some(Place::Enterprise(name)) => format!("{ENTERPRISE}:{name}"),
            Some(Place::Manager) => manager_path(),
            Some(Place::Mobile) => NUMBERS.to_owned(),
            Some(Place::Login) => EMAILS.to_owned(),
            None => {
                let name = match attribute {
                    AttributeRef::Canonical(canonical) => canonical.name(),
                    AttributeRef::Custom(name) => name,
                };
                format!("{}:{name}", self.extension.as_deref().unwrap_or_default())
            }
        }
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
