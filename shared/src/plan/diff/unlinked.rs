//! People of the roster who have no link: who of them looks for an account at all.

use super::{Differ, NOBODY, standing::Standing};
use crate::{
    connection::{Configuration, LeaverPolicy},
    employee::{Attribute, Attributes, AttributesBuilder, Canonical, EmployeeId, EmploymentStatus, Field, View},
    mapping::{Desired, Mapped, Person},
    plan::{Basis, Code, Finding, State, first_link::full_name},
    roster::{Completeness, Error, Row},
};

/// A person who looks for an account, kept until every person was seen.
pub(super) struct Candidate {
    pub(super) person: usize,
    pub(super) status: EmploymentStatus,
    /// Whether HR contradicts itself of whether they left: an account of theirs is neither let go nor taken.
    pub(super) is_contradicted: bool,
    /// The employee's identifier, where there are accounts to find by it.
    pub(super) identifier: Option<Box<str>>,
    /// The employee's values of `create_unless_taken`, where there are accounts that may have them.
    pub(super) unless_taken: Vec<(Canonical, Box<str>)>,
    /// The name, folded, where there are accounts to compare it with.
    pub(super) name: Option<String>,
    /// `None`: they left, and an account of theirs is only looked for to let it go.
    pub(super) desired: Option<Desired>,
}

impl Candidate {
    pub(super) fn new(
        person: usize,
        status: EmploymentStatus,
        row: Row<'_>,
        desired: Option<Desired>,
        basis: &Basis<'_>,
    ) -> Self {
        let configuration = basis.configuration;
        let has_accounts = !basis.accounts.is_empty();
        let attribute = configuration.identifier.attribute();
        let identifier = row.identifier(attribute);
        let unless_taken = configuration
            .create_unless_taken
            .iter()
            .filter(|_| has_accounts && desired.is_some())
            .filter_map(|canonical| Some((*canonical, row.attributes.value(*canonical)?.into())))
            .collect();
        Self {
            person,
            status,
            is_contradicted: false,
            unless_taken,
            identifier: identifier.filter(|_| has_accounts).map(Into::into),
            name: has_accounts
                .then(|| name_in_hr(row.attributes, configuration))
                .flatten(),
            desired,
        }
    }
}

