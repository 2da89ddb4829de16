//! AWS as every program of it finds it: region, credentials and endpoints as `aws-config` takes them (the environment, profiles,
//! roles, a web identity, a container's credentials, an instance's), with one HTTP client for all of them.

mod connector;

pub use connector::sdk_client;

use aws_config::{BehaviorVersion, ConfigLoader, environment::EnvironmentVariableCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use jiff::SignedDuration;

use super::{Error, environment};
use crate::http;

const ATTEMPT: SignedDuration = SignedDuration::from_secs(10);
const OPERATION: SignedDuration = SignedDuration::from_secs(40);

/// Variables that say where services are reached instead of the usual places: all of them, or one.
const ENDPOINTS: [&str; 5] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SQS",
    "AWS_ENDPOINT_URL_STS",
];

const REGION: &str = "a region such as `eu-west-1`, here or in the profile";

/// Returns what the clients of all services share. Credentials are looked for when the first request needs them, and
/// renewed by the source that gave them.
///
/// # Errors
/// [`Error::Variable`] where a variable cannot be meant, or nothing says which region it is.
pub(super) async fn load(settings: &http::Settings) -> Result<SdkConfig, Error> {
    check(environment::variable)?;
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT.unsigned_abs())
        .operation_timeout(OPERATION.unsigned_abs())
        .build();
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .http_client(sdk_client(settings)?);
    let config = with_sources(loader, environment::variable).load().await;
    let region = config.region().map(AsRef::as_ref);
    if region.is_some_and(is_region) {
        Ok(config)
    } else {
        Err(Error::variable("AWS_REGION", REGION))
    }
}

/// Where the environment says everything itself, as it does in a Lambda, no file is read, and nothing else is set up that could
/// give credentials: a client of STS alone takes a fifth of a function's start.
fn with_sources(loader: ConfigLoader, find: impl Fn(&str) -> Option<String>) -> ConfigLoader {
    let is_set = |name: &&str| find(name).is_some();
    let says_all = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
        .iter()
        .all(is_set);
    let names_files = ["AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]
        .iter()
        .any(is_set);
    if !says_all || names_files {
        return loader;
    }
    let none = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, "")
        .with_contents(EnvConfigFileKind::Credentials, "");
    loader
        .profile_files(none.build())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
}

/// Checks what the SDK would pass over in silence, and then go elsewhere.
fn check(find: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
    for name in ENDPOINTS {
        if find(name).is_some_and(|text| environment::url(&text).is_none()) {
            return Err(Error::variable(name, "an http(s) address"));
        }
    }
    if find("AWS_REGION").is_some_and(|region| !is_region(&region)) {
        return Err(Error::variable("AWS_REGION", REGION));
    }
    match (find("AWS_ACCESS_KEY_ID"), find("AWS_SECRET_ACCESS_KEY")) {
        (Some(_), None) => Err(Error::variable(
            "AWS_SECRET_ACCESS_KEY",
            "the secret of `AWS_ACCESS_KEY_ID`",
        )),
        (None, Some(_)) => Err(Error::variable(
            "AWS_ACCESS_KEY_ID",
            "the key of `AWS_SECRET_ACCESS_KEY`",
        )),
        (Some(_), Some(_)) | (None, None) => Ok(()),
    }
}

/// Returns whether a text may be a region: the region becomes a part of hosts' names.
fn is_region(text: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    !text.is_empty() && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(variables: &[(&str, &str)]) -> Option<String> {
        let find = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, text)| (*text).to_owned())
        };
        check(find).err().map(|error| error.to_string())
    }

    #[test]
    fn what_the_sdk_would_pass_over_in_silence_is_named_with_what_was_expected() {
        for name in ENDPOINTS {
            let said = said(&[(name, "localhost:4566")]).unwrap();
            assert!(
                said.contains(&format!("`{name}`")) && said.contains("an http(s) address"),
                "{said}"
            );
        }
        let key = ("AWS_ACCESS_KEY_ID", "ASIA1");
        let secret = ("AWS_SECRET_ACCESS_KEY", "secret-1");
        for (variables, name) in [
            (vec![("AWS_REGION", "eu west 1")], "`AWS_REGION`"),
            (vec![("AWS_REGION", "evil.example/")], "`AWS_REGION`"),
            (vec![key], "`AWS_SECRET_ACCESS_KEY` is missing"),
            (vec![secret], "`AWS_ACCESS_KEY_ID` is missing"),
        ] {
            let said = said(&variables).unwrap();
            assert!(said.contains(name) && !said.contains("secret-1"), "{said}");
        }
        assert_eq!(said(&[key, secret, ("AWS_REGION", "us-gov-east-1")]), None);
        assert_eq!(said(&[]), None, "a profile, a role or a container may say all of it");
    }
}
