//! Secrets Manager in this process. With a folder for state, every change is in a file before its call is answered.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_secretsmanager::{
    Client,
    config::{BehaviorVersion, Region},
};
use winterbaume_core::{MockAws, StatefulService};
use winterbaume_secretsmanager::{SecretsManagerService, SecretsmanagerStateView};

use super::{Error, REGION, credentials};

/// The account that the emulator answers as.
const ACCOUNT: &str = "123456789012";

/// Starts the service where it was when it last stopped, and returns a client.
pub(super) async fn start(state: Option<&Path>) -> Result<Client, Error> {
    let service = Arc::new(SecretsManagerService::new());
    if let Some(folder) = state {
        let file = folder.join("secrets.json");
        restore(&service, &file).await?;
        let saved = Mutex::new(String::new());
        service
            .notifier()
            .subscribe(move |_, _, view| save(&file, &saved, view));
    }
    let aws = MockAws::builder().account_id(ACCOUNT).with_service(service).build();
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .http_client(aws.http_client())
        .build();
    Ok(Client::from_conf(config))
}

async fn restore(service: &SecretsManagerService, file: &Path) -> Result<(), Error> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(Error::Io {
                doing: "reading the file of secrets",
                source,
            });
        }
    };
    let view: SecretsmanagerStateView = serde_json::from_str(&text).map_err(Error::Secrets)?;
    let restored = service.restore(ACCOUNT, REGION, view).await;
    restored.map_err(|error| Error::Database(error.to_string()))
}

/// Writes all secrets where they differ from what was written last. The service reports every call, reads included.
fn save(file: &Path, saved: &Mutex<String>, view: &SecretsmanagerStateView) {
    // Made into a value first, whose members are in order: equal secrets have equal texts.
    let text = serde_json::to_value(view).map(|value| value.to_string());
    let text = text.map_err(io::Error::from);
    let mut saved = saved.lock().unwrap_or_else(PoisonError::into_inner);
    let written = text.and_then(|text| {
        if *saved != text {
            replace(file, &text)?;
            *saved = text;
        }
        Ok(())
    });
    if let Err(error) = written {
        tracing::error!(reason = %error.kind(), "secrets were changed and cannot be saved");
    }
}

/// Replaces a file by another in one step. It is readable for its owner only.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let beside: PathBuf = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut writer = options.open(&beside)?;
    io::Write::write_all(&mut writer, text.as_bytes())?;
    writer.sync_all()?;
    fs::rename(&beside, file)
}
