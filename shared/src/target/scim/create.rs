//! Making a user. The server is asked first whether the user is there: by the user name alone where its list was just read.
//! Afterwards the user is looked up where the answer does not show what the server made (R29, R31), and what the user does not show is set
//! then.

use super::{
    MEDIA, ScimTarget,
    answer::{json, refusal, refusal_of_one},
    attempt::gone,
    new_user::{Draft, Lesson},
    part::{DISPLAY_NAME, REFERENCE},
    resource::{external_id, id},
};
use crate::{
    account::{Account, AccountId, ExternalId},
    employee::{Attribute, AttributeRef, Attributes, AttributesBuilder, Canonical, Field},
    http::{Method, Request, Response},
    target::{Class, Error, NewAccount, Patch},
};

const CREATE: &str = "create an account";

impl ScimTarget {
    /// Makes a user, unless reference or user name are taken.
    pub(super) async fn make(&self, account: &NewAccount) -> Result<Account, Error> {
        if account.invite {
            return Err(Error::new(Class::Unsupported, CREATE, "SCIM knows no invitations"));
        }
        let Some(login) = account.attributes.value(Canonical::Email) else {
            return Err(Error::new(
                Class::Refused,
                CREATE,
                "a user needs an e-mail for its user name",
            ));
        };
        // A process may have died between the request that made the user and the one that completes them.
        let made = match self.find_own(account, login).await? {
            Some(own) => own,
            None => self.post(account).await?,
        };
        let rest = self.missing(&account.attributes, &made);
        if rest.view().iter().next().is_none() {
            return Ok(made);
        }
        let rest = Patch {
            id: made.id,
            attributes: rest,
            active: None,
            external_id: None,
            version: None,
            origin: account.origin.clone(),
        };
        // The account is there: a caller who looks it up sees how much of it was set.
        self.change(&rest).await.map_err(|error| Error {
            class: Class::Unknown,
            ..error
        })
    }

    /// Returns the user where an earlier request made them already. Where the list was just read, only the name may have been given away
    /// since: references are ours alone.
    async fn find_own(&self, account: &NewAccount, login: &str) -> Result<Option<Account>, Error> {
        let known = match self
            .look_up_reference_unless(account.is_listed, &account.external_id)
            .await
        {
            // The list does not show all users; the one that was made has this name.
            Err(error) if error.class == Class::Incomplete => None,
            known => known?,
        };
        if let Some(own) = known {
            let is_same = own.value(Canonical::Email) == Some(login);
            return is_same
                .then_some(Some(own))
                .ok_or_else(|| taken("the reference is on another account"));
        }
        let mut named = self.look_up(Canonical::Email, login, account.is_listed).await?;
        let Some(found) = named.pop() else {
            if !account.is_listed && !account.shares_address && self.has_address(login).await? {
                return Err(taken("the address belongs to another account"));
            }
            return Ok(None);
        };
        let is_own = named.is_empty() && found.external_id.as_ref() == Some(&account.external_id);
        is_own
            .then_some(Some(found))
            .ok_or_else(|| taken("the user name belongs to another account"))
    }

    async fn look_up_reference_unless(
        &self,
        is_listed: bool,
        reference: &ExternalId,
    ) -> Result<Option<Account>, Error> {
        if is_listed {
            return Ok(None);
        }
        self.look_up_reference(reference).await
    }

    /// Attributes that a new user may have at once.
    fn at_once(&self, attributes: &Attributes) -> Attributes {
        let mut now = AttributesBuilder::new();
        for entry in attributes.view() {
            let is_now = match entry.attribute {
                AttributeRef::Canonical(canonical) => self.form.profile.is_made_with(canonical),
                AttributeRef::Custom(_) => self.form.profile.makes_all(),
            };
            if let Some(attribute) = entry.attribute.to_owned().filter(|_| is_now) {
                now.append(&attribute, entry.field);
            }
        }
        now.build()
    }

