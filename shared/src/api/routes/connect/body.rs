//! What callers send to connect, and what they are told.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::target_body::{TargetBody, TargetCredentialBody, check_user};
use crate::{
    api::{
        context::Context,
        form::{PASTED, PROVIDER, TENANT},
        pasted,
        problem::Problem,
        routes::setting::{self, AnyConfiguration, PresetName},
    },
    connection::{Configuration, Credential, Preset, ProviderId, Submission, TenantId, TokenSet},
};

/// A credential that a caller sends.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum CredentialBody {
    /// A key that an administrator made.
    ApiKey {
        /// The key.
        #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::token")]
        key: SecretString,
    },
    /// Tokens of an OAuth server.
    Tokens {
        /// Opens the API.
        #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::token")]
        access_token: SecretString,
        /// Gets the next access token.
        #[schemars(with = "Option<String>", length(min = 1, max = 8192), regex(pattern = PASTED))]
        #[serde(default, deserialize_with = "pasted::optional_token")]
        refresh_token: Option<SecretString>,
        /// In how many seconds the access token ends.
        #[schemars(range(min = 1, max = 315_360_000))]
        expires_in: Option<u32>,
    },
    /// A client's id and secret, with which tokens are asked for.
    ClientCredentials {
        /// Its id.
        #[schemars(length(min = 1, max = 320), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::line")]
        client_id: String,
        /// Its secret.
        #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::secret")]
        client_secret: SecretString,
    },
    /// A name with a password.
    Basic {
        /// The name, without a colon (RFC 7617).
        #[schemars(length(min = 1, max = 320), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::line")]
        user: String,
        /// The password.
        #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::secret")]
        password: SecretString,
    },
}

impl CredentialBody {
    /// What opens the HR system. Whether it takes a credential of this kind, its description says.
    pub(super) fn read(self, context: &Context<'_>) -> Result<Credential, Problem> {
        Ok(match self {
            Self::ApiKey { key } => Credential::ApiKey { key },
            Self::ClientCredentials {
                client_id,
                client_secret,
            } => Credential::Client {
                token_url: None,
                id: client_id,
                secret: client_secret,
                scope: None,
            },
            Self::Basic { user, password } => {
                check_user("/credential", &user)?;
                Credential::Basic { user, password }
            }
            Self::Tokens {
                access_token,
                refresh_token,
                expires_in,
            } => {
                let now = context.now();
                let lives = expires_in.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
                Credential::Tokens(TokenSet {
                    access_token,
                    refresh_token,
                    expires_at: lives.and_then(|lives| now.checked_add(lives).ok()),
                    obtained_at: now,
                    scope: None,
                })
            }
        })
    }
}

/// What a caller sends to connect.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectBody {
    /// Whose it is: `[A-Za-z0-9._-]{1,64}`.
    #[schemars(with = "String", regex(pattern = TENANT))]
    pub(super) tenant: TenantId,
    /// Which HR system.
    #[schemars(with = "String", regex(pattern = PROVIDER))]
    pub(super) provider: ProviderId,
    /// What it logs in with. It is tried before it is kept; where it is left out, the admin signs in in the browser.
    pub(super) credential: Option<CredentialBody>,
    /// Where the browser is sent after signing in, with `?activation=…`.
    #[schemars(length(max = 2000), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    pub(super) return_url: Option<String>,
    /// Where the HR system is reached, where not at its usual address; only where this stack allows it.
    #[schemars(length(max = 500), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    pub(super) base_url: Option<String>,
    /// The customer's part of the HR system's address, for those of `GET /v1/providers` that have one.
    #[schemars(length(min = 1, max = 200), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    pub(super) site: Option<String>,
    /// What it writes to; the built-in directory where it is left out.
    pub(super) target: Option<TargetBody>,
    /// Where configuration comes from that is left out; `standard` where it is left out itself.
    pub(super) preset: Option<PresetName>,
    /// What it is to do.
    #[schemars(with = "Option<AnyConfiguration>")]
    pub(super) config: Option<Value>,
    /// The person who connects: their account or e-mail address, which is never switched off automatically.
    #[schemars(length(min = 1, max = 320), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    pub(super) authorised_by: Option<String>,
}

/// A connection that was made.
#[derive(Serialize, JsonSchema)]
pub(super) struct ConnectedView {
    /// Its id.
    pub(super) id: String,
    /// `connected`, or `awaiting_authorization` until the admin has signed in.
    pub(super) status: &'static str,
    /// Where a browser has to go to sign in; for one browser, within 30 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authorize_url: Option<String>,
    /// The first run, where it has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<String>,
}

/// What a caller sends to reconnect.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReconnectBody {
    /// The new credential; where it is left out, the admin signs in in the browser.
    pub(super) credential: Option<CredentialBody>,
    /// The customer's part of the HR system's address, where it is another one now; with a new credential only.
    #[schemars(length(min = 1, max = 200), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    pub(super) site: Option<String>,
    /// A new credential of the target instead, alone. It is tried before it takes the place of the old one.
    pub(super) target_credential: Option<TargetCredentialBody>,
    /// Where the browser is sent after signing in.
    #[schemars(length(max = 2000), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    pub(super) return_url: Option<String>,
}

/// Which company.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanyBody {
    /// The HR system's id of it.
    #[schemars(length(min = 1, max = 128))]
    pub(super) id: String,
}

/// What a browser brought back.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActivateBody {
    /// The text behind `?activation=`.
    #[schemars(length(min = 1, max = 200))]
    #[serde(deserialize_with = "pasted::line")]
    pub(super) activation: String,
}

/// The most bytes of an address that a browser is sent back to, escaped.
const MOST_RETURN_BYTES: usize = 2_000;

/// An address that a browser may be sent back to.
pub(super) fn check_return_url(context: &Context<'_>, url: Option<&str>) -> Result<(), Problem> {
    let Some(url) = url else {
        return Ok(());
    };
    let parsed = url::Url::parse(url).ok();
    let is_local = context.settings.public_url.starts_with("http://");
    let is_good = parsed.is_some_and(|parsed| {
        let is_safe = parsed.scheme() == "https" || (parsed.scheme() == "http" && is_local);
        // The length counts as the address stands in the header that sends the browser there.
        let is_short = parsed.as_str().len() <= MOST_RETURN_BYTES;
        is_short && is_safe && parsed.has_host() && parsed.username().is_empty() && parsed.password().is_none()
    });
    if is_good {
        Ok(())
    } else {
        Err(Problem::invalid(
            "/return_url",
            "an absolute https address of your application, with at most 2000 bytes once its letters are escaped",
        ))
    }
}

pub(super) fn check_base_url(context: &Context<'_>, url: Option<&str>) -> Result<(), Problem> {
    if url.is_some_and(|url| context.settings.base_urls.find(url).is_none()) {
        return Err(Problem::invalid(
            "/base_url",
            "an address that the stack's parameter ProviderBaseUrls lists; left out, the vendor's own is taken",
        ));
    }
    Ok(())
}

pub(super) fn read_configuration(context: &Context<'_>, body: &ConnectBody) -> Result<Configuration, Problem> {
    let empty = Value::Object(serde_json::Map::new());
    let text = body.config.as_ref().unwrap_or(&empty).to_string();
    let by = context.actor().name();
    let submission = Submission {
        preset: body.preset.map_or_else(Preset::default, PresetName::preset),
        version: 1,
        previous: None,
        labels: &BTreeMap::new(),
        by: &by,
        at: context.now(),
    };
    setting::read_configuration(text.as_bytes(), "/config", &submission)
}
