//! Where events go, and what they are signed with: kept as one secret.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};

/// The name of the secret that holds the receiver.
pub const RECEIVER_SECRET: &str = "webhooks/receiver";

/// How many secrets sign at once: the current one, and the one before while receivers change over.
pub const MOST_SECRETS: usize = 2;

/// How many requests that made secrets are remembered, so that none of them makes another one.
const MOST_REQUESTS: usize = 20;

/// How secrets begin (Standard Webhooks 1.0.0).
const PREFIX: &str = "whsec_";

/// The version of the stored form (R44).
const VERSION: u32 = 1;

/// Why an address or a stored text is no receiver. It shows neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReceiver {
    /// The address is not allowed.
    #[error("events go to an https address with a public host name, without user, query and fragment")]
    Url,
    /// A secret is not in the form of Standard Webhooks.
    #[error("a signing secret is `whsec_` and base64 of 24 to 64 bytes")]
    Secret,
    /// The stored text is not in a form that this version reads.
    #[error("what is kept about the receiver is not in a known form")]
    Form,
}

/// Where events go.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// The address.
    pub url: String,
    /// What events are signed with: the current secret, then the one before.
    pub secrets: Vec<SecretString>,
    /// The ids of the requests that made secrets and may come again, the last first.
    pub requests: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    url: String,
    secrets: Vec<String>,
    #[serde(default)]
    requests: Vec<String>,
}

impl Receiver {
    /// Returns the signing secret that stands for a key.
    pub fn secret(key: &[u8; 32]) -> SecretString {
        format!("{PREFIX}{}", STANDARD.encode(key)).into()
    }

    /// Returns the bytes that a secret stands for; these sign, not its text.
    ///
    /// # Errors
    /// [`InvalidReceiver::Secret`] where it is in another form.
    pub fn signing_key(secret: &SecretString) -> Result<Zeroizing<Vec<u8>>, InvalidReceiver> {
        let text = secret.expose_secret();
        let encoded = text.strip_prefix(PREFIX).ok_or(InvalidReceiver::Secret)?;
        let key = STANDARD.decode(encoded).map_err(|_| InvalidReceiver::Secret)?;
        if (24..=64).contains(&key.len()) {
            Ok(Zeroizing::new(key))
        } else {
            Err(InvalidReceiver::Secret)
        }
    }

    /// Returns the receiver with a new current secret. Where a request that may come again asked for it, the request is
    /// remembered. The secret before signs too, until the next change.
    #[must_use]
    pub fn rotated(mut self, secret: SecretString, request: Option<&str>) -> Self {
        self.secrets.insert(0, secret);
        self.secrets.truncate(MOST_SECRETS);
        if let Some(request) = request {
            self.requests.insert(0, request.to_owned());
            self.requests.truncate(MOST_REQUESTS);
        }
        self
    }

    /// Returns whether a request made the secret already.
    pub fn was_rotated_for(&self, request: &str) -> bool {
        self.requests.iter().any(|known| known == request)
    }

    /// Returns the text that is kept.
    ///
    /// # Errors
    /// [`InvalidReceiver::Form`] where the receiver cannot be written as text.
    pub fn to_secret_text(&self) -> Result<SecretString, InvalidReceiver> {
        let secrets = self.secrets.iter();
        let stored = Stored {
            version: VERSION,
            url: self.url.clone(),
            secrets: secrets.map(|secret| secret.expose_secret().to_owned()).collect(),
            requests: self.requests.clone(),
        };
        let text = serde_json::to_string(&stored).map_err(|_| InvalidReceiver::Form)?;
        Ok(text.into())
    }

    /// Returns the receiver that is kept.
    ///
    /// # Errors
    /// [`InvalidReceiver`] where it is not in a known form, or holds no usable secret.
    pub fn from_secret_text(text: &SecretString) -> Result<Self, InvalidReceiver> {
        let stored: Stored = serde_json::from_str(text.expose_secret()).map_err(|_| InvalidReceiver::Form)?;
        if stored.version != VERSION || stored.secrets.is_empty() {
            return Err(InvalidReceiver::Form);
        }
        let secrets: Vec<SecretString> = stored.secrets.into_iter().map(Into::into).collect();
        for secret in &secrets {
            Self::signing_key(secret)?;
        }
        Ok(Self {
            url: stored.url,
            secrets,
            requests: stored.requests,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_reads_back_what_it_writes_and_shows_no_secret() {
        let receiver = Receiver {
            url: "https://app.example/hooks".to_owned(),
            secrets: vec![Receiver::secret(&[7; 32])],
            requests: Vec::new(),
        };
        let read = Receiver::from_secret_text(&receiver.to_secret_text().unwrap()).unwrap();
        assert_eq!(read.url, receiver.url);
        assert_eq!(*Receiver::signing_key(&read.secrets[0]).unwrap(), vec![7; 32]);
        assert!(!format!("{read:?}").contains("whsec"));
    }

    #[test]
    fn of_several_changes_the_last_two_secrets_sign() {
        let mut receiver = Receiver {
            url: "https://app.example".to_owned(),
            secrets: vec![Receiver::secret(&[1; 32])],
            requests: Vec::new(),
        };
        for number in 2..5 {
            let request = format!("r-{number}");
            receiver = receiver.rotated(Receiver::secret(&[number; 32]), Some(&request));
        }
        assert!(receiver.was_rotated_for("r-2") && !receiver.was_rotated_for("r-5"));
        let keys = receiver
            .secrets
            .iter()
            .map(|secret| Receiver::signing_key(secret).unwrap()[0]);
        assert_eq!(keys.collect::<Vec<_>>(), [4, 3]);
    }

    #[test]
    fn a_secret_that_is_empty_short_or_of_another_form_is_refused() {
        for text in [
            "",
            "whsec_",
            "whsec_AAAA",
            "whsec_!!!!",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ] {
            let refused = Receiver::signing_key(&text.to_owned().into());
            assert_eq!(refused.unwrap_err(), InvalidReceiver::Secret, "{text}");
        }
        for text in ["{}", "", r#"{"version":1,"url":"https://a.example","secrets":[]}"#] {
            let refused = Receiver::from_secret_text(&text.to_owned().into());
            assert_eq!(refused.unwrap_err(), InvalidReceiver::Form, "{text}");
        }
    }
}
