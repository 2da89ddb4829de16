//! A process that reads an emulated Lucca through an allowance that other processes take from as well.
//!
//! `reader TABLE HR KEY HOLDER REQUESTS SECONDS`: where the table listens, the HR system's address and key, a word that no other
//! process uses, and the limit. Prints how many people were read, and whether they are all.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use acceptance::journey::Failure;
use async_trait::async_trait;
use jiff::SignedDuration;
use local::embedded::{Embedded, TABLE};
use rollcall::{
    allowance::{Limit, Scope, SharedLimit},
    connection::Credential,
    employee::CompanyId,
    http::{BaseUrls, Client, Pace},
    roster::{Company, Reading},
    run::{Clock as _, SharedAllowance},
    runtime::{SystemClock, outbound_settings},
    source::{
        Access, Address, Allowance, Class, Error, Opening, Provider as _,
        lucca::{Lucca, Settings},
    },
    store::dynamodb::DynamoStore,
};

/// A pace that never waits: only the allowance does.
const PACE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 6,
};

/// How long the process reads at most.
const PATIENCE: Duration = Duration::from_mins(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, hr, key, holder, requests, seconds] = arguments.as_slice() else {
        return Err("expected TABLE HR KEY HOLDER REQUESTS SECONDS".into());
    };
    let shared = SharedLimit {
        limit: Limit {
            requests: requests.parse()?,
            window: SignedDuration::from_secs(seconds.parse()?),
        },
        scope: Scope::Site,
    };
    let store = Arc::new(DynamoStore::new(Embedded::join(table)?, TABLE));
    let (clock, scope) = (Arc::new(SystemClock), shared.key("lucca", hr, ""));
    let until = clock.now().checked_add(PATIENCE)?;
    let allowance = Arc::new(SharedAllowance::new(
        store,
        clock,
        (shared.limit, scope),
        holder.clone(),
        until,
    ));
    let settings = Settings {
        base_urls: BaseUrls::Any,
        pace: PACE,
        limit: Some(shared),
        ..Settings::default()
    };
    let opening = Opening {
        at: Address {
            base_url: Some(hr),
            site: None,
        },
        access: Arc::new(Key(key.clone())),
        allowance: Some(Arc::clone(&allowance) as Arc<dyn Allowance>),
        allowed: &BTreeSet::new(),
        company: None,
    };
    let source = Lucca::new(Client::new(outbound_settings()?)?, settings).open(opening)?;
    let company = Company {
        id: CompanyId::parse("lucca")?,
        name: "Lucca".to_owned(),
    };
    let mut reading = Reading::whole(company);
    source.read(&mut reading).await?;
    allowance.give_back(false).await;
    let roster = reading.roster.finish(None)?;
    println!("{} people, all: {}", roster.header.employees, roster.header.walk_ended);
    Ok(())
}

/// A key, which no client can renew.
struct Key(String);

#[async_trait]
impl Access for Key {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(Credential::ApiKey {
            key: self.0.clone().into(),
        })
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        Err(Error::new(Class::Unauthorized, "log in", "a key cannot be renewed"))
    }
}
