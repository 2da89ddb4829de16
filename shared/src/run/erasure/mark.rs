//! The mark of a person who was erased, which does not tell who they were: a keyed hash of their reference.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    account::ExternalId,
    connection::{Connection, TenantId},
    employee::EmployeeId,
    roster::Roster,
    run::{Error, Ports, hash_key::load_key},
};

/// What goes before the reference, so that these hashes are no fingerprints of values.
const PURPOSE: &[u8] = b"erased person\0";

/// The mark of a person in tombstones; `None` while the company is not known.
pub(super) fn mark(key: &[u8; 32], connection: &Connection, employee: &EmployeeId) -> Option<String> {
    let company = connection.company.as_ref()?;
    let reference = ExternalId::new(connection.provider.as_str(), &company.id, employee);
    let mut mac = Hmac::<Sha256>::new(&pad(key).into());
    mac.update(PURPOSE);
    mac.update(reference.as_str().as_bytes());
    let digest = hex::encode(mac.finalize().into_bytes());
    digest.get(..32).map(str::to_owned)
}

/// The mark of an employee of a connection in tombstones; `None` while its company is not known.
pub(in crate::run) async fn mark_of(
    ports: &Ports,
    connection: &Connection,
    employee: &EmployeeId,
) -> Result<Option<String>, Error> {
    Ok(mark(&load_key(ports, &connection.tenant).await?, connection, employee))
}

/// A key as a block of SHA-256 (RFC 2104: filled up with zeros).
fn pad(key: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    block
}

/// Whether a whole tenant was erased.
pub(in crate::run) async fn is_erased(ports: &Ports, tenant: &TenantId) -> Result<bool, Error> {
    let tombstones = ports.store.list_tombstones(tenant).await?;
    Ok(tombstones.iter().any(|tombstone| tombstone.person.is_none()))
}

/// Tells who of a connection's people was erased.
pub(in crate::run) struct ErasedPeople<'a> {
    connection: &'a Connection,
    key: [u8; 32],
    marks: BTreeSet<String>,
}

impl<'a> ErasedPeople<'a> {
    /// Loads what tells who was erased.
    ///
    /// # Errors
    /// [`Error`] of the store, or of the secrets.
    pub(in crate::run) async fn load(ports: &Ports, connection: &'a Connection) -> Result<Self, Error> {
        let tombstones = ports.store.list_tombstones(&connection.tenant).await?.into_iter();
        let marks: BTreeSet<String> = tombstones.filter_map(|tombstone| tombstone.person).collect();
        let key = if marks.is_empty() {
            [0; 32]
        } else {
            load_key(ports, &connection.tenant).await?
        };
        Ok(Self { connection, key, marks })
    }

    /// Returns the marks of the people who were erased.
    pub(in crate::run) const fn marks(&self) -> &BTreeSet<String> {
        &self.marks
    }

    /// Returns whether nobody was erased.
    pub(in crate::run) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Returns the person of an employee id, if they were erased.
    pub(in crate::run) fn find(&self, id: &str) -> Option<EmployeeId> {
        if self.is_empty() {
            return None;
        }
        let id = EmployeeId::parse(id).ok()?;
        let mark = mark(&self.key, self.connection, &id)?;
        self.marks.contains(&mark).then_some(id)
    }

    /// Returns the people of a roster in memory who were erased.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged.
    pub(in crate::run) fn in_roster(&self, roster: &Roster) -> Result<BTreeSet<EmployeeId>, Error> {
        let mut erased = BTreeSet::new();
        if !self.is_empty() {
            roster.each(|row| erased.extend(self.find(row.id)))?;
        }
        Ok(erased)
    }
}
