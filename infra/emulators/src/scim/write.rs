//! Users made, changed and removed.

use axum::{
    body::Bytes,
    http::{HeaderMap, header::LOCATION},
};
use serde_json::{Map, Value, json};

use super::{
    Service,
    answer::answer,
    attribute,
    habit::{Changed, Changes, Conflicts, Created, Habits},
    patch::{merge, names, patch},
    user::{Refused, User, settled},
};
use crate::server::reply::Reply;

impl Service {
    /// Returns whether a user name or reference belongs to a user other than `id`.
    fn is_taken(&self, members: &Map<String, Value>, id: &str) -> bool {
        let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
        let fold = |text: &str| {
            if self.habits.case_sensitive {
                text.to_owned()
            } else {
                text.to_lowercase()
            }
        };
        let is_same = |user: &&User| {
            let same_reference = !text("externalId").is_empty() && user.text("externalId") == text("externalId");
            user.id != id && (fold(user.text("userName")) == fold(text("userName")) || same_reference)
        };
        self.users.iter().any(|user| is_same(&user))
    }

    /// Returns the refusal of a request that writes a forbidden user.
    fn forbid(&self, members: &Map<String, Value>) -> Option<Reply> {
        let name = members.get("userName").and_then(Value::as_str)?;
        let is_forbidden = self.habits.forbids.iter().any(|forbidden| forbidden == name);
        is_forbidden.then(|| self.refuse(self.habits.forbids_with.unwrap_or(403), None, "not this user"))
    }

    /// Deletes a user (RFC 7644, section 3.6).
    pub(super) fn remove(&mut self, id: &str) -> Reply {
        let before = self.users.len();
        self.users.retain(|user| user.id != id);
        if self.users.len() < before {
            Reply::empty(204)
        } else {
            self.refuse(404, None, "nobody here")
        }
    }

    pub(super) fn create(&mut self, body: &Bytes) -> Reply {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return self.refuse(400, Some("invalidSyntax"), "no object");
        };
        let is_named = members
            .get("userName")
            .and_then(Value::as_str)
            .is_some_and(|name| !name.is_empty());
        if !is_named {
            return self.refuse(400, Some("invalidValue"), "userName is needed");
        }
        if let Some(refusal) = self.forbid(&members) {
            return refusal;
        }
        if self.is_taken(&members, "") && !self.habits.keeps_twice {
            return match (self.habits.created, self.habits.conflicts) {
                (Created::EmptyAlsoForExisting, _) => answer(201, &json!({})),
                (_, Conflicts::Typed) => self.refuse(409, Some("uniqueness"), "taken"),
                (_, Conflicts::Bare) => self.refuse(409, None, "taken"),
                (_, Conflicts::ServerError) => self.refuse(500, None, "something went wrong"),
            };
        }
        let mut failing = self.habits.fails_creates.iter();
        if failing.any(|name| attribute::has(&members, name)) || self.habits.breaks_on(&Map::new(), &members) {
            return self.refuse(self.habits.fails_with.unwrap_or(500), None, "something went wrong");
        }
        let echo = self.habits.echoes.then(|| self.keeping_all());
        let echo = echo.and_then(|habits| settled(None, &members, members.clone(), &habits).ok());
        let members = match settled(None, &members, members.clone(), &self.habits) {
            Ok(members) => members,
            Err(refused) => return self.refuse(refused.status, refused.kind, &refused.detail),
        };
        let id = self.keep(members);
        let location = format!("{}/Users/{id}", self.base);
        match self.habits.created {
            Created::Whole => match self.users.last() {
                Some(user) => {
                    let members = echo.unwrap_or_else(|| user.members.clone());
                    let shown = User {
                        members,
                        ..user.clone()
                    };
                    self.shown(201, &shown).with(LOCATION, location)
                }
                None => Reply::empty(500),
            },
            Created::Empty => answer(201, &json!({})).with(LOCATION, location),
            Created::EmptyAlsoForExisting => answer(201, &json!({})),
        }
    }

    /// Edits a user by hand, right before a change, where that is a habit.
    fn meddle(&mut self, id: &str) {
        let habits = &mut self.habits;
        if habits.meddles > 0 && habits.meddles_after > 0 {
            habits.meddles_after -= 1;
        } else if habits.meddles > 0
            && let Some(user) = self.users.iter_mut().find(|user| user.id == id)
        {
            habits.meddles -= 1;
            user.version += 1;
            let title = || [("title".to_owned(), json!("By Hand"))].into_iter().collect();
            merge(&mut user.members, habits.meddles_with.clone().unwrap_or_else(title));
        }
    }

    pub(super) fn change(&mut self, method: &str, id: &str, headers: &HeaderMap, body: &Bytes) -> Reply {
        let status = match (self.habits.changes, method) {
            (Changes::PutNotImplemented | Changes::PutOnly, "PATCH") => 501,
            (Changes::PutNotAllowed, "PATCH") | (Changes::PatchOnly | Changes::Merge, "PUT") => 405,
            _ => 200,
        };
        if status != 200 {
            return self.refuse(status, None, "not this way");
        }
        self.meddle(id);
        let Some(before) = self.users.iter().find(|user| user.id == id).cloned() else {
            return self.refuse(404, None, "nobody here");
        };
        if let Some(refusal) = self.forbid(&before.members) {
            return refusal;
        }
        let matched = headers.get("if-match").and_then(|value| value.to_str().ok());
        let version = before.version(&self.habits);
        if matched.is_some()
            && !self.habits.ignores_versions
            && (matched != version.as_deref() || self.habits.refuses_versions)
        {
            return self.refuse(412, None, "another version");
        }
        let echo = self.habits.echoes.then(|| self.keeping_all());
        let echo = echo.and_then(|habits| changed(&habits, method, &before, body).ok());
        let members = match changed(&self.habits, method, &before, body) {
            Ok(members) => members,
            Err(refused) => return self.refuse(refused.status, refused.kind, &refused.detail),
        };
        if self.is_taken(&members, id) {
            return self.refuse(409, Some("uniqueness"), "taken");
        }
        let after = User {
            version: before.version + 1,
            members,
            ..before.clone()
        };
        let is_forgotten = self.habits.forgets_inactive && !after.is_active();
        if is_forgotten {
            self.users.retain(|user| user.id != id);
        } else if let Some(kept) = self.users.iter_mut().find(|user| user.id == id) {
            *kept = after.clone();
        }
        match self.habits.changed {
            Changed::Whole => {
                let members = echo.unwrap_or_else(|| after.members.clone());
                self.shown(200, &User { members, ..after })
            }
            Changed::NoContent => Reply::empty(204),
            Changed::Stale => self.shown(200, &before),
        }
    }

    /// Returns these habits, but for what is dropped.
    fn keeping_all(&self) -> Habits {
        Habits {
            drops: Vec::new(),
            ..self.habits.clone()
        }
    }
}