    /// Attributes of which a user who was made shows no value.
    fn missing(&self, attributes: &Attributes, made: &Account) -> Attributes {
        let mut missing = AttributesBuilder::new();
        for entry in attributes.view() {
            let Some(attribute) = entry.attribute.to_owned() else {
                continue;
            };
            let shown = made.attributes.field(attribute.clone()).value();
            let is_missing = entry.field.value().is_some() && shown.is_none();
            if is_missing && self.may_be_kept(&attribute, entry.field) {
                missing.append(&attribute, entry.field);
            }
        }
        missing.build()
    }

    /// Notes that the server keeps what a user shows of what was sent.
    fn note_shown(&self, attributes: &Attributes, made: &Account) {
        for entry in attributes.view() {
            let Some(attribute) = entry.attribute.to_owned() else {
                continue;
            };
            if entry.field.value().is_some() && made.attributes.field(attribute.clone()).value() == entry.field.value()
            {
                let mut one = AttributesBuilder::new();
                one.append(&attribute, entry.field);
                for assignment in self.form.assignments(&one.build()) {
                    self.note_kept(&assignment.path);
                }
            }
        }
    }

    /// Whether the server may keep an attribute that it has not kept of a new user.
    fn may_be_kept(&self, attribute: &Attribute, field: Field<&str>) -> bool {
        let mut one = AttributesBuilder::new();
        one.append(attribute, field);
        let assignments = self.form.assignments(&one.build());
        self.learnt(|learned| {
            let mut paths = assignments.iter().map(|assignment| &*assignment.path);
            paths.any(|path| !learned.is_refused(path) && !learned.is_unkept(path))
        })
    }

    async fn post(&self, account: &NewAccount) -> Result<Account, Error> {
        let attributes = self.at_once(&account.attributes);
        let draft = self.learnt(|learned| Draft::new(&self.form, account, &attributes, learned));
        let mut response = self.post_once(&draft).await?;
        // Of what is taken nothing is left out: the person may have an account already.
        let is_taken = refusal(CREATE, &response, true).class == Class::Conflict;
        if is_refused(&response) && !is_taken {
            let _one_at_a_time = self.search.lock().await;
            response = self.post_less(account, &attributes, draft, response).await?;
        }
        if response.is_success() {
            self.note_kept("userName");
            let made = self.made(account, &response).await?;
            self.note_shown(&account.attributes, &made);
            self.note_taker(&made.id);
            if self.form.profile.needs_display_name && attributes.value(Canonical::DisplayName).is_none() {
                self.learnt(|learned| learned.note_needed(DISPLAY_NAME));
            }
            return Ok(made);
        }
        let error = refusal_of_one(CREATE, &response, true);
        if error.class != Class::Unknown {
            return Err(error);
        }
        // Some servers say 500 where a user is there already.
        self.forget_index().await;
        self.existing(account).await?.ok_or(error)
    }

    /// Sends less of a user whom the server refuses, until it takes them: what is left out is set by itself afterwards. What the
    /// server does not have, or has to have, is learnt. Returns its last answer.
    async fn post_less(
        &self,
        account: &NewAccount,
        attributes: &Attributes,
        sent: Draft,
        mut response: Response,
    ) -> Result<Response, Error> {
        let known = self.known().await;
        // What was learnt meanwhile, from another user, comes first.
        let now = self.learnt(|learned| Draft::new(&self.form, account, attributes, learned));
        let has_made_users = self.learnt(|learned| learned.is_kept("userName"));
        let mut last = sent;
        for Lesson { draft, absent, needed } in now.lessons(&self.form, known, has_made_users) {
            if draft == last {
                continue;
            }
            response = self.post_once(&draft).await?;
            if response.is_success() {
                self.learnt(|learned| {
                    for path in &absent {
                        learned.note_absent(path);
                    }
                    for path in needed {
                        learned.note_needed(path);
                    }
                });
            }
            if !is_refused(&response) {
                break;
            }
            last = draft;
        }
        Ok(response)
    }

