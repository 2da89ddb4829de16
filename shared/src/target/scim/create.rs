//! Making a user. The server is asked first whether the user is there: by the user name alone where its list was just read.
//! Afterwards the user is looked up where the answer does not show what the server made (R29, R31).

use serde_json::{Map, Value};

use super::{
    MEDIA, ScimTarget,
    answer::{json, refusal},
    change::{gone, holds},
    discovery::Known,
    resource::{external_id, id},
};
use crate::{
    account::{Account, AccountId},
    employee::{AttributeRef, Attributes, AttributesBuilder, Canonical},
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
        // Where the list was just read, only the name may have been given away since: references are ours alone.
        if !account.is_listed
            && let Some(own) = self.look_up_reference(&account.external_id).await?
        {
            let is_same = own.value(Canonical::Email) == Some(login);
            return is_same
                .then_some(own)
                .ok_or_else(|| taken("the reference is on another account"));
        }
        let mut named = self.look_up_attribute(Canonical::Email, login).await?;
        if let Some(found) = named.pop() {
            let is_own = named.is_empty() && found.external_id.as_ref() == Some(&account.external_id);
            return is_own
                .then_some(found)
                .ok_or_else(|| taken("the user name belongs to another account"));
        }
        let (now, later) = self.split(&account.attributes);
        let made = self.post(account, &now).await?;
        if later.view().iter().next().is_none() {
            return Ok(made);
        }
        let rest = Patch {
            id: made.id,
            attributes: later,
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

    /// Attributes that a new user may have, and those that are set on it afterwards.
    fn split(&self, attributes: &Attributes) -> (Attributes, Attributes) {
        let (mut now, mut later) = (AttributesBuilder::new(), AttributesBuilder::new());
        for entry in attributes.view() {
            let Some(attribute) = entry.attribute.to_owned() else {
                continue;
            };
            let is_now = match entry.attribute {
                AttributeRef::Canonical(canonical) => self.form.profile.is_made_with(canonical),
                AttributeRef::Custom(_) => self.form.profile.makes_all(),
            };
            if is_now { &mut now } else { &mut later }.append(&attribute, entry.field);
        }
        (now.build(), later.build())
    }

    async fn post(&self, account: &NewAccount, attributes: &Attributes) -> Result<Account, Error> {
        let resource = self.form.new_user(&account.external_id, attributes);
        let mut response = self.post_once(&resource).await;
        if let Ok(refused) = &response
            && refused.status() == 400
            && let Some(less) = self.trimmed(resource).await
        {
            response = self.post_once(&less).await;
        }
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                self.forget_index().await;
                return Err(error);
            }
        };
        if response.is_success() {
            return self.made(account, &response).await;
        }
        let error = refusal(CREATE, &response, true);
        if error.class != Class::Unknown {
            return Err(error);
        }
        // Some servers say 500 where a user is there already.
        self.forget_index().await;
        self.existing(account).await?.ok_or(error)
    }

    async fn post_once(&self, resource: &Value) -> Result<Response, Error> {
        let users = &self.features().await.users;
        let request = Request::new(Method::Post, &self.base, users, "/Users")
            .text(MEDIA, resource.to_string())
            .again_when_limited();
        self.call(CREATE, true, request).await
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
        let sent = self.sent(&account.attributes);
        let trusted = body
            .filter(|_| shown.is_some())
            .and_then(|body| self.form.account(&body));
        if let Some(made) = trusted
            && made.external_id.as_ref() == Some(&account.external_id)
            && holds(&made, &sent)
        {
            return Ok(made);
        }
        let found = self.find_resource(&found_id).await?;
        match found.as_ref().map(external_id) {
            Some(Some(other)) if other != account.external_id => Err(taken("the user name belongs to another account")),
            // An account that was there already has no reference of ours; one that was made shows what it was made with.
            Some(None) if shown.is_none() => Err(taken("the user name belongs to another account")),
            Some(_) => found.and_then(|found| self.form.account(&found)).ok_or_else(gone),
            None => Err(Error::new(
                Class::Unknown,
                CREATE,
                "the account that was made is not found",
            )),
        }
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

    /// A new user without what the server's schemas do not have; `None` where that is all of it.
    async fn trimmed(&self, resource: Value) -> Option<Value> {
        let known = self.known().await;
        let Value::Object(members) = resource else {
            return None;
        };
        let all = count(&members);
        let less: Map<String, Value> = members
            .into_iter()
            .filter_map(|(name, value)| kept(&known, name, value))
            .collect();
        (count(&less) < all).then_some(Value::Object(less))
    }
}

fn kept(known: &Known, name: String, value: Value) -> Option<(String, Value)> {
    if name == "schemas" {
        return Some((name, value));
    }
    if !name.starts_with("urn:") {
        return known.has(&name).then_some((name, value));
    }
    let Value::Object(members) = value else {
        return None;
    };
    let members: Map<String, Value> = members
        .into_iter()
        .filter(|(member, _)| known.has(&format!("{name}:{member}")))
        .collect();
    (!members.is_empty()).then_some((name, Value::Object(members)))
}

/// How many values a resource has, those of its extensions included.
fn count(members: &Map<String, Value>) -> usize {
    members
        .values()
        .map(|value| value.as_object().map_or(1, Map::len))
        .sum()
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
