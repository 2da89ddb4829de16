//! Requests and their answers: which request is which, lists, single users, refusals.

use axum::{
    body::Bytes,
    http::{
        HeaderMap, Method, Uri,
        header::{CONTENT_TYPE, ETAG, HeaderName, LOCATION, RETRY_AFTER},
    },
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Asked, Service,
    habit::{Changes, Wait},
    list::{self, Query},
    user::{ENTERPRISE, User},
};
use crate::{clock, kit::veil::break_texts, server::reply::Reply};

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
        if self.habits.stray_refusals > 0 {
            self.habits.stray_refusals -= 1;
            return self.refuse(401, None, "not opened");
        }
        if let Some(to) = self.habits.redirects_writes.as_ref().filter(|_| method != Method::GET) {
            return Reply::empty(308).with(LOCATION, to.clone());
        }
        if let Some(status) = self.habits.refuses_writes.filter(|_| method != Method::GET) {
            return self.refuse(status, None, "nothing may be written");
        }
        let path: Vec<String> = path.split('/').skip(1).map(decoded).collect();
        let mut path: Vec<&str> = path.iter().map(String::as_str).collect();
        if let (Some(home), Some(first)) = (&self.habits.home, path.first_mut()) {
            *first = match *first {
                "Users" => "",
                name if name == home => "Users",
                name => name,
            };
        }
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

    pub(super) fn refuse(&self, status: u16, kind: Option<&str>, detail: &str) -> Reply {
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
        if self.habits.fails_counted && value("count").is_some() {
            return Reply::html(500, "<!doctype html><title>500</title><h1>Server error</h1>".to_owned());
        }
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

    fn show(&mut self, id: &str) -> Reply {
        self.move_version(id);
        let is_hidden =
            |user: &&User| user.id == id && self.habits.hides.iter().any(|name| name == user.text("userName"));
        if self.users.iter().any(|user| is_hidden(&user)) {
            return self.refuse(self.habits.hides_with.unwrap_or(500), None, "not this user");
        }
        match self.users.iter().find(|user| user.id == id && !self.habits.unreadable) {
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

    /// Gives a user who is read a new version, where versions move. Returns the new version.
    pub(super) fn move_version(&mut self, id: &str) -> Option<u64> {
        let is_moving = self.habits.moving_versions;
        let user = self.users.iter_mut().find(|user| is_moving && user.id == id)?;
        user.version += 1;
        Some(user.version)
    }

    /// Returns a user as the server shows them.
    pub(super) fn view(&self, user: &User) -> Value {
        let mut shown = user.shown(&self.base, &self.habits);
        if self.habits.manager_as_object
            && let Some(manager) = shown.get_mut(ENTERPRISE).and_then(|members| members.get_mut("manager"))
            && let Some(named) = manager.as_str()
        {
            let is_named = |user: &&User| [&user.id, user.text("userName"), user.text("externalId")].contains(&named);
            let found = self.users.iter().find(is_named);
            *manager = json!({
                "managerId": found.map_or(named, |user| &user.id),
                "displayName": found.map(|user| user.text("displayName")),
            });
        }
        shown
    }

    pub(super) fn shown(&self, status: u16, user: &User) -> Reply {
        let reply = answer(status, &self.view(user));
        match user.version(&self.habits) {
            Some(version) => reply.with(ETAG, version),
            None => reply,
        }
    }
}

pub(super) fn answer(status: u16, body: &Value) -> Reply {
    with_type(Reply::of(status, body))
}

fn with_type(mut reply: Reply) -> Reply {
    reply.body = break_texts(&reply.body);
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