impl Differ<'_> {
    pub(super) fn unlinked(&mut self, row: Row<'_>) -> Result<(), Error> {
        let id = EmployeeId::parse(row.id).map_err(|_| Error::Form)?;
        let person = self.people.len();
        self.people.push(NOBODY);
        let is_erased = self.basis.erased.contains(&id);
        let decided = self.basis.decisions.get(&id);
        self.unlinked.push(id);
        if is_erased {
            self.leave_out(person);
            return Ok(());
        }
        let laid_out = self.mapper.lay_out(row.id, row.attributes, self.basis.now);
        let standing = self.judge.standing(&laid_out, decided);
        let left = standing.is_terminated() && !self.creates_former();
        if standing.is_contradicted {
            self.set_outside(person);
            if let Some(field) = self.outside_either_way(&laid_out) {
                self.note_about(person, State::Filtered, Code::OutOfScope, [field]);
            } else {
                // As one who left, who is a conflict where there is an account of theirs.
                self.look_for_protected_address(person, row.attributes);
                self.look_for_account(person, standing, row, None);
            }
        } else if standing.is_early() {
            if let Mapped::Filtered { .. } = self.mapper.map_person(&laid_out) {
                self.set_outside(person);
            }
            self.find(person, State::Waiting, Code::NotStarted);
        } else if standing.status.is_none() && self.hides_leavers() {
            self.find(person, State::Skipped, Code::Unjudged);
        } else if let Some(undecided) = standing.undecided {
            if let Mapped::Filtered { .. } = self.mapper.map_person(&laid_out) {
                self.set_outside(person);
            }
            let undecided = Attribute::Canonical(undecided);
            self.note_about(person, State::Skipped, Code::Unreadable, [undecided]);
        } else if left {
            self.set_outside(person);
            self.look_for_protected_address(person, row.attributes);
            self.look_for_account(person, standing, row, None);
        } else {
            match self.mapper.map_person(&laid_out) {
                Mapped::Desired(mut desired) => {
                    self.take_into_scope(person, row, &desired);
                    if standing.is_terminated()
                        && let LeaverPolicy::Group(name) = &self.basis.configuration.leavers.terminated
                    {
                        desired.attributes = with_group(&desired.attributes, Field::Value(name));
                    }
                    self.look_for_account(person, standing, row, Some(desired));
                }
                Mapped::Filtered { field, .. } => {
                    self.set_outside(person);
                    self.note_about(person, State::Filtered, Code::OutOfScope, [field]);
                }
                Mapped::Unjudged { field } => self.note_about(person, State::Skipped, Code::Unjudged, [field]),
                Mapped::Skipped { missing } => {
                    let missing = missing.into_iter().map(Attribute::Canonical);
                    self.note_about(person, State::Skipped, Code::Lacks, missing);
                }
                Mapped::Unreadable { invalid, .. } => {
                    let invalid = invalid.into_iter().map(Attribute::Canonical);
                    self.note_about(person, State::Skipped, Code::Unreadable, invalid);
                }
            }
        }
        Ok(())
    }

    /// Returns by which attribute a person of whom HR contradicts itself is out of scope, whether they left or are back.
    pub(super) fn outside_either_way(&mut self, person: &Person<'_>) -> Option<Attribute> {
        person.count_as(EmploymentStatus::Active);
        match self.mapper.map_person(person) {
            Mapped::Filtered { field, .. } => Some(field).filter(|field| *field != Canonical::EmploymentStatus.into()),
            Mapped::Desired(_) | Mapped::Skipped { .. } | Mapped::Unjudged { .. } | Mapped::Unreadable { .. } => None,
        }
    }

    /// Leaves out a person who was erased: they are no part of anything, and none of their values is kept (R37).
    pub(super) fn leave_out(&mut self, person: usize) {
        self.set_outside(person);
        self.find(person, State::Skipped, Code::Erased);
    }

    /// Returns whether people who left long ago are made; not where they would be switched off or parked at once (R17).
    fn creates_former(&self) -> bool {
        let configuration = self.basis.configuration;
        let lets_be = matches!(
            configuration.leavers.terminated,
            LeaverPolicy::Ignore | LeaverPolicy::Group(_)
        );
        configuration.create_former && lets_be
    }

    fn look_for_account(&mut self, person: usize, standing: Standing, row: Row<'_>, desired: Option<Desired>) {
        let status = standing.status.unwrap_or(EmploymentStatus::Active);
        self.candidates.push(Candidate {
            is_contradicted: standing.is_contradicted,
            ..Candidate::new(person, status, row, desired, self.basis)
        });
    }

    /// Returns whether HR used to show who left, and does not in this roster, or has both a last day and a word for it and shows neither: then
    /// those who left look like everybody else.
    fn hides_leavers(&self) -> bool {
        let words = [Canonical::TerminationDate, Canonical::EmploymentStatus];
        let hidden = &self.basis.header.hidden;
        if words
            .iter()
            .all(|word| hidden.contains_key(&Attribute::Canonical(*word)))
        {
            return true;
        }
        match self.basis.completeness {
            Completeness::Narrowed(hidden) => words.iter().any(|word| hidden.contains(&Attribute::Canonical(*word))),
            Completeness::Complete(_) | Completeness::Partial(_) | Completeness::Foreign => false,
        }
    }

    pub(super) fn note_about(
        &mut self,
        person: usize,
        state: State,
        code: Code,
        attributes: impl IntoIterator<Item = Attribute>,
    ) {
        if let Some(id) = self.id(person) {
            self.note(person, Finding::about(state, code, id).with_attributes(attributes));
        }
    }
}

/// Returns the same set with another group, or without saying anything of the group (unseen).
pub(super) fn with_group(attributes: &Attributes, group: Field<&str>) -> Attributes {
    let mut builder = AttributesBuilder::new();
    for entry in attributes.view() {
        if let Some(attribute) = entry.attribute.to_owned()
            && attribute != Attribute::Canonical(Canonical::Group)
        {
            builder.set(attribute, entry.field);
        }
    }
    if group.is_seen() {
        builder.set(Canonical::Group.into(), group);
    }
    builder.build()
}

/// Returns the name under which HR wants a person's account, in the form in which names are compared.
fn name_in_hr(attributes: View<'_>, configuration: &Configuration) -> Option<String> {
    let call_name = (configuration.first_name == Canonical::KnownAs)
        .then(|| attributes.value(Canonical::KnownAs))
        .flatten();
    let first = call_name.or_else(|| attributes.value(Canonical::FirstName));
    full_name(
        first,
        attributes.value(Canonical::LastName),
        attributes.value(Canonical::DisplayName),
    )
}
