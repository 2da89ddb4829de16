//! What a connection logs in with. Its texts stay wrapped: only the two functions that are meant to show them do.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{Error, ProviderId};

/// The version in which secrets are stored (R44).
const VERSION: u32 = 1;

/// What a connection logs in with, at the source or at the target.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A key that an admin pasted.
    ApiKey {
        /// The key.
        key: SecretString,
    },
    /// A name with a password (RFC 7617).
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// A client that gets its tokens itself (RFC 6749, section 4.4).
    Client {
        /// Where tokens are given; `None` where the HR system's own address is meant.
        token_url: Option<String>,
        /// The client's id.
        id: String,
        /// The client's secret.
        secret: SecretString,
        /// The scope that the client asks for; without one the server decides.
        scope: Option<String>,
    },
    /// What an OAuth server gave (RFC 6749).
    Tokens(TokenSet),
    /// What an OAuth server gave for another credential, which gets the next tokens: a client's, or a name with a password
    /// (sections 4.3 and 4.4).
    Granted {
        /// What it was given for.
        by: Box<Credential>,
        /// What it gave.
        tokens: TokenSet,
    },
}

/// Tokens of an OAuth server.
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// The token that opens the API.
    pub access_token: SecretString,
    /// The token that gets the next access token. Some servers give none, some give a new one with each use.
    pub refresh_token: Option<SecretString>,
    /// When the access token ends, where the server says so.
    pub expires_at: Option<Timestamp>,
    /// When it was obtained.
    pub obtained_at: Timestamp,
    /// What the access token opens, in the server's words.
    pub scope: Option<String>,
}

/// The HR system that issued a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// Which HR system.
    pub provider: ProviderId,
    /// The HR system's address, where that is not the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The customer's part of the address, where the HR system has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// All that one connection keeps secret, as one stored secret.
#[derive(Clone, Debug, Default)]
pub struct ConnectionSecret {
    /// The version, which grows by one with each change: so a refresh that lost a race is seen.
    pub version: u64,
    /// The HR system that issued the credential, so that the credential can be given back where no other record tells
    /// where.
    pub issuer: Option<Issuer>,
    /// The credential for the HR system.
    pub source: Option<Credential>,
    /// The credential for the target.
    pub target: Option<Credential>,
    /// How often the target's was renewed, so that a caller who asks for the renewal again knows whether it was done.
    pub target_renewals: u64,
}

impl ConnectionSecret {
    /// Returns the text to put into a secret store, and into nothing else.
    ///
    /// # Errors
    /// [`Error::Secret`] where it has no stored form; nothing must be stored then.
    pub fn to_secret_text(&self) -> Result<SecretString, Error> {
        let stored = Stored {
            form: VERSION,
            version: self.version,
            issuer: self.issuer.clone(),
            source: self.source.as_ref().map(StoredCredential::from),
            target: self.target.as_ref().map(StoredCredential::from),
            target_renewals: self.target_renewals,
        };
        serde_json::to_string(&stored)
            .map(SecretString::from)
            .map_err(|_| Error::Secret)
    }

    /// Returns what [`ConnectionSecret::to_secret_text`] wrote.
    ///
    /// # Errors
    /// [`Error::Secret`] where it is of another form or damaged.
    pub fn from_secret_text(text: &SecretString) -> Result<Self, Error> {
        let stored: Stored = serde_json::from_str(text.expose_secret()).map_err(|_| Error::Secret)?;
        if stored.form != VERSION {
            return Err(Error::Secret);
        }
        Ok(Self {
            version: stored.version,
            issuer: stored.issuer,
            source: stored.source.map(Credential::from),
            target: stored.target.map(Credential::from),
            target_renewals: stored.target_renewals,
        })
    }
}

impl TokenSet {
    /// Returns the tokens as obtained at `now`: their life is as long as the server said.
    fn obtained(self, now: Timestamp) -> Self {
        let lives = self.expires_at.map(|ends| ends.duration_since(self.obtained_at));
        Self {
            expires_at: lives.and_then(|lives| now.checked_add(lives).ok()),
            obtained_at: now,
            ..self
        }
    }

