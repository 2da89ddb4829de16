//! What the target should be, worked out from HR's records alone and not by the code under test. It judges every person whom no
//! exception concerns. Plain looks at the records tell whether an exception concerns a person; the plan's findings are not
//! asked.

use rollcall::{
    account::{Account, ExternalId},
    connection::{Decision, Identifier, LeaverPolicy, Preset, RehirePolicy},
    employee::{Canonical, EmployeeId, Field},
    plan::{Link, LinkState},
};

use crate::{
    office::{self, PROVIDER},
    view::View,
};

/// How many people could be judged.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) ordinary: u64,
    pub(super) off: u64,
}

/// Compares the target with HR, person by person. Returns how many people could be judged.
pub(super) fn compare(view: &View) -> Seen {
    let mut seen = Seen::default();
    for id in view.office.people.keys() {
        let look = Look { view, id };
        if !look.is_told_apart() {
            continue;
        }
        if view
            .office
            .has_left(id, &view.configuration.fallback_time_zone, view.now)
        {
            seen.off += u64::from(look.check_off());
        } else if look.is_ordinary() {
            look.check();
            seen.ordinary += 1;
        }
    }
    seen
}

/// A look at one person.
struct Look<'a> {
    view: &'a View,
    id: &'a EmployeeId,
}

fn text<'a>(view: &'a View, id: &EmployeeId, canonical: Canonical) -> Option<&'a str> {
    office::text(view.office.people.get(id)?, canonical)
}

