//! Tokens that a connection keeps: one process at a time refreshes them, and they are stored before they are used (R40).

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    connection::{ConnectionSecret, Credential, Issuer, TokenSet},
    run::StoredAccess,
    secret::{Error, SecretPage, SecretStore},
    source::{Class, Kind, Source},
    testing::{FixedClock, builder::connection},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::support::{Hr, Read, administrator, now};

const TOKEN: &str = "/oauth/token";

/// A store of secrets that keeps each secret together with the requests that HR had seen at that moment, or refuses the secret.
struct Vault {
    hr: Arc<Hr>,
    refuses: AtomicBool,
    /// The secret with which a connection began.
    first: Mutex<Option<SecretString>>,
    kept: Mutex<Vec<Kept>>,
}

/// A secret as it was stored, and the requests that came before.
#[derive(Clone)]
struct Kept {
    text: SecretString,
    seen: Vec<(String, u64)>,
}

#[async_trait]
impl SecretStore for Vault {
    async fn find_secret(&self, _name: &str) -> Result<Option<SecretString>, Error> {
        let last = self.kept().last().map(|kept| kept.text.clone());
        Ok(last.or_else(|| self.first.lock().unwrap().clone()))
    }

    async fn put_secret(&self, _name: &str, text: &SecretString) -> Result<(), Error> {
        if self.refuses.load(Ordering::SeqCst) {
            return Err(Error {
                operation: "writing a secret",
                is_lasting: false,
                source: "the vault is shut".into(),
            });
        }
        let kept = Kept {
            text: text.clone(),
            seen: self.hr.requests().await,
        };
        self.kept.lock().unwrap().push(kept);
        Ok(())
    }

    async fn create_secret(&self, _name: &str, _text: &SecretString) -> Result<bool, Error> {
        unreachable!("no test needs a hash key")
    }

    async fn delete_secret(&self, _name: &str) -> Result<(), Error> {
        unreachable!("no test disconnects")
    }

    async fn list_secrets(&self, _prefix: &str, _from: Option<&str>) -> Result<SecretPage, Error> {
        Ok(SecretPage::default())
    }
}

impl Vault {
    fn new(hr: &Arc<Hr>) -> Arc<Self> {
        Arc::new(Self {
            hr: Arc::clone(hr),
            refuses: AtomicBool::new(false),
            first: Mutex::default(),
            kept: Mutex::default(),
        })
    }

    fn kept(&self) -> Vec<Kept> {
        self.kept.lock().unwrap().clone()
    }

    /// Returns the source of a connection whose tokens these are, as a run opens it.
    fn open(self: &Arc<Self>, credential: Credential) -> Box<dyn Source> {
        self.open_with(ConnectionSecret {
            version: 1,
            source: Some(credential),
            ..ConnectionSecret::default()
        })
    }

    fn open_with(self: &Arc<Self>, secret: ConnectionSecret) -> Box<dyn Source> {
        let mut connection = connection("c-1", "acme");
        connection.base_url = Some(self.hr.running.url());
        *self.first.lock().unwrap() = Some(secret.to_secret_text().unwrap());
        let access = StoredAccess::new(
            connection,
            Arc::new(self.hr.provider()),
            Arc::clone(self) as Arc<dyn SecretStore>,
            Arc::new(FixedClock::new(now())),
            secret,
        );
        self.hr.open_with(Arc::new(access), &BTreeSet::new())
    }
}

fn token_set(credential: Option<&Credential>) -> &TokenSet {
    match credential {
        Some(Credential::Tokens(tokens)) => tokens,
        Some(
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Granted { .. },
        )
        | None => {
            panic!("expected tokens")
        }
    }
}

/// Returns how many requests went to the token endpoint.
fn refreshes(seen: &[(String, u64)]) -> usize {
    seen.iter().filter(|(path, _)| path == TOKEN).count()
}

