//! A pretend HR system that is opened by tokens which a client asks for itself (RFC 6749, section 4.4), and what becomes of them:
//! asked for before they are shown, stored before they are used, and asked for again by the provider's own rule (R40).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use acceptance::journey::{Nobody, Office, describe};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rollcall::{
    allowance::SharedLimit,
    connection::{ConnectionSecret, Credential, TokenSet},
    connector::grant::renewal_by_grant,
    employee::{Canonical, CompanyId, EmployeeBuilder, EmployeeId, Field},
    roster::{Company, Proof, Reading},
    run::secret_name,
    source::{
        Access, Address, Class, Description, Error, Identity, Kind, Login, Method, Opening, Provider, Renewal, Site,
        Source,
    },
    testing::builder::{at, connection_id},
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::sync;
use crate::desk::Desk;

/// The pretend HR system, and the tokens that it gave.
#[derive(Clone, Default)]
struct Granting(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// How many tokens were given; the last of them is good.
    given: u32,
    /// Whether the client is refused.
    is_closed: bool,
    /// Whether the last token is refused.
    is_dead: bool,
    revoked: Vec<String>,
}

impl Granting {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(detail: &str) -> Error {
    Error::new(Class::Unauthorized, "ask the granting HR system", detail)
}

/// The pretend HR system stands in for one of the product.
impl Provider for Granting {
    fn kind(&self) -> Kind {
        Kind::Factorial
    }

    fn description(&self) -> Description {
        describe("Granting", &[Method::ClientCredentials])
    }

    fn site(&self) -> Option<Site> {
        None
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        None
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        Ok(Box::new(Opened {
            system: self.clone(),
            access: opening.access,
        }))
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

#[async_trait]
impl Login for Granting {
    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        renewal_by_grant(credential, now)
    }

    async fn renew(&self, _at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        let client = if let Credential::Granted { by, .. } = credential {
            by.clone()
        } else {
            Box::new(credential.clone())
        };
        let mut kept = self.kept();
        if kept.is_closed || !matches!(*client, Credential::Client { .. }) {
            return Err(refused("invalid_client"));
        }
        kept.given += 1;
        kept.is_dead = false;
        Ok(Credential::Granted {
            by: client,
            tokens: TokenSet {
                access_token: format!("token-{}", kept.given).into(),
                refresh_token: None,
                expires_at: Some(at("2026-01-01T01:00:00Z")),
                obtained_at: at("2026-01-01T00:00:00Z"),
                scope: None,
            },
        })
    }

    async fn revoke(&self, _at: Address<'_>, credential: &Credential) -> Result<(), Error> {
        if let Credential::Granted { tokens, .. } = credential {
            let token = tokens.access_token.expose_secret().to_owned();
            self.kept().revoked.push(token);
        }
        Ok(())
    }
}

struct Opened {
    system: Granting,
    access: Arc<dyn Access>,
}

impl Opened {
    fn opens(&self, credential: &Credential) -> bool {
        let kept = self.system.kept();
        let good = format!("token-{}", kept.given);
        match credential {
            Credential::Granted { tokens, .. } => !kept.is_dead && tokens.access_token.expose_secret() == good,
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Tokens(_) => false,
        }
    }
}

#[async_trait]
impl Source for Opened {
    async fn identify(&self) -> Result<Identity, Error> {
        let credential = self.access.credential().await?;
        if !self.opens(&credential) && !self.opens(&self.access.renew(&credential).await?) {
            return Err(refused("the token is refused"));
        }
        Ok(Identity::Known(Company {
            id: CompanyId::parse("7").unwrap(),
            name: "Granting Ltd".to_owned(),
        }))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let mut person = EmployeeBuilder::new();
        for (attribute, value) in [
            (Canonical::LastName, "Vos"),
            (Canonical::WorkEmail, "vos@granting.example"),
        ] {
            person.set(attribute, Field::Value(value));
        }
        reading
            .roster
            .push(&person.build(EmployeeId::parse("1").unwrap()))
            .unwrap();
        reading.roster.end_walk(Proof::LastPage);
        Ok(())
    }

    fn calls(&self) -> u64 {
        1
    }
}

/// Returns what a connection keeps: the client, and the token that it got last.
async fn kept(desk: &Desk, connection: &str) -> (String, String) {
    let name = secret_name(&connection_id(connection));
    let text = desk.stage.secrets.find_secret(&name).await.unwrap().unwrap();
    let source = ConnectionSecret::from_secret_text(&text).unwrap().source;
    let Some(Credential::Granted { by, tokens }) = source else {
        panic!("{source:?}");
    };
    let Credential::Client { id, .. } = *by else {
        panic!("{by:?}");
    };
    (id, tokens.access_token.expose_secret().to_owned())
}

#[tokio::test]
async fn r40_tokens_that_a_client_asks_for_are_kept_before_they_are_used_and_asked_for_again_when_they_end() {
    let granting = Granting::default();
    let mut desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let provider: Arc<dyn Provider> = Arc::new(granting.clone());
    desk.edge.ports.providers = vec![Arc::clone(&provider)];
    desk.stage.ports.providers = vec![provider];
    let body = json!({
        "tenant": "acme", "provider": "factorial",
        "credential": { "kind": "client_credentials", "client_id": "client", "client_secret": "s3cret" },
    });
    granting.kept().is_closed = true;
    let refused = desk.send("POST", "/v1/connections", Some(&body)).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.body
    );
    granting.kept().is_closed = false;
    let made = desk.send("POST", "/v1/connections", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let connection = made.at("/id");
    let holds = |token: &str| ("client".to_owned(), token.to_owned());
    assert_eq!(kept(&desk, &connection).await, holds("token-1"));

    assert_eq!(sync(&desk, &connection).await.at("/status"), "succeeded");
    assert_eq!(granting.kept().given, 1, "it is good for an hour");
    desk.stage.clock.advance(SignedDuration::from_mins(61));
    assert_eq!(sync(&desk, &connection).await.at("/status"), "succeeded");
    assert_eq!(kept(&desk, &connection).await, holds("token-2"), "it ended");
    granting.kept().is_dead = true;
    assert_eq!(sync(&desk, &connection).await.at("/status"), "succeeded");
    assert_eq!(kept(&desk, &connection).await, holds("token-3"), "it was refused");

    granting.kept().is_dead = true;
    granting.kept().is_closed = true;
    let lost = sync(&desk, &connection).await;
    assert_eq!(lost.at("/errors/0/code"), "needs-reauthorization", "{}", lost.body);
    granting.kept().is_closed = false;
    let path = format!("/v1/connections/{connection}");
    let again = json!({ "credential": body["credential"] });
    let connected = desk.send("POST", &format!("{path}/reconnect"), Some(&again)).await;
    assert_eq!(
        (connected.status, connected.at("/status").as_str()),
        (200, "connected"),
        "{}",
        connected.body
    );
    assert_eq!(kept(&desk, &connection).await, holds("token-4"));
    desk.send("DELETE", &path, None).await;
    assert_eq!(granting.kept().revoked, ["token-4"]);
}
