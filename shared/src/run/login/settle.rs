//! What becomes of a new credential: the company is checked first, then it is kept, then the connection may run (R01). The
//! record says before what is coming, and claims the company, so that nothing is kept of which it does not tell.

use crate::{
    connection::{Configuration, Connection, ConnectionId, Credential, Transition, Undertaking},
    event::EventKind,
    roster::Company,
    run::{
        ConnectError, Ports,
        claim::change,
        credential::{give_back, keep_credential, put_back},
        first::{ask_for, first_run},
        recognise::check_people,
        tell_connection,
        trial::list_companies,
    },
    source,
    store::{RunId, Write},
};

/// Takes a new credential for a connection: checks the company, keeps the credential, and lets the connection run, together
/// with what else has to agree with it. A credential that is not kept is given back where the provider takes it.
pub(in crate::run) async fn settle(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: Credential,
    also: &[Write<'_>],
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let settled = take(ports, connection, configuration, &credential, also).await;
    if settled.is_err() {
        give_back(ports, connection, &credential).await;
    }
    settled
}

async fn take(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: &Credential,
    also: &[Write<'_>],
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let opened = list_companies(ports, connection, configuration, credential).await?;
    if !opened.is_named {
        check_people(ports, connection, configuration, credential).await?;
    }
    let company = choose(connection, opened.companies)?;
    let is_first = connection.company.is_none();
    let run = match &company {
        Some(_) if is_first => first_run(ports, &connection.id, configuration)?,
        Some(_) | None => None,
    };
    let also: Vec<Write<'_>> = run.iter().map(Write::Run).chain(also.iter().copied()).collect();
    if is_first {
        begin(ports, &connection.id, company.as_ref()).await?;
    }
    let site = &connection.site;
    let kept = keep(ports, connection, credential, &also, |connection| match &company {
        Some(company) => Ok(Connection {
            site: site.clone(),
            ..connect(connection, company, credential)?
        }),
        None => Ok(connection.clone().change(Transition::AskForCompany)?.finish()),
    })
    .await;
    let kept = match kept {
        Ok(kept) => kept,
        // It is not known whether the login was noted: the credential stays, to be used, or to be found by the sweep.
        Err(error @ ConnectError::Internal(_)) => return Err(error),
        Err(error) => {
            forget(ports, &connection.id).await;
            return Err(error);
        }
    };
    if company.is_some() {
        tracing::info!(connection.id = %kept.id, provider = %kept.provider, "connected by a new credential");
        tell_connection(ports, EventKind::ConnectionConnected, &kept).await;
    }
    let run = ask_for(ports, run).await;
    Ok((kept, run))
}

/// Returns the company that a credential is for; `None` where a person has to choose among several.
fn choose(connection: &Connection, companies: Vec<Company>) -> Result<Option<Company>, ConnectError> {
    if let Some(known) = &connection.company {
        let own = companies.into_iter().find(|company| company.id == known.id);
        return own.map(Some).ok_or(ConnectError::DifferentCompany);
    }
    match &companies[..] {
        [] => {
            let detail = "the login sees no company";
            let error = source::Error::new(source::Class::Forbidden, "identify company", detail);
            Err(ConnectError::Source(error))
        }
        [company] => Ok(Some(company.clone())),
        _ => Ok(None),
    }
}

/// Notes that a person has logged in for the first time, and claims the company, before the credential is kept. Refuses
/// as busy while another process clears away what an earlier login left.
async fn begin(ports: &Ports, id: &ConnectionId, company: Option<&Company>) -> Result<(), ConnectError> {
    let now = ports.clock.now();
    change(ports, id, &[], |connection| {
        let begun = connection.unfinished.as_ref();
        if begun.is_some_and(|begun| begun.what == Undertaking::Clearing && !begun.is_left(now)) {
            return Err(ConnectError::Busy);
        }
        match company {
            Some(company) => connection.clone().connect(company).map(drop)?,
            None => connection.clone().change(Transition::AskForCompany).map(drop)?,
        }
        Ok(connection.clone().begin(Undertaking::Connecting, company, now))
    })
    .await?;
    Ok(())
}

/// Takes the note of a login back that came to nothing, with its claim. Where that cannot be done now, the sweep does it.
async fn forget(ports: &Ports, id: &ConnectionId) {
    let forgotten = change(ports, id, &[], |connection| {
        if connection.is_at(Undertaking::Connecting) {
            Ok(connection.clone().finish())
        } else {
            Err(ConnectError::Gone)
        }
    });
    if let Err(ConnectError::Internal(error)) = forgotten.await {
        tracing::warn!(connection.id = %id, error = %error, "a login that came to nothing is left to the sweep");
    }
}

/// Keeps a credential and notes what it led to. Where the connection does not take it any more, because it was ended or
/// connected otherwise meanwhile, what was kept before is put back.
async fn keep(
    ports: &Ports,
    connection: &Connection,
    credential: &Credential,
    also: &[Write<'_>],
    to: impl FnMut(&Connection) -> Result<Connection, ConnectError> + Send,
) -> Result<Connection, ConnectError> {
    let id = &connection.id;
    let before = keep_credential(ports, connection, credential).await?;
    let changed = change(ports, id, also, to).await;
    match &changed {
        Ok(_) | Err(ConnectError::Internal(_)) => {}
        Err(_) => put_back(ports, id, credential, before).await?,
    }
    changed
}

/// A connection that is connected to a company by a credential.
pub(super) fn connect(
    connection: &Connection,
    company: &Company,
    credential: &Credential,
) -> Result<Connection, ConnectError> {
    let connected = connection.clone().connect(company)?.finish();
    Ok(Connection {
        credential_expires_at: credential.ends_at(),
        ..connected
    })
}