impl Habits {
    /// What a request is answered that fails.
    fn failure(&self) -> Refused {
        Refused {
            status: self.fails_with.unwrap_or(500),
            kind: None,
            detail: "something went wrong".to_owned(),
        }
    }

    /// Whether a request that makes these members of others writes a text that breaks the server.
    fn breaks_on(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
        let holds = |members: &Map<String, Value>, text: &str| {
            serde_json::to_string(members).is_ok_and(|members| members.contains(text))
        };
        let mut texts = self.fails_values.iter();
        texts.any(|text| holds(after, text) && !holds(before, text))
    }
}

/// Returns what a request makes of a user's members.
fn changed(habits: &Habits, method: &str, before: &User, body: &Bytes) -> Result<Map<String, Value>, Refused> {
    let Ok(Value::Object(message)) = serde_json::from_slice::<Value>(body) else {
        return Err(Refused::bad("invalidSyntax", "no object"));
    };
    let mut members = before.members.clone();
    let mut sent = Map::new();
    match (habits.changes, method) {
        (Changes::Merge, _) => {
            merge(&mut members, message.clone());
            sent = message;
        }
        (_, "PATCH") => {
            if habits.fails_patches.iter().any(|name| names(&message, name)) {
                return Err(habits.failure());
            }
            patch(&mut members, &message, habits)?;
            patch(&mut sent, &message, habits)?;
        }
        _ => {
            members.clone_from(&message);
            sent = message;
        }
    }
    let mut failing = habits.fails_changes.iter();
    if failing.any(|name| attribute::differs(&before.members, &members, name))
        || habits.breaks_on(&before.members, &members)
    {
        return Err(habits.failure());
    }
    let settled = settled(Some(before), &sent, members, habits)?;
    let is_fixed = habits.fixes.iter().any(|name| name == before.text("userName"));
    if is_fixed && settled != before.members {
        return Err(Refused::bad("mutability", "this user stays as it is"));
    }
    Ok(settled)
}