    /// Returns whether the access token has less than `margin_seconds` left at `now`, or less than a fourth of its life where that is
    /// shorter: a token of a minute is used too. Without an end it never has.
    pub fn expires_within(&self, margin_seconds: i64, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| {
            let lives = expires_at.as_second() - self.obtained_at.as_second();
            expires_at.as_second() - now.as_second() < margin_seconds.min(lives / 4).max(0)
        })
    }
}

impl Credential {
    /// Returns whether both credentials open the same: a credential that was refused is not tried again.
    pub fn is_same(&self, other: &Self) -> bool {
        self.opening_text() == other.opening_text()
    }

    /// Returns whether giving this credential back would end the other too: both open the same, or have the same
    /// renewal.
    pub fn ends_with(&self, other: &Self) -> bool {
        let renewed = self.refresh_token().zip(other.refresh_token());
        self.is_same(other) || renewed.is_some_and(|(own, theirs)| own == theirs)
    }

    /// Returns the credential as obtained at `now`, by the clock of the code that asks later: its life is as long as
    /// the server said.
    #[must_use]
    pub fn obtained(self, now: Timestamp) -> Self {
        match self {
            Self::ApiKey { .. } | Self::Basic { .. } | Self::Client { .. } => self,
            Self::Tokens(tokens) => Self::Tokens(tokens.obtained(now)),
            Self::Granted { by, tokens } => Self::Granted {
                by,
                tokens: tokens.obtained(now),
            },
        }
    }

    /// Returns when the credential ends; `None` where it does not end, can be renewed, or its end is not
    /// known.
    pub fn ends_at(&self) -> Option<Timestamp> {
        match self {
            Self::Tokens(tokens) if tokens.refresh_token.is_none() => tokens.expires_at,
            Self::ApiKey { .. } | Self::Basic { .. } | Self::Client { .. } | Self::Granted { .. } | Self::Tokens(_) => {
                None
            }
        }
    }

    fn refresh_token(&self) -> Option<&str> {
        match self {
            Self::Tokens(tokens) | Self::Granted { tokens, .. } => {
                tokens.refresh_token.as_ref().map(ExposeSecret::expose_secret)
            }
            Self::ApiKey { .. } | Self::Basic { .. } | Self::Client { .. } => None,
        }
    }

    fn opening_text(&self) -> &str {
        match self {
            Self::ApiKey { key } => key.expose_secret(),
            Self::Basic { password, .. } => password.expose_secret(),
            Self::Client { secret, .. } => secret.expose_secret(),
            Self::Tokens(tokens) | Self::Granted { tokens, .. } => tokens.access_token.expose_secret(),
        }
    }
}

