//! AWS as a function sees it: one HTTP client for all services, and whatever Lambda puts into the environment.

mod connector;

pub use connector::sdk_client;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use jiff::SignedDuration;
use secrecy::ExposeSecret;

use super::{Error, environment::Aws};
use crate::http;

const ATTEMPT: SignedDuration = SignedDuration::from_secs(10);
const OPERATION: SignedDuration = SignedDuration::from_secs(40);

/// What the clients of all services share. Lambda's credentials are as good as the process lives; nobody renews them.
pub(super) fn shared_config(aws: &Aws, settings: &http::Settings) -> Result<SdkConfig, Error> {
    let session = aws.session_token.as_ref().map(|token| token.expose_secret().to_owned());
    let secret = aws.secret_access_key.expose_secret();
    let credentials = Credentials::new(&aws.access_key_id, secret, session, None, "environment");
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT.unsigned_abs())
        .operation_timeout(OPERATION.unsigned_abs())
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(Region::new(aws.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts)
        .http_client(sdk_client(settings)?);
    config.set_endpoint_url(aws.endpoint_url.clone());
    Ok(config.build())
}
