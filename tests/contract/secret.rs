//! Secrets in memory and on the embedded Secrets Manager, and what is hidden of them.

use aws_sdk_secretsmanager::{Client, config::retry::RetryConfig};
use local::embedded::{Embedded, TABLE};
use rollcall::{
    secret::{SecretStore, memory::MemorySecretStore, secretsmanager::SecretsManagerStore},
    store::{LinkStore, dynamodb::DynamoStore},
    testing::{
        builder::{connection_id, link},
        contract::secret,
    },
};
use secrecy::ExposeSecret;

async fn manager() -> SecretsManagerStore {
    let embedded = Embedded::start(None).await.unwrap();
    SecretsManagerStore::new(move || embedded.secrets.clone(), "rollcall")
}

#[tokio::test]
async fn a_secret_is_the_last_one_written_until_it_is_deleted() {
    secret::a_secret_is_the_last_one_written_until_it_is_deleted(&MemorySecretStore::new()).await;
    secret::a_secret_is_the_last_one_written_until_it_is_deleted(&manager().await).await;
}

#[tokio::test]
async fn a_secret_comes_back_to_the_letter() {
    secret::a_secret_comes_back_to_the_letter(&MemorySecretStore::new()).await;
    secret::a_secret_comes_back_to_the_letter(&manager().await).await;
}

#[tokio::test]
async fn r35_a_secret_is_made_once_and_never_written_over_by_making_it() {
    secret::r35_a_secret_is_made_once_and_never_written_over_by_making_it(&MemorySecretStore::new()).await;
    secret::r35_a_secret_is_made_once_and_never_written_over_by_making_it(&manager().await).await;
}

#[tokio::test]
async fn r47_a_secret_is_as_long_as_it_may_be_and_no_longer() {
    secret::r47_a_secret_is_as_long_as_it_may_be_and_no_longer(&MemorySecretStore::new()).await;
    secret::r47_a_secret_is_as_long_as_it_may_be_and_no_longer(&manager().await).await;
}

#[tokio::test]
async fn r49_names_are_listed_by_how_they_begin() {
    secret::r49_names_are_listed_by_how_they_begin(&MemorySecretStore::new()).await;
    secret::r49_names_are_listed_by_how_they_begin(&manager().await).await;
}

/// Returns a store that looks for its service at a wrong address.
async fn unreachable() -> SecretsManagerStore {
    let embedded = Embedded::start(None).await.unwrap();
    let config = embedded.secrets.config().to_builder();
    let config = config
        .endpoint_url("http://127.0.0.1:1")
        .retry_config(RetryConfig::disabled());
    SecretsManagerStore::new(move || Client::from_conf(config.build()), "rollcall")
}

#[tokio::test]
async fn r38_no_secret_is_in_any_debug_form_or_error() {
    let (memory, manager, unreachable) = (MemorySecretStore::new(), manager().await, unreachable().await);
    let text = "canary-token".to_owned().into();
    memory.put_secret("connection/c-1", &text).await.unwrap();
    manager.put_secret("connection/c-1", &text).await.unwrap();
    let found = manager.find_secret("connection/c-1").await.unwrap();
    let errors = [
        unreachable.put_secret("connection/c-1", &text).await.unwrap_err(),
        unreachable.delete_secret("connection/c-1").await.unwrap_err(),
        unreachable.find_secret("connection/c-1").await.unwrap_err(),
    ];
    let shown = format!("{memory:?} {manager:?} {found:?} {errors:?} {}", errors[0]);
    assert!(
        shown.contains("writing a secret failed") && !shown.contains("canary"),
        "{shown}"
    );
}

#[tokio::test]
async fn secrets_and_table_are_still_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let connection = connection_id("c-1");
    for round in 0..3_usize {
        let embedded = Embedded::start(Some(folder.path())).await.unwrap();
        let client = embedded.secrets.clone();
        let secrets = SecretsManagerStore::new(|| client, "rollcall");
        let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
        let found = secrets.find_secret("connection/c-1").await.unwrap();
        let found = found.map(|text| text.expose_secret().to_owned());
        assert_eq!(found, (round > 0).then(|| format!("round {round}")));
        assert_eq!(store.list_links(&connection).await.unwrap().len(), round);
        let next = format!("round {}", round + 1).into();
        secrets.put_secret("connection/c-1", &next).await.unwrap();
        let link = link(&format!("e-{round}"), "a-1");
        store.put_links(&connection, &[link]).await.unwrap();
    }
}
