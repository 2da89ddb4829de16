//! Who is calling: the API key in `x-api-key`, which wins, or a bearer token.

use super::permission::PermissionGroup;
use super::refusal::Refusal;
use super::token::Tokens;
use crate::draw::draw;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a caller came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Means {
    /// An API key: sees everything.
    Key,
    /// A token of the company: sees everything.
    CompanyToken,
    /// A token of a user: sees what their permission group may see.
    UserToken { group: PermissionGroup, employee_id: u64 },
}

/// A caller with a valid credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    /// Position of the company.
    pub(super) company: usize,
    pub(super) means: Means,
}

/// An unguessable-looking text that is the same for the same seed.
pub(super) fn secret(seed: u64, salt: u64) -> String {
    let bytes: Vec<u8> = (0..4)
        .flat_map(|part| draw(draw(seed, salt), part).to_le_bytes())
        .collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key in the form of a JWT; nobody checks its signature.
pub(super) fn api_key(seed: u64, company: u64) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"company_id":{company},"scope":"api_key"}}"#));
    format!("{header}.{claims}.{}", secret(seed, company))
}

/// Finds out who calls; `keys` are those of the companies in order.
pub(super) fn identify(
    headers: &HeaderMap,
    keys: &[String],
    keys_refused: bool,
    tokens: &mut Tokens,
    now: i64,
) -> Result<Caller, Refusal> {
    if let Some(given) = headers.get("x-api-key") {
        let found = keys
            .iter()
            .position(|key| given.as_bytes() == key.as_bytes() && !keys_refused);
        return found
            .map(|company| Caller {
                company,
                means: Means::Key,
            })
            .ok_or(Refusal::NoCredential);
    }
    let Some(given) = headers.get(AUTHORIZATION) else {
        return Err(Refusal::NoCredential);
    };
    let (scheme, token) = given
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(Refusal::NoCredential)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::NoCredential);
    }
    tokens.open(token.trim(), now).map_err(Refusal::Token)
}
