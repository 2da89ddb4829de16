//! Proof that the client that exchanges a code is the one that asked for it (RFC 7636).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What came with an authorisation request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    value: String,
    hashed: bool,
}

impl Challenge {
    /// Reads the parameters `code_challenge` and `code_challenge_method`; an error where the method is unknown.
    pub(super) fn read(value: Option<&str>, method: Option<&str>) -> Result<Option<Self>, &'static str> {
        let Some(value) = value else { return Ok(None) };
        let hashed = match method {
            None | Some("plain") => false,
            Some("S256") => true,
            Some(_) => return Err("code_challenge_method must be plain or S256"),
        };
        Ok(Some(Self {
            value: value.to_owned(),
            hashed,
        }))
    }

    /// Whether this verifier made the challenge.
    pub(crate) fn is_met(&self, verifier: &str) -> bool {
        if self.hashed {
            URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == self.value
        } else {
            verifier == self.value
        }
    }
}
