//! Whether a new credential opens the company that was connected first, where the HR system names none (R01): people are read
//! as far as there is time, and compared with the people who are linked. Nothing of what was read is kept.

use std::sync::Arc;

use super::{
    ConnectError, Error, Ports, access::Opened, credential::WAITED_BESIDE, load::load_fingerprints, spread::later,
    trial::Tried,
};
use crate::{
    connection::{Configuration, Connection, Credential},
    plan::{Links, recognise},
    roster::Reading,
    source::{Class, Opening},
};

/// Checks that a credential shows the people who are linked. A read that does not come to its end in time is judged by what it
/// showed; the next run judges all of it, before anything is planned.
///
/// # Errors
/// [`ConnectError::DifferentCompany`] where too few are found again.
pub(super) async fn check_people(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<(), ConnectError> {
    let Some(company) = connection.company.clone() else {
        return Ok(());
    };
    let links = ports.store.list_links(&connection.id).await.map_err(Error::from)?;
    if links.is_empty() {
        return Ok(());
    }
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let opening = Opening {
        at: connection.into(),
        access: Arc::new(Tried(credential.clone())),
        allowance: None,
        allowed: &configuration.allowed(),
        company: Some(&company),
    };
    let until = later(ports.clock.now(), WAITED_BESIDE);
    let opened = Opened::of(ports, provider.as_ref(), (connection, Some(credential)), opening, until)
        .map_err(ConnectError::Source)?;
    let mut reading = Reading::whole(company.clone());
    let read = tokio::time::timeout(WAITED_BESIDE, opened.source.read(&mut reading)).await;
    opened.close(false).await;
    let broken = match read {
        Ok(Ok(())) => None,
        Ok(Err(error)) if matches!(error.class, Class::Forbidden | Class::Unauthorized) => {
            return Err(ConnectError::Source(error));
        }
        Ok(Err(error)) => Some(error.class.as_str()),
        Err(_) => Some(Class::Temporary.as_str()),
    };
    let roster = reading.roster.finish(broken).map_err(Error::from)?;
    let fingerprints = load_fingerprints(ports, connection).await?;
    let recognition =
        recognise(&roster, &Links::new(links), None, &fingerprints, ports.clock.now()).map_err(Error::from)?;
    if recognition.is_same_company() {
        Ok(())
    } else {
        tracing::warn!(
            connection.id = %connection.id,
            linked = recognition.linked,
            found = recognition.found,
            "a credential shows other people than those who are linked"
        );
        Err(ConnectError::DifferentCompany)
    }
}
