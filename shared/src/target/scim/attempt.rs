//! Sending a change in the form that the server takes. Which form that is, is kept (`account::Learned`).

use serde_json::Value;

use super::{
    MEDIA, ScimTarget,
    answer::{json, refusal, refusal_of_one},
    assignment::{Assignment, merged, strip},
    part::{Part, message},
    profile::Update,
    resource::{member, version},
};
use crate::{
    account::{Account, WriteForm},
    employee::Canonical,
    http::{Method, Response},
    target::{Class, Error, Patch},
};

pub(super) const UPDATE: &str = "update an account";

/// The path under which is remembered in which form all is written.
const EVERYTHING: &str = "";

/// A user who is being changed: as the server showed it last.
pub(super) struct Work<'a> {
    pub(super) patch: &'a Patch,
    pub(super) current: Value,
    pub(super) account: Account,
    /// Whether something was sent since the user was read.
    pub(super) is_written: bool,
}

/// What the server says to a change.
pub(super) enum Answer {
    /// Taken, with the body of the answer.
    Done(Option<Value>),
    /// Refused in this form, or broken twice: nothing of it was done.
    Refused(Error, WriteForm),
}

/// How often a request may break before it counts as one that the server does not take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    Once,
    Twice,
}

impl<'a> Work<'a> {
    pub(super) const fn new(patch: &'a Patch, current: Value, account: Account) -> Self {
        Self {
            patch,
            current,
            account,
            is_written: false,
        }
    }
}

impl ScimTarget {
    /// Returns the form in which a part is written.
    pub(super) async fn form_of(&self, part: &Part) -> WriteForm {
        let known = self.learnt(|learned| learned.form(part.path()));
        match known {
            Some(form) => form,
            None => self.usual_form().await,
        }
    }

    /// Returns the form in which all is written that has none of its own: what worked; else what the server says that it can.
    pub(super) async fn usual_form(&self) -> WriteForm {
        let known = self.learnt(|learned| learned.form(EVERYTHING));
        match known {
            Some(form) => form,
            None if self.features().await.patch => WriteForm::Path,
            None => WriteForm::Put,
        }
    }

    /// Writes parts that go in one form; `PUT` in place of `PATCH`, or the other way round, where the server has the one
    /// only.
    pub(super) async fn write(&self, work: &mut Work<'_>, parts: &[&Part], form: WriteForm) -> Result<Answer, Error> {
        self.check_address(work, parts).await?;
        let answer = self.write_in(work, parts, form, Breaks::Twice).await?;
        let Answer::Refused(error, _) = &answer else {
            return Ok(answer);
        };
        let is_usual = form == self.usual_form().await && self.learnt(|learned| learned.form(EVERYTHING)).is_none();
        if error.class != Class::Unsupported || !is_usual || self.form.profile.update == Update::Merge {
            return Ok(answer);
        }
        let other = other_form(form);
        let again = self.write_in(work, parts, other, Breaks::Twice).await?;
        if matches!(again, Answer::Done(_)) {
            self.note_usual_form(other);
        }
        Ok(again)
    }

    /// Notes in which form all is written: one that has worked.
    pub(super) fn note_usual_form(&self, form: WriteForm) {
        self.learnt(|learned| {
            if learned.form(EVERYTHING).is_none() {
                learned.note_form(EVERYTHING, form);
            }
        });
    }

    /// Makes sure that no other account has an address that is written without the login: the server keeps only logins apart.
    async fn check_address(&self, work: &Work<'_>, parts: &[&Part]) -> Result<(), Error> {
        let address = parts.iter().find_map(|part| part.address());
        let Some(address) = address.filter(|_| !parts.iter().any(|part| part.is_login())) else {
            return Ok(());
        };
        let found = self.look_up_attribute(Canonical::Email, address).await?;
        if found.iter().all(|account| account.id == work.account.id) {
            return Ok(());
        }
        Err(Error::new(
            Class::Conflict,
            UPDATE,
            "the address belongs to another account",
        ))
    }

