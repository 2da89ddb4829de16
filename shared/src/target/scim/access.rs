//! What opens a server: a bearer token (RFC 6750), a name with a password (RFC 7617), or a token that a client gets
//! for itself (RFC 6749, section 4.4).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::answer::{refusal, trouble};
use crate::{
    http::{BaseUrl, Method, Request, Session},
    target::{Class, Error},
};

/// The member that says where tokens are given.
const TOKENS: &str = "token_url";

/// A token is renewed this long before its end.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// What opens a server.
pub enum Access {
    /// A token that somebody made.
    Bearer(SecretString),
    /// A name and a password.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// A client that gets its tokens itself.
    Client(Client),
}

/// A client of an OAuth server.
pub struct Client {
    /// Where tokens are given.
    pub token_url: BaseUrl,
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
    /// What it asks for; the server decides where nothing is said.
    pub scope: Option<String>,
    token: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    text: SecretString,
    ends_at: Option<Timestamp>,
}

/// What the server answers (RFC 6749, section 5.1).
#[derive(Deserialize)]
struct Given {
    access_token: String,
    expires_in: Option<u32>,
}

impl Client {
    /// A client without a token yet.
    pub fn new(token_url: BaseUrl, id: String, secret: SecretString, scope: Option<String>) -> Self {
        Self {
            token_url,
            id,
            secret,
            scope,
            token: Mutex::default(),
        }
    }

    /// The token in force at `now`; a new one where there is none, or where the server no longer takes `refused`.
    async fn token(&self, session: &Session, now: Timestamp, refused: Option<&str>) -> Result<SecretString, Error> {
        let mut kept = self.token.lock().await;
        let is_good = |token: &&Token| {
            let lives = token.ends_at.is_none_or(|end| end.duration_since(now) > MARGIN);
            lives && Some(token.text.expose_secret()) != refused
        };
        if let Some(token) = kept.as_ref().filter(is_good) {
            return Ok(token.text.clone());
        }
        let given = self.ask(session).await?;
        let lives = given
            .expires_in
            .map(|seconds| SignedDuration::from_secs(seconds.into()));
        let token = Token {
            text: given.access_token.into(),
            ends_at: lives.and_then(|lives| now.checked_add(lives).ok()),
        };
        Ok(kept.insert(token).text.clone())
    }

    async fn ask(&self, session: &Session) -> Result<Given, Error> {
        const DOING: &str = "get a token";
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        let request = Request::new(Method::Post, &self.token_url, "", "")
            .header("authorization", basic(&self.id, &self.secret))
            .header("accept", "application/json".to_owned())
            .form(form)
            .repeatable();
        let response = session
            .send(&request)
            .await
            .map_err(|error| trouble(DOING, error, false).about(TOKENS))?;
        if !response.is_success() {
            let error = refusal(DOING, &response, false).about(TOKENS);
            let is_no = matches!(response.status(), 400 | 401 | 403);
            let class = if is_no { Class::Unauthorized } else { error.class };
            return Err(Error { class, ..error });
        }
        let given = response.text().ok().and_then(|text| serde_json::from_str(text).ok());
        given.ok_or_else(|| Error::new(Class::Unauthorized, DOING, "the answer holds no token").about(TOKENS))
    }
}

impl Access {
    /// The header `Authorization` at `now`. `refused` is the one that the server did not take.
    pub(super) async fn header(
        &self,
        session: &Session,
        now: Timestamp,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, Error> {
        match self {
            Self::Bearer(token) => Ok(bearer(token)),
            Self::Basic { user, password } => Ok(basic(user, password)),
            Self::Client(client) => {
                let refused = refused.and_then(|header| header.expose_secret().strip_prefix("Bearer "));
                Ok(bearer(&client.token(session, now, refused).await?))
            }
        }
    }

    /// Whether another header may be had where one is not taken.
    pub(super) const fn renews(&self) -> bool {
        matches!(self, Self::Client(_))
    }
}

fn bearer(token: &SecretString) -> SecretString {
    format!("Bearer {}", token.expose_secret()).into()
}

fn basic(user: &str, password: &SecretString) -> SecretString {
    let text = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
    format!("Basic {text}").into()
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bearer(_) => "Bearer",
            Self::Basic { .. } => "Basic",
            Self::Client(_) => "Client",
        })
    }
}
