//! DynamoDB in this process: an emulator on a file or in memory behind a loopback port, and the table in it.

use std::path::Path;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Region},
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use dynoxide::{Database, server};
use rollcall::runtime::{outbound_settings, sdk_client};
use tokio::net::TcpListener;

use super::{Calls, Error, REGION, TABLE, credentials};

/// The running server; it stops when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: String,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts the server, makes the table where it does not exist yet, and returns a client whose calls are counted.
pub(super) async fn start(state: Option<&Path>, calls: Calls) -> Result<(Server, Client), Error> {
    let database = match state {
        None => Database::memory(),
        Some(folder) => Database::new(&folder.join("table.sqlite").to_string_lossy()),
    };
    let database = database.map_err(|error| Error::Database(error.to_string()))?;
    let failed = |source| Error::Io {
        doing: "listening on a loopback port",
        source,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let server = Server {
        address: format!("http://{address}"),
        task: tokio::spawn(server::serve_on(listener, database)),
    };
    let client = join(&server.address, calls)?;
    create_table(&client).await?;
    Ok((server, client))
}

/// Returns a client of a server.
pub(super) fn join(address: &str, calls: Calls) -> Result<Client, Error> {
    let settings = outbound_settings()?;
    Ok(client(address, sdk_client(&settings)?, calls))
}

fn client(endpoint: &str, http: SharedHttpClient, calls: Calls) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(credentials())
        .http_client(http)
        .interceptor(calls)
        .build();
    Client::from_conf(config)
}

/// Makes the table as the deployed template does: text keys `pk` and `sk`, paid by request. Its TTL stays off here,
/// because the emulator sweeps by the machine's clock and a demonstration has a clock of its own.
async fn create_table(client: &Client) -> Result<(), Error> {
    let mut create = client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let definition = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build();
        let element = KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
        let incomplete = |_| Error::Table("nothing: its keys are incomplete".to_owned());
        create = create
            .attribute_definitions(definition.map_err(incomplete)?)
            .key_schema(element.map_err(incomplete)?);
    }
    match create.send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(refused)) if refused.err().is_resource_in_use_exception() => Ok(()),
        Err(error) => Err(Error::Table(
            error.code().unwrap_or("nothing that can be understood").to_owned(),
        )),
    }
}