/// Returns whether the API answered a request after the token endpoint did.
fn is_used(seen: &[(String, u64)]) -> bool {
    let after = seen.iter().skip_while(|(path, _)| path != TOKEN).skip(1);
    after
        .filter(|(path, _)| path != TOKEN)
        .any(|(_, status)| *status == 200)
}

#[tokio::test]
async fn r40_of_many_requests_refused_at_once_one_refreshes_and_the_read_completes() {
    let hr = Arc::new(Hr::start(250).await);
    let before = Read::of(hr.open(administrator(&hr)).as_ref()).await;
    let vault = Vault::new(&hr);
    let source = vault.open(administrator(&hr));
    hr.arm(json!({"mode": "token_dies", "after": 7})).await;
    let read = Read::of(source.as_ref()).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    assert_eq!(read.roster, before.roster);
    let seen = hr.requests().await;
    let refused = seen.iter().filter(|(_, status)| *status == 401).count();
    assert!(refused > 1, "the refusal struck one request only");
    assert_eq!(refreshes(&seen), 1);
}

#[tokio::test]
async fn r40_refreshed_tokens_are_stored_before_they_are_used() {
    let hr = Arc::new(Hr::start(120).await);
    let old = administrator(&hr);
    let vault = Vault::new(&hr);
    let source = vault.open(old.clone());
    hr.arm(json!({"mode": "token_dies", "after": 3})).await;
    assert!(Read::of(source.as_ref()).await.error.is_none());
    let [kept] = &vault.kept()[..] else {
        panic!("stored {} times", vault.kept().len());
    };
    assert_eq!(refreshes(&kept.seen), 1);
    assert!(!is_used(&kept.seen), "used before it was stored: {:?}", kept.seen);
    assert!(is_used(&hr.requests().await));
    let stored = ConnectionSecret::from_secret_text(&kept.text).unwrap();
    let (old, new) = (token_set(Some(&old)), token_set(stored.source.as_ref()));
    assert_eq!(stored.version, 2);
    assert_ne!(old.access_token.expose_secret(), new.access_token.expose_secret());
    let refresh_token = |set: &TokenSet| set.refresh_token.as_ref().unwrap().expose_secret().to_owned();
    assert_ne!(refresh_token(old), refresh_token(new));
}

#[tokio::test]
async fn r40_tokens_that_cannot_be_stored_are_not_used_and_the_old_ones_can_be_refreshed_again() {
    let hr = Arc::new(Hr::start(120).await);
    let before = Read::of(hr.open(administrator(&hr)).as_ref()).await;
    let vault = Vault::new(&hr);
    let source = vault.open(administrator(&hr));
    vault.refuses.store(true, Ordering::SeqCst);
    hr.arm(json!({"mode": "token_dies", "after": 2})).await;
    let read = Read::of(source.as_ref()).await;
    assert_eq!(read.class(), Some(Class::Temporary));
    let seen = hr.requests().await;
    assert!(refreshes(&seen) > 0 && !is_used(&seen), "{seen:?}");
    vault.refuses.store(false, Ordering::SeqCst);
    let again = Read::of(source.as_ref()).await;
    assert!(again.error.is_none(), "{:?}", again.error);
    assert_eq!(again.roster, before.roster);
}

