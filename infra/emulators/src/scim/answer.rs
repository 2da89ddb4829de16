//! Requests and their answers.

use axum::{
    body::Bytes,
    http::{
        HeaderMap, Method, Uri,
        header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, LOCATION, RETRY_AFTER},
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    Asked, CLIENT, CLIENT_SECRET, NAME, PASSWORD, Service, TOKEN,
    habit::{Changed, Changes, Conflicts, Created, Discovery, Opener, Wait},
    list::{self, Query},
    user::{CORE, ENTERPRISE, ENTERPRISE_NAMES, USER, User, kept, merge, patch},
};
use crate::{clock, server::reply::Reply};

const MEDIA: &str = "application/scim+json";

impl Service {
    /// Answers a request, and returns whether the answer is to be lost.
    pub(super) fn take(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> (Reply, bool) {
        let reply = self.answer(method, uri, headers, body);
        let target = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        self.asked.push(Asked {
            method: method.to_string(),
            target,
            status: reply.status,
        });
        let left = match *method {
            Method::POST if uri.path().ends_with("/Users") => &mut self.habits.lost_creates,
            Method::PATCH | Method::PUT => &mut self.habits.lost_changes,
            _ => return (reply, false),
        };
        let is_lost = *left > 0 && reply.status < 300;
        if is_lost {
            *left -= 1;
        }
        (reply, is_lost)
    }

    fn answer(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Reply {
        if uri.path() == "/oauth/token" {
            return self.token(headers, body);
        }
        if !self.opens(headers) {
            let status = if self.habits.refuses_with_403 { 403 } else { 401 };
            return self.refuse(status, None, "not opened");
        }
        let Some(path) = uri.path().strip_prefix("/scim/v2") else {
            return self.refuse(404, None, "nothing here");
        };
        let path: Vec<String> = path.split('/').skip(1).map(decoded).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match (method.as_str(), path.as_slice()) {
            ("GET", [what @ ("ServiceProviderConfig" | "Schemas" | "ResourceTypes")]) => self.describe(what),
            (_, ["Users", ..]) if self.is_limited() => self.limit(),
            ("GET", ["Users"]) => self.list(uri),
            ("POST", ["Users"]) => self.create(body),
            ("GET", ["Users", id]) => self.show(id),
            ("PATCH" | "PUT", ["Users", id]) => self.change(method.as_str(), id, headers, body),
            ("DELETE", ["Users", id]) => self.remove(id),
            _ => self.refuse(404, None, "nothing here"),
        }
    }

    fn opens(&self, headers: &HeaderMap) -> bool {
        let header = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let basic = STANDARD.encode(format!("{NAME}:{PASSWORD}"));
        let given = header.strip_prefix("Bearer ").unwrap_or_default();
        let opener = if header == format!("Bearer {TOKEN}") {
            Opener::Bearer
        } else if header == format!("Basic {basic}") {
            Opener::Basic
        } else if self.tokens.iter().any(|token| token == given) {
            Opener::Client
        } else {
            return false;
        };
        !self.habits.refuses.contains(&opener)
    }

    /// Returns a token for a client (RFC 6749, section 4.4).
    fn token(&mut self, headers: &HeaderMap, body: &Bytes) -> Reply {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let client = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{CLIENT_SECRET}")));
        if header != Some(client.as_str()) {
            return Reply::of(401, &json!({ "error": "invalid_client" }));
        }
        let form: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        if !form.contains(&("grant_type".to_owned(), "client_credentials".to_owned())) {
            return Reply::of(400, &json!({ "error": "unsupported_grant_type" }));
        }
        self.made += 1;
        let token = format!("given-{}", self.made);
        self.tokens.push_back(token.clone());
        while self.tokens.len() > 2 {
            self.tokens.pop_front();
        }
        Reply::of(
            200,
            &json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 }),
        )
    }

    fn is_limited(&mut self) -> bool {
        self.counted += 1;
        let every = self.habits.limit_every;
        every > 0 && self.counted.is_multiple_of(every)
    }

    fn limit(&self) -> Reply {
        let reply = self.refuse(429, None, "slower");
        match self.habits.limit_wait {
            Wait::Seconds => reply.with(RETRY_AFTER, "1"),
            Wait::Date => {
                let then = clock::real_now()
                    .saturating_add(SignedDuration::from_secs(1))
                    .unwrap_or(Timestamp::UNIX_EPOCH);
                let text = then
                    .to_zoned(TimeZone::UTC)
                    .strftime("%a, %d %b %Y %H:%M:%S GMT")
                    .to_string();
                reply.with(RETRY_AFTER, text)
            }
            Wait::Unsaid => reply,
        }
    }

    fn refuse(&self, status: u16, kind: Option<&str>, detail: &str) -> Reply {
        if self.habits.html_errors {
            let page = format!("<!doctype html><title>{status}</title><h1>Something went wrong</h1>");
            return with_type(Reply::html(status, page));
        }
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
        let body = match kind {
            Some(kind) => {
                json!({ "schemas": schemas, "status": status.to_string(), "scimType": kind, "detail": detail })
            }
            None => json!({ "schemas": schemas, "status": status.to_string(), "detail": detail }),
        };
        answer(status, &body)
    }