impl<'a> Look<'a> {
    fn text(&self, canonical: Canonical) -> Option<&'a str> {
        text(self.view, self.id, canonical)
    }

    fn link(&self) -> Option<&'a Link> {
        self.view.links.get(self.id)
    }

    fn account(&self) -> Option<&'a Account> {
        self.view.accounts.get(&self.link()?.account_id)
    }

    /// Returns whether this person is clear of other people: no other person has the address, number or account, and no
    /// decision or erasure concerns this person.
    fn is_told_apart(&self) -> bool {
        let view = self.view;
        let own = self.link().map(|link| &link.account_id);
        let shares = |canonical: Canonical| {
            let value = self.text(canonical);
            let others = view.office.people.keys().filter(|other| *other != self.id);
            value.is_some() && others.into_iter().any(|other| text(view, other, canonical) == value)
        };
        let is_held = |value: Option<&str>, canonical: Canonical| {
            let others = view.accounts.values().filter(|account| Some(&account.id) != own);
            value.is_some() && others.into_iter().any(|account| account.value(canonical) == value)
        };
        let (mail, number) = (self.text(Canonical::WorkEmail), self.text(Canonical::EmployeeNumber));
        let was_known = view.links.values().any(|link| link.former_ids.contains(self.id));
        let is_about = |(whom, decision): (&EmployeeId, &Decision)| {
            whom == self.id || matches!(decision, Decision::Link { account_id } if Some(account_id) == own)
        };
        !view.erased.contains(self.id)
            && !view.decisions.iter().any(is_about)
            && !was_known
            && !shares(Canonical::WorkEmail)
            && !shares(Canonical::EmployeeNumber)
            && !is_held(mail, Canonical::Email)
            && !is_held(mail, Canonical::WorkEmail)
            && !is_held(number, Canonical::EmployeeNumber)
    }

    /// Returns whether HR says everything of the person that is needed, and no exception concerns the account.
    fn is_ordinary(&self) -> bool {
        let configuration = &self.view.configuration;
        let has_all = configuration
            .require
            .iter()
            .all(|required| self.text(*required).is_some());
        let start = self
            .text(Canonical::StartDate)
            .unwrap()
            .parse::<jiff::civil::Date>()
            .unwrap();
        let zone = self
            .text(Canonical::TimeZone)
            .unwrap_or(&configuration.fallback_time_zone);
        let today = self.view.now.in_tz(zone).unwrap().date();
        let in_scope = configuration.sync_if.iter().all(|condition| {
            let is_city = condition.field == Canonical::City.into();
            let city = self.view.office.people[self.id].get(&Canonical::City.into());
            !is_city || matches!(city, Some(Field::Empty)) || matches!(city, Some(Field::Value(city)) if city != "Rome")
        });
        has_all && start <= today && in_scope && self.is_free_of_exceptions()
    }

    fn is_free_of_exceptions(&self) -> bool {
        let Some(link) = self.link() else {
            if self.is_linked_elsewhere() {
                return false;
            }
            // Names alone are offered as a decision: a person who has a namesake in the target waits for a decision.
            return self.view.configuration.preset != Preset::Stakeholders || !self.has_namesake();
        };
        let Some(account) = self.account() else { return false };
        let by_hand = !account.active && !matches!(link.state, LinkState::Deactivated { .. });
        let let_go = matches!(link.state, LinkState::Deactivated { .. } | LinkState::Moved { .. });
        let rests = let_go && self.view.configuration.rehires != RehirePolicy::Reactivate;
        !by_hand && !rests && !self.names_another(account) && !self.drifted(account)
    }

    /// Returns whether another connection has the account that carries the person's reference (R04).
    fn is_linked_elsewhere(&self) -> bool {
        let ours = ExternalId::new(PROVIDER, &self.view.office.company.id, self.id);
        let mut accounts = self.view.accounts.values();
        accounts.any(|account| account.external_id.as_ref() == Some(&ours) && self.view.elsewhere.contains(&account.id))
    }

    fn has_namesake(&self) -> bool {
        let name = [Canonical::FirstName, Canonical::LastName].map(|part| self.text(part).unwrap_or_default());
        let mut accounts = self.view.accounts.values();
        accounts.any(|account| {
            [Canonical::FirstName, Canonical::LastName].map(|part| account.value(part).unwrap_or_default()) == name
        })
    }

    /// Returns whether both names and the address differ from the account's: then a person has to decide.
    fn names_another(&self, account: &Account) -> bool {
        let first = if self.view.configuration.first_name == Canonical::KnownAs {
            self.text(Canonical::KnownAs)
        } else {
            self.text(Canonical::FirstName)
        };
        account.value(Canonical::FirstName) != first
            && account.value(Canonical::LastName) != self.text(Canonical::LastName)
            && account.value(Canonical::Email) != self.text(Canonical::WorkEmail)
    }

    fn drifted(&self, account: &Account) -> bool {
        let configuration = &self.view.configuration;
        let number = account.value(Canonical::EmployeeNumber);
        configuration.preset == Preset::ExpenseUsers
            && configuration.identifier == Identifier::EmployeeNumber
            && number.is_some()
            && number != self.text(Canonical::EmployeeNumber)
    }

    /// Checks that the account is on and says what HR says.
    fn check(&self) {
        let (view, id) = (self.view, self.id);
        let account = self.account();
        let account = account.unwrap_or_else(|| panic!("{id} has no account: {:?}", view.findings_of(id)));
        assert!(account.active, "the account of {id} is on: {:?}", view.findings_of(id));
        let managed = view.configuration.managed();
        for canonical in [
            Canonical::City,
            Canonical::JobTitle,
            Canonical::LastName,
            Canonical::WorkEmail,
        ] {
            let wanted = view.office.people[id].get(&canonical.into());
            let is_seen = matches!(wanted, Some(Field::Value(_) | Field::Empty));
            if is_seen && managed.contains(&canonical.into()) {
                assert_eq!(
                    account.value(canonical),
                    self.text(canonical),
                    "{} of {id}",
                    canonical.name()
                );
            }
        }
        assert_eq!(
            account.value(Canonical::Email),
            self.text(Canonical::WorkEmail),
            "the address of {id}"
        );
        let names = [Canonical::KnownAs, Canonical::FirstName].map(|name| self.text(name));
        let shown = format!(
            "{} {}",
            names[0].or(names[1]).unwrap(),
            self.text(Canonical::LastName).unwrap()
        );
        assert_eq!(account.value(Canonical::DisplayName), Some(shown.as_str()));
        self.check_group(account);
        if managed.contains(&Canonical::Manager.into()) {
            self.check_manager(account);
        }
    }

    /// Checks that a person at work is in the group of the department, and not in the group of leavers.
    fn check_group(&self, account: &Account) {
        let department = self.view.office.people[self.id].get(&Canonical::Department.into());
        let is_seen = matches!(department, Some(Field::Value(_) | Field::Empty));
        if is_seen && self.view.configuration.groups.is_some() {
            let group = account.value(Canonical::Group);
            assert_eq!(group, self.text(Canonical::Department), "the group of {}", self.id);
        }
    }

    fn check_manager(&self, account: &Account) {
        match self.view.office.people[self.id].get(&Canonical::Manager.into()) {
            Some(Field::Empty) => assert_eq!(account.value(Canonical::Manager), None, "{} has no manager", self.id),
            Some(Field::Value(manager)) => {
                let manager: EmployeeId = manager.parse().unwrap();
                let look = Look {
                    view: self.view,
                    id: &manager,
                };
                let is_there = manager != *self.id && self.view.office.people.contains_key(&manager);
                if is_there
                    && !self
                        .view
                        .office
                        .has_left(&manager, &self.view.configuration.fallback_time_zone, self.view.now)
                    && look.is_told_apart()
                    && look.is_ordinary()
                {
                    let wanted = look.account().map(|account| account.id.as_str());
                    assert_eq!(account.value(Canonical::Manager), wanted, "the manager of {}", self.id);
                }
            }
            Some(Field::Unseen) | None => {}
        }
    }

    /// Checks that the account of a leaver is off, where that is the policy. Returns whether the person could be judged.
    fn check_off(&self) -> bool {
        let configuration = &self.view.configuration;
        let (Some(link), Some(account)) = (self.link(), self.account()) else {
            return false;
        };
        // The account was switched on by hand after Rollcall switched it off: it stays on.
        let by_hand = account.active && matches!(link.state, LinkState::Deactivated { .. });
        let is_protected = configuration.protected.contains(account.id.as_str());
        if configuration.leavers.terminated != LeaverPolicy::Deactivate || by_hand || is_protected {
            return false;
        }
        assert!(!account.active, "the account of {} is off", self.id);
        true
    }
}
