//! Who is calling: the holder of a key or of a token.

use super::permission::PermissionGroup;
use crate::draw::draw;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// What a caller came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// A key.
    Key,
    /// A token of the company, which does not end.
    CompanyToken,
    /// A token that a person allowed.
    UserToken,
    /// A token of a client of the customer's.
    ClientToken,
}

/// A user who sees what their permission group may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) group: PermissionGroup,
    pub(crate) employee_id: u64,
}

/// A caller with a valid credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Position of the company.
    pub(crate) company: usize,
    pub(crate) means: Means,
    /// The user as whom the caller sees; without one the caller sees everything.
    pub(crate) user: Option<User>,
    /// What a token was given for; keys have no scope.
    pub(crate) scope: Option<String>,
}

impl Caller {
    /// Whether the credential is good for one of these scopes; a key is good for all.
    pub(crate) fn has_scope(&self, any_of: &[&str]) -> bool {
        self.scope
            .as_ref()
            .is_none_or(|scope| scope.split_ascii_whitespace().any(|granted| any_of.contains(&granted)))
    }
}

/// An unguessable-looking text that is the same for the same seed.
pub(crate) fn secret(seed: u64, salt: u64) -> String {
    URL_SAFE_NO_PAD.encode(bytes(seed, salt, 4))
}

/// Returns `parts` times eight bytes that look like chance.
fn bytes(seed: u64, salt: u64, parts: u64) -> Vec<u8> {
    (0..parts)
        .flat_map(|part| draw(draw(seed, salt), part).to_le_bytes())
        .collect()
}

/// Returns this many hexadecimal digits that look like chance.
pub(crate) fn hexadecimal(seed: u64, salt: u64, digits: usize) -> String {
    let bytes = bytes(seed, salt, digits.div_ceil(16) as u64);
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let letters = nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16));
    letters.take(digits).collect()
}

/// What follows `scheme` in the Authorization header, the scheme in any case.
pub(crate) fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let given = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (own, rest) = given.split_once(' ')?;
    own.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// The id of the service user whose token this is, for HR systems that want both.
pub fn service_user(token: &str) -> String {
    let digits = token.chars().filter(char::is_ascii_hexdigit).take(6);
    format!("SERVICE-{}", digits.collect::<String>())
}

/// User name and password of Basic.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let plain = STANDARD.decode(authorization(headers, "basic")?).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (user, password) = plain.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