    /// Writes parts in one form. A version that moves by itself is taken anew once, and left out then; what breaks is sent once
    /// more, if it was not done (R28, R29).
    pub(super) async fn write_in(
        &self,
        work: &mut Work<'_>,
        parts: &[&Part],
        form: WriteForm,
        breaks: Breaks,
    ) -> Result<Answer, Error> {
        if work.is_written && !self.refresh(work).await? {
            return Err(gone());
        }
        let (mut conditions_refused, mut is_repeated) = (0, breaks == Breaks::Once);
        loop {
            work.is_written = true;
            let response = self.send_change(work, parts, form, conditions_refused < 2).await?;
            match response.status() {
                200..=299 => {
                    if conditions_refused == 2 {
                        self.learnt(|learned| learned.versions_fail = true);
                    }
                    return Ok(Answer::Done(json(&response)));
                }
                412 if conditions_refused < 2 => conditions_refused += 1,
                500 if !is_repeated => is_repeated = true,
                // A credential that is known to be good may not be allowed to write a single attribute.
                400 | 401 | 403 | 405 | 413 | 415 | 422 | 500 | 501 => {
                    let error = refusal_of_one(UPDATE, &response, true);
                    return if error.class == Class::Conflict {
                        Err(error)
                    } else {
                        Ok(Answer::Refused(error, form))
                    };
                }
                _ => return Err(refusal(UPDATE, &response, true)),
            }
            // A reply may have been lost, and the account be as it is wanted.
            let before = work.account.clone();
            let own_version = version(&work.current);
            if !self.refresh(work).await? {
                return Err(gone());
            }
            if parts.iter().all(|part| part.is_shown(&work.account)) && parts.iter().any(|part| part.can_be_shown()) {
                return Ok(Answer::Done(None));
            }
            if conditions_refused > 0 && own_version != version(&work.current) {
                self.learnt(|learned| learned.versions_work = true);
            }
            let seen = before.version.as_deref().unwrap_or_default();
            if self.learnt(|learned| self.form.is_other(seen, &work.account, work.patch, learned)) {
                return Err(Error::new(Class::Changed, UPDATE, "the account was changed meanwhile"));
            }
        }
    }

    /// Reads the user again; `false` where the user is not there.
    pub(super) async fn refresh(&self, work: &mut Work<'_>) -> Result<bool, Error> {
        let Some(found) = self.find_resource(&work.patch.id).await? else {
            return Ok(false);
        };
        work.account = self.form.account(&found).ok_or_else(gone)?;
        work.current = found;
        work.is_written = false;
        Ok(true)
    }

    /// Sends one request that says what is to be there afterwards: sent twice, it does nothing twice.
    pub(super) async fn send_change(
        &self,
        work: &Work<'_>,
        parts: &[&Part],
        form: WriteForm,
        on_condition: bool,
    ) -> Result<Response, Error> {
        let (method, body) = self.body(work, parts, form);
        let request = self
            .user_request(method, work.account.id.as_str())
            .await
            .ok_or_else(gone)?;
        let mut request = request.text(MEDIA, body.to_string()).repeatable().take_breakdown();
        if on_condition
            && self.features().await.etag
            && !self.learnt(|learned| learned.versions_fail)
            && let Some(version) = version(&work.current)
        {
            request = request.header("if-match", version.into_string());
        }
        self.call_for_one(UPDATE, true, request).await
    }

    fn body(&self, work: &Work<'_>, parts: &[&Part], form: WriteForm) -> (Method, Value) {
        let assignments = parts.iter().flat_map(|part| &part.assignments);
        if self.form.profile.update == Update::Merge {
            let all: Vec<Assignment> = assignments.cloned().collect();
            let mut members = merged(&self.form, &all);
            let name = member(&work.current, "userName").cloned();
            name.map(|name| members.entry("userName").or_insert(name));
            return (Method::Patch, Value::Object(members));
        }
        if form != WriteForm::Put {
            return (Method::Patch, message(&self.form, parts, form));
        }
        let mut whole = work.current.clone();
        strip(&mut whole);
        // Some show it as a text, or not at all, and take a boolean only.
        let active = Part::active(work.account.active);
        for assignment in active.assignments.iter().chain(assignments) {
            self.form.apply(&mut whole, assignment);
        }
        (Method::Put, whole)
    }
}

/// The form in which all is written where not in this one.
pub(super) const fn other_form(form: WriteForm) -> WriteForm {
    match form {
        WriteForm::Put => WriteForm::Path,
        WriteForm::Path | WriteForm::WithoutPath | WriteForm::Value | WriteForm::Text => WriteForm::Put,
    }
}

pub(super) fn gone() -> Error {
    Error::new(Class::Gone, UPDATE, "the account is not there")
}
