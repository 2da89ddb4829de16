//! What callers send about a target: which one, and what opens it.

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use super::refusal::TargetMembers;
use crate::{
    api::{
        context::Context,
        form::{PASTED, URN},
        pasted,
        problem::Problem,
    },
    connection::{Credential, ScimServer, TargetChoice},
    http::BaseUrl,
};

/// What a connection writes to.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TargetBody {
    /// The directory that is built in.
    Directory {},
    /// A server of SCIM 2.0.
    Scim {
        /// Where its endpoints are: https at a public name.
        #[schemars(length(min = 1, max = 500), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::line")]
        base_url: String,
        /// How it differs from others.
        #[serde(default)]
        profile: ScimProfile,
        /// The URN of an extension that holds, under our names, what has no other place.
        #[schemars(length(min = 5, max = 200), regex(pattern = URN))]
        extension: Option<String>,
        /// Whether another tenant may write to it too. Only a key of all tenants can say so (R04).
        #[serde(default)]
        shared: bool,
        /// What opens it. It is tried before it is kept.
        credential: TargetCredentialBody,
    },
}

/// How a SCIM server differs from others.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ScimProfile {
    /// It keeps to the RFCs as far as servers do.
    #[default]
    Generic,
    /// Leapsome.
    Leapsome,
    /// AWS IAM Identity Center.
    AwsIdentityCenter,
}

/// What opens a target.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TargetCredentialBody {
    /// A token that was made by hand.
    Bearer(
        #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
        #[serde(deserialize_with = "pasted::token")]
        SecretString,
    ),
    /// A name with a password.
    Basic(BasicBody),
    /// A client that gets its tokens itself.
    ClientCredentials(ClientBody),
}

/// A name with a password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BasicBody {
    /// The name, without a colon (RFC 7617).
    #[schemars(length(min = 1, max = 320), regex(pattern = PASTED))]
    #[serde(deserialize_with = "pasted::line")]
    user: String,
    /// The password.
    #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
    #[serde(deserialize_with = "pasted::secret")]
    password: SecretString,
}

/// A client of an OAuth server.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientBody {
    /// Where tokens are given: https at a public name.
    #[schemars(length(min = 1, max = 500), regex(pattern = PASTED))]
    #[serde(deserialize_with = "pasted::line")]
    token_url: String,
    /// Its id.
    #[schemars(length(min = 1, max = 320), regex(pattern = PASTED))]
    #[serde(deserialize_with = "pasted::line")]
    client_id: String,
    /// Its secret.
    #[schemars(with = "String", length(min = 1, max = 8192), regex(pattern = PASTED))]
    #[serde(deserialize_with = "pasted::secret")]
    client_secret: SecretString,
    /// What it asks for.
    #[schemars(length(max = 1000), regex(pattern = PASTED))]
    #[serde(default, deserialize_with = "pasted::optional_line")]
    scope: Option<String>,
}

impl ScimProfile {
    const fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Leapsome => "leapsome",
            Self::AwsIdentityCenter => "aws-identity-center",
        }
    }
}

/// A target that a caller names.
pub(super) struct NamedTarget {
    /// The target that was chosen.
    pub(super) choice: TargetChoice,
    /// What opens it, where it is not built in.
    pub(super) credential: Option<Credential>,
    /// Where the target's members stand in the body.
    pub(super) members: TargetMembers,
}

/// What a connection is to write to, and what opens it.
pub(super) fn read_target(context: &Context<'_>, body: Option<TargetBody>) -> Result<NamedTarget, Problem> {
    let (base_url, profile, extension, shared, credential) = match body {
        None | Some(TargetBody::Directory {}) => {
            return Ok(NamedTarget {
                choice: TargetChoice::Directory,
                credential: None,
                members: TargetMembers::default(),
            });
        }
        Some(TargetBody::Scim {
            base_url,
            profile,
            extension,
            shared,
            credential,
        }) => (base_url, profile, extension, shared, credential),
    };
    if shared {
        context.check_operator()?;
    }
    let base_url = check_public(context, "/target/base_url", &base_url)?;
    let server = ScimServer {
        identity: Some(base_url.identity()).filter(|identity| identity != base_url.as_str()),
        base_url: base_url.as_str().to_owned(),
        profile: profile.name().to_owned(),
        extension,
        shared,
    };
    let members = TargetMembers {
        base_url: Some("/target/base_url"),
        credential: credential.member("/target/credential"),
    };
    Ok(NamedTarget {
        choice: TargetChoice::Scim(server),
        credential: Some(credential.read(context, &members)?),
        members,
    })
}

/// Refuses addresses that this stack does not reach.
fn check_public(context: &Context<'_>, member: &str, url: &str) -> Result<BaseUrl, Problem> {
    let found = context.settings.base_urls.find_public(url);
    let expected = "an https address at a name of the public internet";
    found.ok_or_else(|| Problem::invalid(member, expected))
}

/// Refuses a name that a header cannot hold (RFC 7617); `member` is where the credential stands.
pub(super) fn check_user(member: &str, user: &str) -> Result<(), Problem> {
    if user.contains(':') {
        Err(Problem::invalid(format!("{member}/user"), "a name without a colon"))
    } else {
        Ok(())
    }
}

impl TargetCredentialBody {
    /// Returns where the credential stands in the body, below `member`.
    pub(super) fn member(&self, member: &str) -> String {
        let kind = match self {
            Self::Bearer(_) => "bearer",
            Self::Basic(_) => "basic",
            Self::ClientCredentials(_) => "client_credentials",
        };
        format!("{member}/{kind}")
    }

    /// What opens the target.
    pub(super) fn read(self, context: &Context<'_>, members: &TargetMembers) -> Result<Credential, Problem> {
        Ok(match self {
            Self::Bearer(key) => Credential::ApiKey { key },
            Self::Basic(BasicBody { user, password }) => {
                check_user(&members.credential, &user)?;
                Credential::Basic { user, password }
            }
            Self::ClientCredentials(client) => {
                check_public(context, &members.token_url(), &client.token_url)?;
                Credential::Client {
                    token_url: Some(client.token_url),
                    id: client.client_id,
                    secret: client.client_secret,
                    scope: client.scope,
                }
            }
        })
    }
}
