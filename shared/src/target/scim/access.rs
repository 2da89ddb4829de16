//! What opens a server: a bearer token (RFC 6750), a name with a password (RFC 7617), or a token that a client gets
//! for itself (RFC 6749, section 4.4).

use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::answer::{class_of, trouble};
use crate::{
    account::ClientForm,
    connection::TokenSet,
    connector::grant::{self, Grant, Manner, Way},
    http::{BaseUrl, Method, Request, Session, basic, bearer},
    target::{Class, Error},
};

/// The member that says where tokens are given.
const TOKENS: &str = "token_url";

/// A token is used until this many seconds before its end: what is sent with it has to arrive before.
const MARGIN: i64 = 5;

/// What opens a server.
pub enum Access {
    /// A token that a person made.
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
    /// The scope that the client asks for; without one the server decides.
    pub scope: Option<String>,
    manner: Manner,
    tokens: Mutex<Option<Box<TokenSet>>>,
}

impl Client {
    /// A client without a token yet.
    pub fn new(token_url: BaseUrl, id: String, secret: SecretString, scope: Option<String>) -> Self {
        Self {
            token_url,
            id,
            secret,
            scope,
            manner: Manner::default(),
            tokens: Mutex::default(),
        }
    }

    /// The token in force at `now`; a new one where there is none, or where the server no longer takes `refused`.
    async fn token(&self, session: &Session, now: Timestamp, refused: Option<&str>) -> Result<SecretString, Error> {
        let mut kept = self.tokens.lock().await;
        let is_good = |tokens: &&TokenSet| {
            !tokens.expires_within(MARGIN, now) && Some(tokens.access_token.expose_secret()) != refused
        };
        if let Some(tokens) = kept.as_deref().filter(is_good) {
            return Ok(tokens.access_token.clone());
        }
        let request = Request::new(Method::Post, &self.token_url, "", "");
        let client = grant::Client {
            id: &self.id,
            secret: &self.secret,
        };
        let grant = Grant::Client {
            scope: self.scope.as_deref(),
        };
        let mut given = grant::ask(session, &request, client, &self.manner, grant, now).await;
        if let Err(grant::Error::Refused { .. }) = given {
            // Servers refuse by mistake. What is refused was not done.
            given = grant::ask(session, &request, client, &self.manner, grant, now).await;
        }
        let given = given.map_err(|error| without_tokens(error).about(TOKENS))?;
        Ok(kept.insert(Box::new(given)).access_token.clone())
    }
}

/// Returns what it means for the target that a client gets no tokens.
fn without_tokens(error: grant::Error) -> Error {
    const DOING: &str = "get a token";
    match error {
        grant::Error::NoAnswer(error) => trouble(DOING, error, false),
        // A page in place of tokens condemns no credential.
        error @ grant::Error::NoData => Error::new(Class::Temporary, DOING, error.to_string()),
        grant::Error::Malformed(detail) => Error::new(Class::Temporary, DOING, detail),
        grant::Error::Refused { status, .. } => {
            let is_no = matches!(status, 400 | 401 | 403);
            let class = if is_no {
                Class::Unauthorized
            } else {
                class_of(status, false)
            };
            Error::new(class, DOING, error.to_string())
        }
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

    /// Tries the form first in which a client has shown itself before.
    pub(super) fn prefer(&self, form: Option<ClientForm>) {
        if let (Self::Client(client), Some(form)) = (self, form) {
            client.manner.prefer(match form {
                ClientForm::Encoded => Way::Basic,
                ClientForm::Raw => Way::RawBasic,
                ClientForm::Body => Way::Body,
            });
        }
    }

    /// Returns the form in which a client has shown itself to get tokens; `None` where it has got none yet.
    pub(super) fn form(&self) -> Option<ClientForm> {
        let Self::Client(client) = self else {
            return None;
        };
        client.manner.found().map(|way| match way {
            Way::Basic => ClientForm::Encoded,
            Way::RawBasic => ClientForm::Raw,
            Way::Body => ClientForm::Body,
        })
    }

    /// Whether another header may be had where one is not taken.
    pub(super) const fn renews(&self) -> bool {
        matches!(self, Self::Client(_))
    }
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
