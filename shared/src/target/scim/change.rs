//! Changing a user, on and off included. The account is read before, once: only what it does not show is sent, and what
//! a change came to is looked up where its answer does not show it (R28, R29).

use serde_json::Value;

use super::{
    ScimTarget,
    attempt::{Answer, UPDATE, Work, gone},
    part::Part,
};
use crate::{
    account::{Account, AccountId, WriteForm},
    target::{Class, Error, Patch, Refusal},
};

impl ScimTarget {
    /// Changes a user as far as it does not show the change already.
    pub(super) async fn change(&self, patch: &Patch) -> Result<Account, Error> {
        let current = self.resource_to_change(&patch.id, patch.version.as_deref()).await?;
        let current = current.ok_or_else(gone)?;
        let before = self.form.account(&current).ok_or_else(gone)?;
        let is_other = |seen: &str| self.learnt(|learned| self.form.is_other(seen, &before, patch, learned));
        if patch.version.as_deref().is_some_and(is_other) {
            return Err(Error::new(Class::Changed, UPDATE, "the account shows something else"));
        }
        let parts = self.learnt(|learned| {
            let mut parts = self.form.parts(&current, &before, patch, learned);
            parts.retain(|part| !learned.is_refused(part.path()));
            parts
        });
        let mut work = Work::new(patch, current, before.clone());
        let mut refused = Vec::new();
        let mut answer = None;
        for (form, parts) in self.by_form(&parts).await {
            answer = match self.write(&mut work, &parts, form).await? {
                Answer::Done(body) => body,
                Answer::Refused(error, tried) => {
                    refused.extend(self.write_apart(&mut work, &parts, tried, error).await?);
                    None
                }
            };
        }
        let is_taken = |part: &&Part| !refused.iter().any(|refusal: &Refusal| refusal.member == part.path());
        let taken: Vec<&Part> = parts.iter().filter(is_taken).collect();
        let mut unkept = Vec::new();
        let account = match taken.as_slice() {
            [] => before,
            taken => self.settle(&mut work, taken, before, answer, &mut unkept).await?,
        };
        let has_taken = |part: &&&Part| part.can_be_shown() && part.is_shown(&account);
        if taken.iter().any(|part| has_taken(&part)) {
            self.note_taker(&account.id);
        }
        if self.takers(&account.id, |takers, id| takers.contains(&id)) {
            self.learnt(|learned| refused.iter().for_each(|refusal| learned.note_refused(&refusal.member)));
        }
        refused.extend(unkept);
        self.note_refused(&account.id, refused);
        Ok(account)
    }

    /// Returns parts by the forms in which they are written, in their order.
    async fn by_form<'a>(&self, parts: &'a [Part]) -> Vec<(WriteForm, Vec<&'a Part>)> {
        let mut groups: Vec<(WriteForm, Vec<&Part>)> = Vec::new();
        for part in parts {
            let form = self.form_of(part).await;
            match groups.iter_mut().find(|(known, _)| *known == form) {
                Some((_, group)) => group.push(part),
                None => groups.push((form, vec![part])),
            }
        }
        groups
    }

    /// The account after a change. An answer is believed where it shows what was sent, and where a user who was read has shown each
    /// of these members before: some servers answer with what was sent, whatever they keep. Otherwise the account is read. What it
    /// does not show then is written in another form, once.
    async fn settle(
        &self,
        work: &mut Work<'_>,
        parts: &[&Part],
        before: Account,
        answer: Option<Value>,
        unkept: &mut Vec<Refusal>,
    ) -> Result<Account, Error> {
        let active = work.patch.active.unwrap_or(before.active);
        let answered = answer.and_then(|body| self.form.account(&body));
        let is_whole =
            |now: &Account| now.id == before.id && now.active == active && parts.iter().all(|part| part.is_shown(now));
        let answered = answered.filter(is_whole);
        // That a user was made with a login is no proof that a login can be changed.
        let is_login = parts.iter().any(|part| part.is_login());
        let mut shown = parts.iter().filter(|part| part.can_be_shown());
        let is_believed = !is_login && shown.all(|part| self.is_proven(part.path()));
        let mut now = match answered.filter(|_| is_believed) {
            Some(now) => now,
            None if self.refresh(work).await? => work.account.clone(),
            // Products exist that forget a user who is switched off.
            None if !active => {
                return Ok(Account {
                    active: false,
                    ..before
                });
            }
            None => return Err(gone()),
        };
        for part in parts.iter().filter(|part| part.can_be_shown()) {
            if part.is_shown(&now) {
                self.note_kept(part.path());
            } else if part.is_lost(&before, &now) {
                let form = self.form_of(part).await;
                if self.write_otherwise(work, part, form).await? {
                    now = work.account.clone();
                } else if part.switches().is_some() {
                    return Err(Error::new(
                        Class::Refused,
                        UPDATE,
                        "it says done, and the account is as it was",
                    ));
                } else {
                    self.learnt(|learned| learned.note_unkept(part.path()));
                    // No attribute shows this one, so that no plan would say it.
                    let is_login = part.is_login();
                    unkept.extend(is_login.then(|| part.refusal("it says done, and keeps the one before")));
                }
            }
        }
        Ok(now)
    }

    /// Returns whether an answer is believed about a member: a user who was read has shown it, or it is not sent.
    pub(super) fn is_proven(&self, path: &str) -> bool {
        self.learnt(|learned| learned.is_kept(path) || learned.is_refused(path))
    }

    /// Notes that the server keeps a member, which a user who was read shows.
    pub(super) fn note_kept(&self, path: &str) {
        self.learnt(|learned| {
            if !learned.is_kept(path) {
                learned.note_kept(path);
            }
        });
    }

    /// Notes what was refused of an account, until the caller asks for it.
    fn note_refused(&self, id: &AccountId, refused: Vec<Refusal>) {
        if !refused.is_empty() {
            self.refused_of(|all| all.entry(id.clone()).or_default().extend(refused));
        }
    }
}