/// The stored form: private, so that no other document can contain it.
#[derive(Serialize, Deserialize)]
struct Stored {
    form: u32,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<Issuer>,
    source: Option<StoredCredential>,
    target: Option<StoredCredential>,
    #[serde(default)]
    target_renewals: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredCredential {
    ApiKey {
        key: String,
    },
    Basic {
        user: String,
        password: String,
    },
    Client {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token_url: Option<String>,
        id: String,
        secret: String,
        scope: Option<String>,
    },
    Tokens(StoredTokens),
    Granted {
        by: Box<Self>,
        tokens: StoredTokens,
    },
}

#[derive(Serialize, Deserialize)]
struct StoredTokens {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: Option<Timestamp>,
    obtained_at: Timestamp,
    scope: Option<String>,
}

impl From<&TokenSet> for StoredTokens {
    fn from(tokens: &TokenSet) -> Self {
        let open = |secret: &SecretString| secret.expose_secret().to_owned();
        Self {
            access_token: open(&tokens.access_token),
            refresh_token: tokens.refresh_token.as_ref().map(open),
            expires_at: tokens.expires_at,
            obtained_at: tokens.obtained_at,
            scope: tokens.scope.clone(),
        }
    }
}

impl From<StoredTokens> for TokenSet {
    fn from(stored: StoredTokens) -> Self {
        Self {
            access_token: stored.access_token.into(),
            refresh_token: stored.refresh_token.map(SecretString::from),
            expires_at: stored.expires_at,
            obtained_at: stored.obtained_at,
            scope: stored.scope,
        }
    }
}

impl From<&Credential> for StoredCredential {
    fn from(credential: &Credential) -> Self {
        let open = |secret: &SecretString| secret.expose_secret().to_owned();
        match credential {
            Credential::ApiKey { key } => Self::ApiKey { key: open(key) },
            Credential::Basic { user, password } => Self::Basic {
                user: user.clone(),
                password: open(password),
            },
            Credential::Client {
                token_url,
                id,
                secret,
                scope,
            } => Self::Client {
                token_url: token_url.clone(),
                id: id.clone(),
                secret: open(secret),
                scope: scope.clone(),
            },
            Credential::Tokens(tokens) => Self::Tokens(tokens.into()),
            Credential::Granted { by, tokens } => Self::Granted {
                by: Box::new(by.as_ref().into()),
                tokens: tokens.into(),
            },
        }
    }
}

impl From<StoredCredential> for Credential {
    fn from(stored: StoredCredential) -> Self {
        match stored {
            StoredCredential::ApiKey { key } => Self::ApiKey { key: key.into() },
            StoredCredential::Basic { user, password } => Self::Basic {
                user,
                password: password.into(),
            },
            StoredCredential::Client {
                token_url,
                id,
                secret,
                scope,
            } => Self::Client {
                token_url,
                id,
                secret: secret.into(),
                scope,
            },
            StoredCredential::Tokens(tokens) => Self::Tokens(tokens.into()),
            StoredCredential::Granted { by, tokens } => Self::Granted {
                by: Box::new((*by).into()),
                tokens: tokens.into(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> ConnectionSecret {
        ConnectionSecret {
            version: 3,
            issuer: Some(Issuer {
                provider: ProviderId::parse("factorial").unwrap(),
                base_url: None,
                site: None,
            }),
            source: Some(Credential::Tokens(TokenSet {
                access_token: "canary-access".to_owned().into(),
                refresh_token: Some("canary-refresh".to_owned().into()),
                expires_at: Some("2026-03-01T09:00:00Z".parse().unwrap()),
                obtained_at: "2026-03-01T08:00:00Z".parse().unwrap(),
                scope: Some("read".to_owned()),
            })),
            target: Some(Credential::ApiKey {
                key: "canary-key".to_owned().into(),
            }),
            target_renewals: 2,
        }
    }

    #[test]
    fn one_secret_holds_both_sides_and_reads_back_the_same() {
        let text = secret().to_secret_text().unwrap();
        let again = ConnectionSecret::from_secret_text(&text).unwrap();
        assert_eq!(again.to_secret_text().unwrap().expose_secret(), text.expose_secret());
        assert_eq!((again.version, again.target_renewals), (3, 2));
        let Some(Credential::Tokens(tokens)) = again.source else {
            panic!("the source's tokens are gone")
        };
        assert_eq!(
            tokens.refresh_token.map(|token| token.expose_secret().to_owned()),
            Some("canary-refresh".to_owned())
        );
    }

    #[test]
    fn r44_tokens_are_stored_as_before_and_with_what_they_were_given_for() {
        let text = r#"{"form":1,"version":1,"source":{"kind":"tokens","access_token":"a","refresh_token":null,"expires_at":null,"obtained_at":"2026-03-01T08:00:00Z","scope":null},"target":null,"target_renewals":0}"#;
        let before = ConnectionSecret::from_secret_text(&text.to_owned().into()).unwrap();
        assert_eq!(before.to_secret_text().unwrap().expose_secret(), text);
        let Some(Credential::Tokens(tokens)) = before.source else {
            panic!("the source's tokens are gone")
        };
        let by = Credential::Client {
            token_url: None,
            id: "client".to_owned(),
            secret: "s3cret".to_owned().into(),
            scope: None,
        };
        let granted = ConnectionSecret {
            source: Some(Credential::Granted {
                by: Box::new(by),
                tokens,
            }),
            ..ConnectionSecret::default()
        };
        let again = ConnectionSecret::from_secret_text(&granted.to_secret_text().unwrap()).unwrap();
        let Some(Credential::Granted { by, tokens }) = again.source else {
            panic!("what was granted is gone")
        };
        assert!(matches!(*by, Credential::Client { id, .. } if id == "client"));
        assert_eq!(tokens.access_token.expose_secret(), "a");
    }

    #[test]
    fn r38_no_token_or_key_is_ever_shown() {
        let shown = format!("{:?} {:?}", secret(), secret().to_secret_text().unwrap());
        assert!(!shown.contains("canary"), "{shown}");
        let damaged = SecretString::from("{\"form\":1,\"source\":\"canary\"".to_owned());
        let error = ConnectionSecret::from_secret_text(&damaged).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }

    #[test]
    fn r44_a_secret_of_another_form_is_refused() {
        let other = SecretString::from(r#"{"form":2,"version":1,"source":null,"target":null}"#.to_owned());
        assert_eq!(ConnectionSecret::from_secret_text(&other).unwrap_err(), Error::Secret);
    }

    #[test]
    fn r40_a_token_is_due_before_it_ends_and_one_without_end_never_is() {
        let Some(Credential::Tokens(mut tokens)) = secret().source else {
            panic!("no tokens")
        };
        let at = |text: &str| text.parse().unwrap();
        assert!(!tokens.expires_within(300, at("2026-03-01T08:55:00Z")));
        assert!(tokens.expires_within(300, at("2026-03-01T08:55:01Z")));
        assert!(tokens.expires_within(300, at("2026-03-01T10:00:00Z")));
        tokens.expires_at = None;
        assert!(!tokens.expires_within(300, at("2026-03-01T10:00:00Z")));
        // Of one that lives for a minute, three quarters are used.
        tokens.obtained_at = at("2026-03-01T09:00:00Z");
        tokens.expires_at = Some(at("2026-03-01T09:01:00Z"));
        assert!(!tokens.expires_within(60, at("2026-03-01T09:00:45Z")));
        assert!(tokens.expires_within(60, at("2026-03-01T09:00:46Z")));
    }

    #[test]
    fn r49_a_secret_of_the_form_before_has_no_issuer_and_counts_no_renewals() {
        let before = r#"{"form":1,"version":1,"source":{"kind":"api_key","key":"a"},"target":null}"#;
        let secret = ConnectionSecret::from_secret_text(&before.to_owned().into()).unwrap();
        assert!(secret.issuer.is_none() && secret.source.is_some());
        assert_eq!(secret.target_renewals, 0);
    }

    #[test]
    fn r42_a_credential_ends_with_another_that_opens_or_renews_the_same() {
        let tokens = |access: &str, refresh: Option<&str>| {
            Credential::Tokens(TokenSet {
                access_token: access.to_owned().into(),
                refresh_token: refresh.map(|refresh| refresh.to_owned().into()),
                expires_at: None,
                obtained_at: "2026-03-01T08:00:00Z".parse().unwrap(),
                scope: None,
            })
        };
        assert!(tokens("a", Some("r")).ends_with(&tokens("a", Some("other"))));
        assert!(tokens("a", Some("r")).ends_with(&tokens("b", Some("r"))));
        assert!(!tokens("a", Some("r")).ends_with(&tokens("b", Some("s"))));
        assert!(!tokens("a", None).ends_with(&tokens("b", None)));
    }

    #[test]
    fn r40_credentials_are_compared_by_what_opens() {
        let key = |text: &str| Credential::ApiKey {
            key: text.to_owned().into(),
        };
        assert!(key("a").is_same(&key("a")));
        assert!(!key("a").is_same(&key("b")));
    }
}
