//! Requests to Personio, and the order of a read: what version 1 alone says, then people and what belongs to them from version 2
//! (vendor's descriptions of both).

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use tokio::sync::Mutex;

use super::{
    convert::People,
    wire::{ATTRIBUTES, ROWS, TOKEN, TOTAL},
};
use crate::{
    connection::Credential,
    connector::{
        ByLayout, Caller, Lists, Nested, Opened,
        answer::{malformed, not_json, unless_refused},
        grant::own_client,
        read_number,
    },
    http::Request,
    roster::Reading,
    source::{Access, Class, Error, Identity, Source},
};

/// Tokens of version 1.
const AUTH: (&str, &str) = ("ask for tokens of version 1", "/v1/auth");
/// People of version 1, of whom only the number is asked for.
const NUMBER: (&str, &str) = ("count employees", "/v1/company/employees");
/// The least that can be asked for.
const ONE: &[(&str, &str)] = &[("limit", "1"), ("offset", "0")];
/// Refusals that say that a client may not use version 1, or not for this.
const NOT_ALLOWED: &[Class] = &[Class::Forbidden, Class::Unauthorized, Class::Misconfigured];

/// One connection's view of Personio.
pub(super) struct PersonioSource {
    opened: Opened,
    /// The way to version 1.
    older: Caller,
}

#[async_trait]
impl Source for PersonioSource {
    /// No answer names the company.
    async fn identify(&self) -> Result<Identity, Error> {
        self.opened.look_at::<People>().await
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let wanted = reading.wanted().clone();
        if let Some(number) = self.count().await? {
            reading.roster.announce(number);
        }
        let mut fields = Lists::from_iter([]);
        if wanted.wants_custom() {
            fields = self.fields().await?;
        }
        let census = ByLayout::<People>::new(&self.opened.allowed, &wanted, self.opened.today).with_fields(fields);
        self.opened.caller.read(&census, reading).await
    }

    fn calls(&self) -> u64 {
        self.opened.caller.calls()
    }
}

impl PersonioSource {
    /// The source of one connection.
    pub(super) fn new(opened: Opened) -> Self {
        let tokens = OlderTokens {
            unsigned: opened.caller.unsigned(AUTH.0),
            access: Arc::clone(&opened.access),
            kept: Mutex::default(),
        };
        Self {
            older: opened.caller.with(Arc::new(tokens), sign_older),
            opened,
        }
    }

    /// Returns what version 1 answers; `None` where the client may not use it, or not for this.
    async fn ask_older(
        &self,
        operation: &'static str,
        path: &'static str,
        query: &[(&str, &str)],
    ) -> Result<Option<String>, Error> {
        let answer = self.older.get(operation, path, query).await;
        let answer = unless_refused(operation, answer, NOT_ALLOWED);
        unless_refused(AUTH.0, answer, NOT_ALLOWED).map(Option::flatten)
    }

    /// Returns how many people there are, which version 1 alone says; `None` where the client may not use it.
    async fn count(&self) -> Result<Option<u64>, Error> {
        let (operation, path) = NUMBER;
        let text = self.ask_older(operation, path, ONE).await?;
        text.map(|text| read_number(operation, &text, TOTAL)).transpose()
    }

    /// Returns the list of what people can be asked about, as far as the client may read it.
    async fn fields(&self) -> Result<Lists, Error> {
        let text = self.ask_older(ATTRIBUTES.operation, ATTRIBUTES.path, &[]).await?;
        if let Some(text) = &text {
            let page = read(ATTRIBUTES.operation, text)?;
            let rows = ROWS.iter().fold(page, |around, name| around.once(name)).list();
            rows.ok_or_else(|| malformed(ATTRIBUTES.operation, "the rows are missing"))?;
        }
        Ok(Lists::from_iter([(&ATTRIBUTES, text.map(|text| vec![text]))]))
    }
}

fn read<'t>(operation: &'static str, text: &'t str) -> Result<Nested<'t>, Error> {
    serde_json::from_str(text).map_err(|error| not_json(operation, &error))
}

/// Shows a token of version 1.
fn sign_older(request: Request, credential: &Credential) -> Option<Request> {
    match credential {
        Credential::ApiKey { key } => Some(request.bearer(key)),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } | Credential::Tokens(_) => {
            None
        }
    }
}

/// The tokens of version 1, which the same client asks for. They are good for a day, and asking for one ends no other: none is kept
/// beyond a read.
struct OlderTokens {
    unsigned: Caller,
    access: Arc<dyn Access>,
    kept: Mutex<Option<SecretString>>,
}

/// A client, as version 1 is shown it: in the body, because in the address it is refused.
#[derive(Serialize)]
struct Shown<'c> {
    client_id: &'c str,
    client_secret: &'c str,
}

impl OlderTokens {
    async fn ask(&self) -> Result<SecretString, Error> {
        let (operation, path) = AUTH;
        let credential = self.access.credential().await?;
        let own = own_client(operation, &credential)?;
        let shown = Shown {
            client_id: own.client.id,
            client_secret: own.client.secret.expose_secret(),
        };
        let text = self.unsigned.query(operation, path, &shown).await?;
        let token = read(operation, &text)?.at(TOKEN);
        let token = token.into_value().filter(|token| !token.is_empty());
        token
            .map(|token| token.into_owned().into())
            .ok_or_else(|| malformed(operation, "the token is missing"))
    }
}

#[async_trait]
impl Access for OlderTokens {
    async fn credential(&self) -> Result<Credential, Error> {
        let mut kept = self.kept.lock().await;
        let key = match kept.take() {
            Some(token) => token,
            None => self.ask().await?,
        };
        *kept = Some(key.clone());
        Ok(Credential::ApiKey { key })
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        let key = self.ask().await?;
        *self.kept.lock().await = Some(key.clone());
        Ok(Credential::ApiKey { key })
    }
}
