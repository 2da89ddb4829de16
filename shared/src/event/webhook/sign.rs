//! Signatures of Standard Webhooks 1.0.0, version `v1`: HMAC-SHA256 over `id.timestamp.body`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;

use crate::event::{InvalidReceiver, Receiver};

/// Returns the header `webhook-signature`: one signature per secret, between spaces.
pub(super) fn signatures(
    secrets: &[SecretString],
    id: &str,
    timestamp: &str,
    body: &[u8],
) -> Result<String, InvalidReceiver> {
    let mut header = String::new();
    for secret in secrets {
        let key = Receiver::signing_key(secret)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| InvalidReceiver::Secret)?;
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        if !header.is_empty() {
            header.push(' ');
        }
        header.push_str("v1,");
        header.push_str(&STANDARD.encode(mac.finalize().into_bytes()));
    }
    if header.is_empty() {
        return Err(InvalidReceiver::Secret);
    }
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the specification's reference tests.
    #[test]
    fn a_signature_is_that_of_the_specifications_own_test() {
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_owned().into();
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let header = signatures(&[secret], "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", "1649367553", body).unwrap();
        assert_eq!(header, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn nothing_is_sent_without_a_signature() {
        assert_eq!(signatures(&[], "msg_1", "1", b"{}"), Err(InvalidReceiver::Secret));
        let empty = "whsec_".to_owned().into();
        assert_eq!(signatures(&[empty], "msg_1", "1", b"{}"), Err(InvalidReceiver::Secret));
    }
}
