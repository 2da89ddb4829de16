//! AWS as a function sees it: one HTTP client for all services, and whatever Lambda puts into the environment.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region, sdk_config::SharedHttpClient};
use jiff::SignedDuration;
use secrecy::ExposeSecret;

use super::{Error, environment::Aws};

/// The roots that AWS signs its services with (Amazon Trust Services, <https://www.amazontrust.com/repository/>). They are
/// compiled in because reading the system's costs more than all else at the start of a function.
const ROOTS: &str = include_str!("roots.pem");

const CONNECT: SignedDuration = SignedDuration::from_secs(3);
const ATTEMPT: SignedDuration = SignedDuration::from_secs(10);
const OPERATION: SignedDuration = SignedDuration::from_secs(40);

/// What the clients of all services share. Lambda's credentials are as good as the process lives; nobody renews them.
pub(super) fn shared_config(aws: &Aws) -> Result<SdkConfig, Error> {
    let session = aws.session_token.as_ref().map(|token| token.expose_secret().to_owned());
    let secret = aws.secret_access_key.expose_secret();
    let credentials = Credentials::new(&aws.access_key_id, secret, session, None, "environment");
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT.unsigned_abs())
        .operation_attempt_timeout(ATTEMPT.unsigned_abs())
        .operation_timeout(OPERATION.unsigned_abs())
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(Region::new(aws.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts)
        .http_client(http_client()?);
    config.set_endpoint_url(aws.endpoint_url.clone());
    Ok(config.build())
}

fn http_client() -> Result<SharedHttpClient, Error> {
    let roots = TrustStore::empty().with_pem_certificate(ROOTS);
    let context = TlsContext::builder().with_trust_store(roots).build();
    let context = context.map_err(|error| Error::Tls(Box::new(error)))?;
    Ok(Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https())
}