#[tokio::test]
async fn r40_a_credential_of_another_address_is_shown_to_nobody_here() {
    let hr = Arc::new(Hr::start(20).await);
    let elsewhere = ConnectionSecret {
        version: 2,
        source: Some(hr.key()),
        issuer: Some(Issuer {
            provider: Kind::Factorial.id(),
            base_url: Some(hr.running.url()),
            site: Some("another".to_owned()),
        }),
        ..ConnectionSecret::default()
    };
    // A run has begun with the credential that was there before; a person moves the connection, and the old one ends.
    let vault = Vault::new(&hr);
    let source = vault.open(administrator(&hr));
    *vault.first.lock().unwrap() = Some(elsewhere.to_secret_text().unwrap());
    hr.arm(json!({"mode": "token_dies", "after": 0})).await;
    let error = source.identify().await.unwrap_err();
    assert_eq!(error.class, Class::Temporary);
    assert!(error.to_string().contains("another address"), "{error}");
    let seen = hr.requests().await;
    assert!(seen.iter().all(|(_, status)| *status == 401), "{seen:?}");
    assert!(vault.kept().is_empty(), "nothing is written over it");
    // A run that begins while the record is not moved yet asks for nothing.
    let asked = hr.requests().await.len();
    let source = vault.open_with(elsewhere);
    assert_eq!(source.identify().await.unwrap_err().class, Class::Temporary);
    assert_eq!(hr.requests().await.len(), asked);
}

#[tokio::test]
async fn r40_tokens_that_are_about_to_end_are_refreshed_before_they_are_refused() {
    let hr = Arc::new(Hr::start(20).await);
    for (lives, refreshed) in [(30, 1), (3_000, 1)] {
        let tokens = TokenSet {
            obtained_at: now() - SignedDuration::from_hours(1),
            expires_at: Some(now() + SignedDuration::from_secs(lives)),
            ..token_set(Some(&administrator(&hr))).clone()
        };
        let vault = Vault::new(&hr);
        let read = Read::of(vault.open(Credential::Tokens(tokens)).as_ref()).await;
        assert!(read.error.is_none(), "{:?}", read.error);
        let seen = hr.requests().await;
        assert_eq!(refreshes(&seen), refreshed, "after a token that lives {lives} s");
        assert!(seen.iter().all(|(_, status)| *status == 200));
    }
}

/// Connects again: from now on the connection keeps this credential.
async fn connect_again(vault: &Arc<Vault>, version: u64, source: Credential) {
    let secret = ConnectionSecret {
        version,
        source: Some(source),
        ..ConnectionSecret::default()
    };
    vault.put_secret("", &secret.to_secret_text().unwrap()).await.unwrap();
}

#[tokio::test]
async fn r40_who_connects_again_in_the_middle_of_a_run_loses_neither_run_nor_login() {
    let dead_key = Credential::ApiKey {
        key: "ended-key".to_owned().into(),
    };
    // A login and a refresh that write at one moment write one version: the last of them counts.
    for (version, is_key) in [(2, true), (2, false), (1, false)] {
        let hr = Arc::new(Hr::start(20).await);
        let dead = if is_key {
            dead_key.clone()
        } else {
            Credential::Tokens(TokenSet {
                access_token: "ended-access".to_owned().into(),
                refresh_token: Some("ended-refresh".to_owned().into()),
                ..token_set(Some(&administrator(&hr))).clone()
            })
        };
        let vault = Vault::new(&hr);
        let source = vault.open(dead);
        connect_again(&vault, version, administrator(&hr)).await;
        let read = Read::of(source.as_ref()).await;
        assert!(read.error.is_none(), "{:?}", read.error);
        assert_eq!(refreshes(&hr.requests().await), 0, "what is dead is not asked with");
        assert_eq!(vault.kept().len(), 1, "nothing was written over it");
    }
}

#[tokio::test]
async fn r40_a_secret_that_grew_otherwise_keeps_its_tokens_which_are_refreshed() {
    let hr = Arc::new(Hr::start(20).await);
    let tokens = administrator(&hr);
    let vault = Vault::new(&hr);
    let source = vault.open(tokens.clone());
    connect_again(&vault, 5, tokens).await;
    hr.arm(json!({"mode": "token_dies", "after": 2})).await;
    assert!(Read::of(source.as_ref()).await.error.is_none());
    assert_eq!(refreshes(&hr.requests().await), 1);
    let kept = vault.kept();
    let stored = ConnectionSecret::from_secret_text(&kept.last().unwrap().text).unwrap();
    assert_eq!((kept.len(), stored.version), (2, 6));
}
