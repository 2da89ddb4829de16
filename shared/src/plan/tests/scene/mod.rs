//! A tenant with an HR system, a target and a connection between them, all in memory. It plans with the real
//! code and carries plans out as an apply does, and it complains where a plan asks for what a target would refuse.

mod apply;
mod step;
mod tenant;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

pub(crate) use step::{NAMES, Step};

use crate::{
    account::{Abilities, Account, AccountId, Accounts, ExternalId, TargetIdentity},
    connection::{Configuration, Decision, DecisionRecord, Preset},
    employee::{Attribute, Canonical, CompanyId, EmployeeId, Field},
    mapping::Mapper,
    plan::{
        Action, Basis, Change, Differ, Finding, Fingerprints, HoldCode, Lines, Link, Links, Outcome, Past, Plan,
        PlanId, Status, assemble, diff, inverse,
    },
    roster::{Baseline, Builder, Company, Completeness, Merge, Roster, Row, judge},
};

/// The provider of every scene.
pub(crate) const PROVIDER: &str = "factorial";

/// What HR holds of one person; what is not there is unseen.
pub(crate) type Person = BTreeMap<Attribute, Field<String>>;

/// How a read of HR goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Read {
    /// The read goes well.
    #[default]
    Whole,
    /// The read breaks off after this many people.
    Broken(usize),
    /// The read ends, and these attributes are not shown.
    Narrow(Vec<Canonical>),
    /// The read ends, and the total is another one.
    Miscounted,
    /// The read shows another company.
    Foreign,
}

/// A night's work up to the plan.
#[derive(Clone, Debug)]
pub(crate) struct Night {
    /// What was read.
    pub(crate) roster: Roster,
    /// How complete that was.
    pub(crate) completeness: Completeness,
    /// The result of the diff.
    pub(crate) outcome: Outcome,
    /// The document.
    pub(crate) plan: Plan,
    /// Its lines.
    pub(crate) lines: Lines,
}

impl Night {
    /// Returns the only change about an employee.
    pub(crate) fn change(&self, id: &str) -> Option<&Change> {
        let mut changes = self
            .outcome
            .changes
            .iter()
            .filter(|change| change.employee_id.as_str() == id);
        let change = changes.next();
        assert_eq!(changes.next(), None, "one change per person");
        change
    }

    /// Returns what is done about an employee.
    pub(crate) fn action(&self, id: &str) -> Option<&Action> {
        self.change(id).map(|change| &change.action)
    }

    /// Returns what is found about an employee.
    pub(crate) fn findings(&self, id: &str) -> Vec<&Finding> {
        let is_about = |finding: &&Finding| finding.employee_id.as_ref().is_some_and(|about| about.as_str() == id);
        self.outcome.findings.iter().filter(is_about).collect()
    }

    /// Returns the codes of the holds.
    pub(crate) fn holds(&self) -> Vec<HoldCode> {
        self.plan.holds.iter().map(|hold| hold.code).collect()
    }
}

/// A tenant, its HR system, its target and its connection.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    /// The people of HR.
    pub(crate) people: BTreeMap<EmployeeId, Person>,
    /// The target's accounts.
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    /// The connection's links.
    pub(crate) links: BTreeMap<EmployeeId, Link>,
    /// The connection's configuration.
    pub(crate) configuration: Configuration,
    /// What people decided.
    pub(crate) decisions: BTreeMap<EmployeeId, Decision>,
    /// When they decided.
    pub(crate) decided_at: Timestamp,
    /// Who authorised the connection.
    pub(crate) protected: BTreeSet<String>,
    /// Who was erased.
    pub(crate) erased: BTreeSet<EmployeeId>,
    /// Accounts that other connections are linked to.
    pub(crate) elsewhere: BTreeSet<AccountId>,
    /// Whether HR is asked for what the configuration wants and nothing else.
    pub(crate) reads_what_is_wanted: bool,
    /// What rosters looked like so far.
    pub(crate) baseline: Baseline,
    /// Whether a plan was ever applied, and under which version of the configuration.
    pub(crate) applied: Option<u64>,
    /// How many leavers were applied on which day.
    pub(crate) leavers: Vec<(Date, u32)>,
    /// What the target can do.
    pub(crate) abilities: Abilities,
    /// What the target makes of a value that it is sent.
    pub(crate) keeps: fn(&Attribute, &str) -> String,
    /// The instant.
    pub(crate) now: Timestamp,
    /// For how long HR was read until then.
    pub(crate) read_takes: SignedDuration,
    /// In which order people, accounts and links come: 0 is that of their ids.
    pub(crate) order: u64,
    /// How many accounts were made so far.
    pub(crate) made: u32,
    /// How many ids and addresses were made up so far.
    pub(crate) made_ids: u32,
}

