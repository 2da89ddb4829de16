//! API keys: `rck_<id>_<secret>`. They are kept as hashes and compared in constant time (R39).

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use super::problem::{Code, Problem};
use crate::{
    connection::Role,
    run::Ports,
    store::{DoorStore, KeyRecord, Reach},
};

/// The secret that holds the key made at deployment: the letters and digits after `rck_first_`, as a template can generate
/// them. It opens everything until it is revoked.
pub const FIRST_KEY_SECRET: &str = "first-api-key";

/// The id of the key made at deployment.
pub const FIRST_KEY: &str = "first";

/// How a key begins, so that scanners for leaked secrets know it.
const PREFIX: &str = "rck_";

/// A caller: the holder of an API key.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The id of their key.
    pub key: String,
    /// Which tenants' data the caller reaches.
    pub reach: Reach,
    /// What the caller may do.
    pub role: Role,
}

/// The text of a new key with this id and 32 bytes of chance.
pub fn compose(id: &str, chance: &[u8; 32]) -> SecretString {
    format!("{PREFIX}{id}_{}", hex::encode(chance)).into()
}

/// The key made at deployment, from what its secret holds.
pub fn first_key(secret: &SecretString) -> SecretString {
    format!("{PREFIX}{FIRST_KEY}_{}", secret.expose_secret()).into()
}

/// What is kept of a key.
pub fn hash(key: &SecretString) -> String {
    hex::encode(Sha256::digest(key.expose_secret().as_bytes()))
}

/// The id in a key; `None` where it has not the form of one.
fn id_of(key: &str) -> Option<&str> {
    let (id, secret) = key.strip_prefix(PREFIX)?.split_once('_')?;
    let fits =
        |text: &str| !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits(id) && fits(secret)).then_some(id)
}

/// Finds out who calls, from the header `Authorization: Bearer <key>` (RFC 6750).
///
/// # Errors
/// [`Code::MissingKey`] or [`Code::UnknownKey`]; which part of a key is wrong is not told.
pub async fn authenticate(ports: &Ports, door: &Arc<dyn DoorStore>, header: Option<&str>) -> Result<Caller, Problem> {
    let missing = || Problem::new(Code::MissingKey, "send `Authorization: Bearer <api key>`");
    let header = header.ok_or_else(missing)?;
    let (scheme, key) = header.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    let key = SecretString::from(key.trim().to_owned());
    let unknown = || Problem::new(Code::UnknownKey, "use a key that is in force, or make a new one");
    let id = id_of(key.expose_secret()).ok_or_else(unknown)?.to_owned();
    let found = match door.find_key(&id).await? {
        None if id == FIRST_KEY => take_first(ports, door, &key).await?,
        found => found,
    };
    let is_same = |record: &KeyRecord| bool::from(record.hash.as_bytes().ct_eq(hash(&key).as_bytes()));
    let record = found.filter(|record| is_same(record) && record.revoked_at.is_none());
    record
        .map(|record| Caller {
            key: record.id,
            reach: record.reach,
            role: record.role,
        })
        .ok_or_else(unknown)
}

/// The key made at deployment is accepted from its secret once, and kept as a hash from then on.
async fn take_first(
    ports: &Ports,
    door: &Arc<dyn DoorStore>,
    key: &SecretString,
) -> Result<Option<KeyRecord>, Problem> {
    let Some(secret) = ports.secrets.find_secret(FIRST_KEY_SECRET).await? else {
        return Ok(None);
    };
    let secret = first_key(&secret);
    if !bool::from(secret.expose_secret().as_bytes().ct_eq(key.expose_secret().as_bytes())) {
        return Ok(None);
    }
    let record = KeyRecord {
        id: FIRST_KEY.to_owned(),
        name: "made at deployment".to_owned(),
        hash: hash(key),
        reach: Reach::All,
        role: Role::Admin,
        created_at: ports.clock.now(),
        created_by: None,
        revoked_at: None,
    };
    door.create_key(&record).await?;
    Ok(door.find_key(FIRST_KEY).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_id_and_is_kept_as_a_hash() {
        let key = compose("a7", &[7; 32]);
        assert_eq!(id_of(key.expose_secret()), Some("a7"));
        assert_eq!(hash(&key).len(), 64);
        for bad in [
            "",
            "rck_",
            "rck_a7",
            "rck__x",
            "rck_a7_",
            "rck_a-7_x",
            "a7_x",
            "rck_a7_x y",
        ] {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }
}
