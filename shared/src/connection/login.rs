//! Values of a login in the browser (RFC 6749 and 7636). Of a secret text, only its hash is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A text that opens something once: a start address, a `state`, a browser's cookie, an activation.
#[derive(Clone, Debug)]
pub struct OneTimeToken(SecretString);

impl OneTimeToken {
    /// Returns a token of 32 bytes of chance.
    pub fn new(chance: &[u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(chance).into())
    }

    /// Returns the text to hand out.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the hash that is kept of it.
    pub fn hash(&self) -> String {
        hash_token(self.expose())
    }
}

/// Returns the hash that is kept of a token: SHA-256, in hex digits.
pub fn hash_token(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Proof that the browser which brings a code back is the one that began the login (RFC 7636).
#[derive(Clone, Debug)]
pub struct CodeVerifier(SecretString);

impl CodeVerifier {
    /// Returns a verifier of 32 bytes of chance (section 4.1).
    pub fn new(chance: &[u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(chance).into())
    }

    /// Returns a verifier as it was kept.
    pub fn from_kept(text: String) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the challenge of the method `S256` (section 4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.expose().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfcs_example() {
        let verifier = CodeVerifier::from_kept("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_token_is_kept_as_a_hash_and_never_shown() {
        let token = OneTimeToken::new(&[7; 32]);
        assert_eq!((token.expose().len(), token.hash().len()), (43, 64));
        assert_eq!(token.hash(), hash_token(token.expose()));
        assert!(!format!("{token:?}").contains(token.expose()));
    }
}