/// Returns an employee id.
pub(crate) fn employee(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

/// Returns an account id.
pub(crate) fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

impl Scene {
    /// Returns a tenant without people, on the morning of 2 March 2026.
    pub(crate) fn new(preset: Preset) -> Self {
        let mut configuration = preset.configuration();
        if preset == Preset::Standard {
            // Most rules show best with much to be carried over.
            configuration.attributes.extend(Preset::Stakeholders.attributes());
        }
        Self {
            people: BTreeMap::new(),
            accounts: BTreeMap::new(),
            links: BTreeMap::new(),
            configuration,
            decisions: BTreeMap::new(),
            decided_at: "2026-03-02T04:00:00Z".parse().unwrap(),
            protected: BTreeSet::new(),
            erased: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
            reads_what_is_wanted: false,
            baseline: Baseline::default(),
            applied: None,
            leavers: Vec::new(),
            abilities: Abilities {
                list: true,
                look_up: true,
                deactivate: true,
                invite: true,
                groups: true,
                logins: false,
                together: true,
            },
            keeps: |_, value| value.to_owned(),
            now: "2026-03-02T04:00:00Z".parse().unwrap(),
            read_takes: SignedDuration::ZERO,
            order: 0,
            made: 0,
            made_ids: 0,
        }
    }

    /// Returns a tenant with people in HR, linked and settled, one per name: ids from 1, e-mails `name@acme.test`.
    pub(crate) fn settled(preset: Preset, names: &[&str]) -> Self {
        let mut scene = Self::new(preset);
        for (position, name) in names.iter().enumerate() {
            scene.hire(&(position + 1).to_string(), name);
        }
        scene.settle();
        scene
    }

    /// Returns HR's company.
    pub(crate) fn company() -> Company {
        Company {
            id: CompanyId::parse("7").unwrap(),
            name: "Acme".into(),
        }
    }

    /// Returns the day in UTC.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    /// Lets a day pass.
    pub(crate) fn sleep(&mut self) {
        self.now = self.now.checked_add(SignedDuration::from_hours(24)).unwrap();
    }

    /// Returns the plan on a read that went well.
    pub(crate) fn plan(&self) -> Night {
        self.plan_on(&Read::Whole)
    }

    /// Returns the plan on a read.
    pub(crate) fn plan_on(&self, read: &Read) -> Night {
        self.night(read, None, |basis, roster| diff(basis, roster).unwrap())
    }

    /// Returns the plan on a read of which the caller says how complete it was.
    pub(crate) fn plan_as(&self, read: &Read, completeness: Completeness) -> Night {
        self.night(read, Some(completeness), |basis, roster| diff(basis, roster).unwrap())
    }

    /// Returns the plan on a read whose people come in several parts, chunk by chunk: each person in the part of the next number.
    pub(crate) fn plan_in_parts(&self, read: &Read, parts: &[usize]) -> Night {
        self.night(read, None, |basis, roster| streamed(basis, roster, parts))
    }

    /// Returns the plan that takes an applied plan back.
    pub(crate) fn undo(&self, applied: &Night) -> Night {
        let applied = applied.lines.read().unwrap();
        self.night(&Read::Whole, None, |basis, _| inverse(basis, &applied, &[]))
    }

    fn night(
        &self,
        read: &Read,
        said: Option<Completeness>,
        work_out: impl Fn(&Basis<'_>, &Roster) -> Outcome,
    ) -> Night {
        let mut roster = self.read(read);
        if self.reads_what_is_wanted {
            roster = roster.narrowed(self.configuration.wanted()).unwrap();
        }
        let judged = judge(&roster.header, &Self::company(), &self.baseline, self.now);
        let completeness = said.unwrap_or(judged);
        let accounts = Accounts::new(&self.in_order(self.accounts.values().cloned()));
        let links = Links::new(self.in_order(self.links.values().cloned()));
        let mapper = Mapper::new(&self.configuration).unwrap();
        let basis = Basis {
            provider: PROVIDER,
            is_provider: |word| [PROVIDER, "bamboohr"].contains(&word),
            header: &roster.header,
            completeness: &completeness,
            baseline: &self.baseline,
            accounts: &accounts,
            links: &links,
            configuration: &self.configuration,
            mapper: &mapper,
            decisions: &self.decision_records(),
            protected: &self.protected,
            erased: &self.erased,
            elsewhere: &self.elsewhere,
            fingerprints: &fingerprints(),
            target: &TargetIdentity::new("directory", "acme"),
            abilities: self.abilities,
            past: self.past(),
            read_from: self.now.checked_sub(self.read_takes).unwrap(),
            now: self.now,
        };
        let outcome = work_out(&basis, &roster);
        let (plan, document) = assemble(&basis, &outcome, PlanId::parse("p-1").unwrap(), self.now).unwrap();
        Night {
            roster,
            completeness,
            outcome,
            plan,
            lines: document,
        }
    }

    fn decision_records(&self) -> BTreeMap<EmployeeId, DecisionRecord> {
        let record = |(id, decision): (&EmployeeId, &Decision)| DecisionRecord {
            employee_id: id.clone(),
            decision: decision.clone(),
            reason: "known from the office".to_owned(),
            by: "it@acme.test".to_owned(),
            at: self.decided_at,
        };
        let records = self.decisions.iter().map(record);
        records.map(|record| (record.employee_id.clone(), record)).collect()
    }

    /// Returns things in the order that the scene is told to show them in.
    fn in_order<T>(&self, things: impl Iterator<Item = T>) -> Vec<T> {
        let mut things: Vec<T> = things.collect();
        let (mut seed, mut rest) = (self.order, things.len());
        while seed > 0 && rest > 1 {
            rest -= 1;
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            things.swap(rest, usize::try_from((seed >> 33) % (rest as u64 + 1)).unwrap());
        }
        things
    }

    fn past(&self) -> Past {
        let oldest = self.today().checked_sub(7.days()).unwrap();
        let recent = self.leavers.iter().filter(|(on, _)| *on > oldest);
        Past {
            applied_once: self.applied.is_some(),
            applied_configuration: self.applied.unwrap_or_default(),
            recent_leavers: recent.map(|(_, count)| count).sum(),
        }
    }

    /// Notes who is missing since when, which a run does whatever becomes of its plan.
    pub(crate) fn note_absences(&mut self, night: &Night) {
        for absence in &night.outcome.absences {
            if let Some(link) = self.links.get_mut(&absence.employee_id) {
                link.absent_since = absence.absent_since;
            }
        }
    }

    /// Plans and applies, held or not, and plans again until nothing is left to do.
    pub(crate) fn settle(&mut self) {
        for _ in 0..5 {
            let night = self.plan();
            self.note_absences(&night);
            self.apply(&night);
            if night.plan.status() == Status::Empty {
                return;
            }
        }
        panic!("there is always something left to do");
    }
}

/// Returns the tenant's fingerprints.
pub(crate) fn fingerprints() -> Fingerprints {
    Fingerprints::new(&[7; Fingerprints::KEY_BYTES])
}

/// Returns the reference that we write on an employee's account.
pub(crate) fn reference(id: &EmployeeId) -> ExternalId {
    ExternalId::new(PROVIDER, &Scene::company().id, id)
}

/// Returns the outcome of a diff that gets one chunk at a time.
fn streamed(basis: &Basis<'_>, roster: &Roster, parts: &[usize]) -> Outcome {
    let mut builders: Vec<Builder> = parts.iter().map(|_| Builder::new(Scene::company())).collect();
    for (person, part) in roster.employees().unwrap().iter().zip(parts.iter().cycle()) {
        let place = part % builders.len();
        builders[place].push(person).unwrap();
    }
    let parts: Vec<Roster> = builders.into_iter().map(|part| part.finish(None).unwrap()).collect();
    let each = |visit: &mut dyn FnMut(Row<'_>)| {
        let mut merge = Merge::new(parts.iter().map(|part| (&part.header, part.chunks.len())));
        loop {
            let visited = merge.each(|row| {
                visit(row);
                Ok(())
            });
            visited.unwrap();
            let Some((part, number)) = merge.wants() else { break };
            merge.give(&parts[part].chunks[number]).unwrap();
        }
    };
    let Some(mut differ) = Differ::new(basis) else {
        return Outcome::default();
    };
    each(&mut |row| differ.walk(row).unwrap());
    if differ.end_walk() {
        each(&mut |row| differ.look(row));
    }
    differ.finish()
}