    fn describe(&self, what: &str) -> Reply {
        match self.habits.discovery {
            Discovery::True => {}
            Discovery::Absent => return self.refuse(404, None, "nothing here"),
            Discovery::Html => return Reply::html(200, "<!doctype html><title>Welcome</title>".to_owned()),
        }
        let patches = self.habits.changes != Changes::PatchOnly;
        let named = |names: &[&str]| names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>();
        let body = match what {
            "ServiceProviderConfig" => json!({
                "patch": { "supported": patches }, "etag": { "supported": !self.habits.versionless }, "filter": { "supported": true, "maxResults": 200 },
                "bulk": { "supported": false }, "sort": { "supported": false }, "changePassword": { "supported": false },
            }),
            "ResourceTypes" => {
                json!({ "totalResults": 1, "Resources": [{ "id": "User", "endpoint": "/Users", "schema": USER }] })
            }
            _ => json!({ "totalResults": 2, "Resources": [
                { "id": USER, "attributes": named(&CORE) }, { "id": ENTERPRISE, "attributes": named(&ENTERPRISE_NAMES) },
            ] }),
        };
        answer(200, &body)
    }

    fn list(&mut self, uri: &Uri) -> Reply {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let value = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let number = |name: &str| value(name).and_then(|value| value.parse().ok());
        let query = Query {
            filter: value("filter"),
            start: number("startIndex"),
            count: number("count"),
            cursor: value("cursor"),
        };
        match list::answer(self, &query) {
            Ok(message) => answer(200, &message),
            Err((status, kind)) => self.refuse(status, Some(kind), "this cannot be listed"),
        }
    }

    fn show(&self, id: &str) -> Reply {
        match self.users.iter().find(|user| user.id == id) {
            Some(user) => self.shown(200, user),
            // Some products find a user by the reference too.
            None if self.habits.changes == Changes::Merge => {
                match self.users.iter().find(|user| user.text("externalId") == id) {
                    Some(user) => self.shown(200, user),
                    None => self.refuse(404, None, "nobody here"),
                }
            }
            None => self.refuse(404, None, "nobody here"),
        }
    }

    fn shown(&self, status: u16, user: &User) -> Reply {
        let reply = answer(status, &user.shown(&self.base, &self.habits));
        match user.version(&self.habits) {
            Some(version) => reply.with(ETAG, version),
            None => reply,
        }
    }

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
    fn remove(&mut self, id: &str) -> Reply {
        let before = self.users.len();
        self.users.retain(|user| user.id != id);
        if self.users.len() < before {
            Reply::empty(204)
        } else {
            self.refuse(404, None, "nobody here")
        }
    }

    fn create(&mut self, body: &Bytes) -> Reply {
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
        if self.is_taken(&members, "") {
            return match (self.habits.created, self.habits.conflicts) {
                (Created::EmptyAlsoForExisting, _) => answer(201, &json!({})),
                (_, Conflicts::Typed) => self.refuse(409, Some("uniqueness"), "taken"),
                (_, Conflicts::Bare) => self.refuse(409, None, "taken"),
                (_, Conflicts::ServerError) => self.refuse(500, None, "something went wrong"),
            };
        }
        let members = match kept(members, &self.habits) {
            Ok(members) => members,
            Err((kind, detail)) => return self.refuse(400, Some(kind), detail),
        };
        let id = self.keep(members);
        let location = format!("{}/Users/{id}", self.base);
        match self.habits.created {
            Created::Whole => match self.users.last() {
                Some(user) => self.shown(201, user).with(LOCATION, location),
                None => Reply::empty(500),
            },
            Created::Empty => answer(201, &json!({})).with(LOCATION, location),
            Created::EmptyAlsoForExisting => answer(201, &json!({})),
        }
    }

    fn change(&mut self, method: &str, id: &str, headers: &HeaderMap, body: &Bytes) -> Reply {
        let status = match (self.habits.changes, method) {
            (Changes::PutNotImplemented, "PATCH") => 501,
            (Changes::PutNotAllowed, "PATCH") | (Changes::PatchOnly | Changes::Merge, "PUT") => 405,
            _ => 200,
        };
        if status != 200 {
            return self.refuse(status, None, "not this way");
        }
        if self.habits.meddles > 0
            && let Some(user) = self.users.iter_mut().find(|user| user.id == id)
        {
            self.habits.meddles -= 1;
            user.version += 1;
            user.members.insert("title".to_owned(), json!("By Hand"));
        }
        let Some(before) = self.users.iter().find(|user| user.id == id).cloned() else {
            return self.refuse(404, None, "nobody here");
        };
        if let Some(refusal) = self.forbid(&before.members) {
            return refusal;
        }
        let matched = headers.get("if-match").and_then(|value| value.to_str().ok());
        let version = before.version(&self.habits);
        if matched.is_some() && matched != version.as_deref() {
            return self.refuse(412, None, "another version");
        }
        let Ok(Value::Object(sent)) = serde_json::from_slice::<Value>(body) else {
            return self.refuse(400, Some("invalidSyntax"), "no object");
        };
        let mut members = before.members.clone();
        let done = match (self.habits.changes, method) {
            (Changes::Merge, _) => {
                merge(&mut members, sent);
                Ok(())
            }
            (_, "PATCH") => patch(&mut members, &Value::Object(sent), &self.habits),
            _ => {
                members = sent;
                Ok(())
            }
        };
        let members = match done.and_then(|()| kept(members, &self.habits)) {
            Ok(members) => members,
            Err((kind, detail)) => return self.refuse(400, Some(kind), detail),
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
            Changed::Whole => self.shown(200, &after),
            Changed::NoContent => Reply::empty(204),
            Changed::Stale => self.shown(200, &before),
        }
    }
}

fn answer(status: u16, body: &Value) -> Reply {
    with_type(Reply::of(status, body))
}

fn with_type(mut reply: Reply) -> Reply {
    let is_type = |(name, _): &(HeaderName, String)| *name == CONTENT_TYPE;
    reply.headers.retain(|header| !is_type(header));
    reply.with(CONTENT_TYPE, MEDIA)
}

fn decoded(segment: &str) -> String {
    let pair = format!("s={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
