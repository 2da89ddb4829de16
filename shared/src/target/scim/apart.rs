//! A change that a server refuses as a whole, part by part: what it takes is written, what it refuses is tried in another form, and
//! what takes none is named. What is found out is kept (`account::Learned`); a refusal counts against an attribute only where the
//! same user took something else.

use super::{
    ScimTarget,
    attempt::{Answer, Breaks, Work, gone, other_form},
    part::Part,
    profile::Update,
};
use crate::{
    account::WriteForm,
    target::{Class, Error, Refusal},
};

impl ScimTarget {
    /// Writes each of several parts by itself, because the server takes not all of them together. Returns what it refuses.
    ///
    /// # Errors
    /// [`Error`] where a part is refused without which the change is none, or the server is down.
    pub(super) async fn write_apart(
        &self,
        work: &mut Work<'_>,
        parts: &[&Part],
        tried: WriteForm,
        error: Error,
    ) -> Result<Vec<Refusal>, Error> {
        if let [part] = parts {
            let refusal = self.write_alone(work, part, tried, error, &mut None).await?;
            return Ok(refusal.into_iter().collect());
        }
        // Whether the server takes any change of this user.
        let mut takes = None;
        if error.class == Class::Unknown {
            takes = Some(self.takes_writes(work).await?);
        }
        if takes == Some(false) {
            return Err(error);
        }
        let known = self.known().await;
        let (known, absent): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| known.has_part(part));
        let mut refusals = Vec::new();
        let mut left = parts;
        // What the schemas do not have is likeliest to be what is refused; some do not tell all that the server keeps.
        if let ([_, ..], [first, ..]) = (&*absent, &*known)
            && let form = self.form_of(first).await
            && let Answer::Done(_) = self.write(work, &known, form).await?
        {
            takes = Some(true);
            left = &absent;
        }
        for part in left {
            let form = self.form_of(part).await;
            match self.write(work, &[part], form).await? {
                Answer::Done(_) => takes = Some(true),
                Answer::Refused(error, tried) => {
                    refusals.extend(self.write_alone(work, part, tried, error, &mut takes).await?);
                }
            }
        }
        Ok(refusals)
    }

    /// Writes a part that was refused by itself in another form; what takes none is refused for good. Returns the refusal.
    /// `takes` says whether the server takes any change of this user, once that is known.
    ///
    /// # Errors
    /// [`Error`] where it may be that the server takes none now, or where the part is what the change is about.
    async fn write_alone(
        &self,
        work: &mut Work<'_>,
        part: &Part,
        tried: WriteForm,
        error: Error,
        takes: &mut Option<bool>,
    ) -> Result<Option<Refusal>, Error> {
        let is_up = match *takes {
            Some(is_up) => is_up,
            None => *takes.insert(self.takes_writes(work).await?),
        };
        if !is_up {
            return Err(error);
        }
        if self.write_otherwise(work, part, tried).await? {
            return Ok(None);
        }
        for (less, without) in part.with_less() {
            if let Answer::Done(_) = self.write(work, &[&less], tried).await? {
                self.learnt(|learned| without.iter().for_each(|path| learned.note_refused(path)));
                return Ok(None);
            }
        }
        // What breaks for this user alone may work the next time.
        let is_usually_kept = self.learnt(|learned| learned.is_kept(part.path()));
        if part.switches().is_some() || error.class == Class::Unknown && is_usually_kept {
            return Err(error);
        }
        Ok(Some(part.refusal(&error.detail)))
    }

    /// Writes a part in the other forms that there are, until the account shows it. Returns whether it does. One user is tried
    /// with at a time, so that what works for one is used for the others.
    pub(super) async fn write_otherwise(
        &self,
        work: &mut Work<'_>,
        part: &Part,
        tried: WriteForm,
    ) -> Result<bool, Error> {
        if self.form.profile.update == Update::Merge {
            return Ok(false);
        }
        let _one_at_a_time = self.search.lock().await;
        let path = part.path();
        let known = self
            .learnt(|learned| learned.form(path))
            .filter(|known| *known != tried);
        let is_settled =
            self.learnt(|learned| learned.is_kept(path) || learned.is_refused(path) || learned.is_unkept(path));
        let forms = match known {
            Some(known) => vec![known],
            None if is_settled => return Ok(false),
            None => part.forms(self.usual_form().await),
        };
        for form in forms.into_iter().filter(|form| *form != tried) {
            match self.write_in(work, &[part], form, Breaks::Once).await {
                Ok(Answer::Done(_)) => {
                    if !self.refresh(work).await? {
                        return Err(gone());
                    }
                    if part.is_shown(&work.account) {
                        self.learnt(|learned| learned.note_form(path, form));
                        return Ok(true);
                    }
                }
                Ok(Answer::Refused(..)) => {}
                Err(error) if matches!(error.class, Class::Refused | Class::Unsupported | Class::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Returns whether the server takes any change of this user now: what is there is sent once more.
    async fn takes_writes(&self, work: &mut Work<'_>) -> Result<bool, Error> {
        if work.is_written && !self.refresh(work).await? {
            return Err(gone());
        }
        work.is_written = true;
        let as_it_is = Part::active(work.account.active);
        let usual = self.usual_form().await;
        let response = self.send_change(work, &[&as_it_is], usual, true).await?;
        let is_of_the_form = matches!(response.status(), 405 | 501) && self.form.profile.update != Update::Merge;
        if !is_of_the_form {
            return Ok(response.is_success());
        }
        let other = other_form(usual);
        let takes = self.send_change(work, &[&as_it_is], other, true).await?.is_success();
        if takes {
            self.note_usual_form(other);
        }
        Ok(takes)
    }
}
