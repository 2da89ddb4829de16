//! The key under which a tenant's fingerprints and tombstones are hashed.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::{Error, HASH_KEY_SECRET, Ports};
use crate::connection::TenantId;

/// What a hash key has at least: 32 letters and digits are worth 190 bits.
const LEAST_KEY_CHARACTERS: usize = 32;

/// The tenant's key for fingerprints and tombstones: the HMAC-SHA256 of its name under the deployment's hash key. One
/// secret serves all tenants, since secrets are nearly the whole bill. A deployment finds it made; else the first use
/// makes it.
pub(super) async fn load_key(ports: &Ports, tenant: &TenantId) -> Result<[u8; 32], Error> {
    let text = match ports.secrets.find_secret(HASH_KEY_SECRET).await? {
        Some(text) => text,
        None => make_key(ports).await?,
    };
    // Another key would no longer know who was erased: one that is there is never written over.
    if text.expose_secret().len() < LEAST_KEY_CHARACTERS {
        return Err(Error::Missing("a hash key of at least 32 characters"));
    }
    let mut mac =
        Hmac::<Sha256>::new_from_slice(text.expose_secret().as_bytes()).map_err(|_| Error::Missing("the hash key"))?;
    mac.update(tenant.as_str().as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

/// Makes the deployment's hash key. Where several processes make one at once, all of them take the first one.
async fn make_key(ports: &Ports) -> Result<SecretString, Error> {
    let made = SecretString::from(hex::encode(ports.ids.key()));
    if ports.secrets.create_secret(HASH_KEY_SECRET, &made).await? {
        return Ok(made);
    }
    let first = ports.secrets.find_secret(HASH_KEY_SECRET).await?;
    first.ok_or(Error::Missing("the hash key"))
}