    async fn post_once(&self, draft: &Draft) -> Result<Response, Error> {
        let users = &self.features().await.users;
        let request = Request::new(Method::Post, &self.base, users, "/Users")
            .text(MEDIA, draft.body().to_string())
            .again_when_limited();
        let answer = self.call_for_one(CREATE, true, request).await;
        if answer.is_err() {
            self.forget_index().await;
        }
        answer
    }

    /// Returns the account that an answer says was made. The answer may be empty, and may show another user.
    async fn made(&self, account: &NewAccount, response: &Response) -> Result<Account, Error> {
        let body = json(response);
        let shown = body.as_ref().and_then(id);
        let located = || response.header("location").and_then(last_segment);
        let Some(found_id) = shown.clone().or_else(located) else {
            self.forget_index().await;
            let unknown = || Error::new(Class::Unknown, CREATE, "the answer names no account, and none is found");
            return self.existing(account).await?.ok_or_else(unknown);
        };
        let bears_none = self.learnt(|learned| learned.is_refused(REFERENCE));
        let trusted = body
            .filter(|_| shown.is_some())
            .and_then(|body| self.form.account(&body));
        if let Some(made) = trusted
            && (made.external_id.as_ref() == Some(&account.external_id) || bears_none && made.external_id.is_none())
            && self.holds(&made, &account.attributes)
        {
            if self.are_proven(&account.attributes) {
                return Ok(made);
            }
            // What an answer shows is kept only where a user who is read shows it too. One who cannot be read yet is there all the same.
            let found = self.find_resource(&made.id).await?;
            return Ok(found.and_then(|found| self.form.account(&found)).unwrap_or(made));
        }
        let found = self.find_resource(&found_id).await?;
        match found.as_ref().map(external_id) {
            Some(Some(other)) if other != account.external_id => Err(taken("the user name belongs to another account")),
            // An account that was there already has no reference of ours; one that was made shows what it was made with.
            Some(None) if shown.is_none() && !bears_none => Err(taken("the user name belongs to another account")),
            Some(_) => found.and_then(|found| self.form.account(&found)).ok_or_else(gone),
            None => Err(Error::new(
                Class::Unknown,
                CREATE,
                "the account that was made is not found",
            )),
        }
    }

    /// Whether an answer is believed about each of these attributes.
    fn are_proven(&self, attributes: &Attributes) -> bool {
        let assignments = self.form.assignments(attributes);
        let mut sent = assignments.iter().filter(|assignment| assignment.value.is_some());
        sent.all(|assignment| self.is_proven(&assignment.path))
    }

    /// Whether an account shows what a user was to be made with.
    fn holds(&self, account: &Account, attributes: &Attributes) -> bool {
        attributes.view().iter().all(|entry| match entry.attribute {
            AttributeRef::Canonical(canonical) => {
                let is_shown = self.form.profile.place(canonical).is_some() || self.form.extension.is_some();
                !is_shown || account.value(canonical) == entry.field.value()
            }
            AttributeRef::Custom(_) => true,
        })
    }

    /// The account that is there in place of one that was to be made: ours, or a conflict; `None` where there is none.
    async fn existing(&self, account: &NewAccount) -> Result<Option<Account>, Error> {
        if let Some(own) = self.look_up_reference(&account.external_id).await? {
            return Ok(Some(own));
        }
        let login = account.attributes.value(Canonical::Email).unwrap_or_default();
        if self.look_up_attribute(Canonical::Email, login).await?.is_empty() {
            Ok(None)
        } else {
            Err(taken("the user name belongs to another account"))
        }
    }
}

/// Whether a user is refused for what stands there, as far as the status tells: less of it may be taken.
fn is_refused(response: &Response) -> bool {
    matches!(response.status(), 400 | 401 | 403 | 422)
}

/// The id at the end of an address.
fn last_segment(location: &str) -> Option<AccountId> {
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let segment = path.rsplit('/').next()?;
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8().ok()?;
    AccountId::parse(&decoded).ok()
}

fn taken(detail: &str) -> Error {
    Error::new(Class::Conflict, CREATE, detail)
}
