//! What opens the server, and the tokens that clients get.

use axum::{
    body::Bytes,
    http::{HeaderMap, header::AUTHORIZATION},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    CLIENT, CLIENT_SECRET, NAME, PASSWORD, Service, TOKEN,
    habit::{ClientShown, Opener},
};
use crate::{clock, server::reply::Reply};

/// The seconds that a token lives if no number is given.
const HOUR: u32 = 3600;

/// A token that a client was given.
#[derive(Debug)]
pub(super) struct Given {
    text: String,
    ends_at: Timestamp,
}

impl Service {
    /// Returns whether the credential of a request opens the server.
    pub(super) fn opens(&self, headers: &HeaderMap) -> bool {
        let header = authorization(headers).unwrap_or_default();
        let given = header.strip_prefix("Bearer ").unwrap_or_default();
        let now = clock::real_now();
        let opener = if header == format!("Bearer {TOKEN}") {
            Opener::Bearer
        } else if header == basic(NAME, PASSWORD) {
            Opener::Basic
        } else if self
            .tokens
            .iter()
            .any(|token| token.text == given && now < token.ends_at)
        {
            Opener::Client
        } else {
            return false;
        };
        !self.habits.refuses.contains(&opener)
    }

    /// Returns a token for a client (RFC 6749, section 4.4).
    pub(super) fn token(&mut self, headers: &HeaderMap, body: &Bytes) -> Reply {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let has = |name: &str, value: &str| form.iter().any(|(key, found)| key == name && found == value);
        let header = authorization(headers);
        let is_client = match self.habits.client_shown {
            ClientShown::Encoded => header == Some(basic(&encoded(CLIENT), &encoded(CLIENT_SECRET)).as_str()),
            ClientShown::Raw => header == Some(basic(CLIENT, CLIENT_SECRET).as_str()),
            ClientShown::Body => header.is_none() && has("client_id", CLIENT) && has("client_secret", CLIENT_SECRET),
        };
        if !is_client {
            let status = self.habits.client_refused_with.unwrap_or(401);
            return Reply::of(status, &json!({ "error": "invalid_client" }));
        }
        if !has("grant_type", "client_credentials") {
            return Reply::of(400, &json!({ "error": "unsupported_grant_type" }));
        }
        self.made += 1;
        let text = format!("given-{}", self.made);
        let seconds = self.habits.token_life.unwrap_or(HOUR);
        let ends_at = clock::real_now().saturating_add(SignedDuration::from_secs(seconds.into()));
        self.tokens.push_back(Given {
            text: text.clone(),
            ends_at: ends_at.unwrap_or(Timestamp::MAX),
        });
        while self.tokens.len() > 2 {
            self.tokens.pop_front();
        }
        Reply::of(
            200,
            &json!({ "access_token": text, "token_type": "Bearer", "expires_in": seconds }),
        )
    }
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok())
}

/// Returns the header of a name with a password (RFC 7617).
fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

/// Returns a text as it stands in a form.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
