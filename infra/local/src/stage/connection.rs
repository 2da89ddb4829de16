//! Connecting a tenant to an emulated HR system, with the key that an admin would paste.

use std::collections::BTreeMap;

use rollcall::{
    connection::{Connection, Credential, Preset, Submission, TargetChoice, TenantId, parse},
    run::{Actor, Clock as _, NewConnection, connect},
};

use super::Stage;
use crate::{Error, emulator::Emulator};

impl Stage {
    /// Connects a tenant to an HR system and to the built-in directory. `configuration` is what a caller of the HTTP contract
    /// would send; what it leaves out comes from the preset `users`.
    ///
    /// # Errors
    /// [`Error::Configuration`] where the configuration is refused, [`Error::Connect`] where the key is refused.
    pub async fn connect(&self, tenant: &str, hr: &Emulator, configuration: &str) -> Result<Connection, Error> {
        let directory = (TargetChoice::Directory, None);
        self.connect_to(directory, tenant, (hr, 0), configuration).await
    }

    /// Connects a tenant as [`Stage::connect`] does, to another target with the credential that opens it, and to the company
    /// of the HR system at this position.
    ///
    /// # Errors
    /// As [`Stage::connect`].
    pub async fn connect_to(
        &self,
        (target, target_credential): (TargetChoice, Option<Credential>),
        tenant: &str,
        (hr, company): (&Emulator, usize),
        configuration: &str,
    ) -> Result<Connection, Error> {
        let submission = Submission {
            preset: Preset::Users,
            version: 1,
            previous: None,
            labels: &BTreeMap::new(),
            by: "the local stage",
            at: self.clock.now(),
        };
        let configuration = parse(configuration.as_bytes(), &submission).map_err(|faults| {
            let faults = faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.detail));
            Error::Configuration(faults.collect::<Vec<_>>().join("; "))
        })?;
        let invalid = |error: rollcall::connection::Error| Error::Configuration(error.to_string());
        let new = NewConnection {
            tenant: TenantId::parse(tenant).map_err(invalid)?,
            provider: hr.kind().id(),
            base_url: Some(hr.url()),
            site: hr.site_of(company),
            credential: hr.credential_of(company),
            target,
            target_credential,
            configuration,
            authorised_by: None,
        };
        Ok(connect(&self.ports, &Actor::named("somebody"), new).await?.connection)
    }
}
