//! How an HR system's OAuth server behaves (RFC 6749), as far as they differ.

/// What a token request may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GrantType {
    Code,
    RefreshToken,
    ClientCredentials,
    Password,
}

impl GrantType {
    /// The grant type of this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "authorization_code" => Self::Code,
            "refresh_token" => Self::RefreshToken,
            "client_credentials" => Self::ClientCredentials,
            "password" => Self::Password,
            _ => return None,
        })
    }
}

/// What becomes of a refresh token that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// Each refresh brings a new one; the old one dies when the new access token is first used.
    Always,
    /// Every second refresh brings a new one, as above; else the old one stays and none is in the answer.
    EverySecond,
    /// Each refresh brings the same one.
    Never,
}

/// Refresh tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refreshing {
    /// Seconds that one lives.
    pub(crate) seconds: i64,
    pub(crate) rotation: Rotation,
    /// The scope without which there is none.
    pub(crate) scope: Option<&'static str>,
}

/// How an OAuth server behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manners {
    /// Where a person allows an application; `None` where codes are not given out.
    pub(crate) authorize: Option<&'static str>,
    /// What the page's form adds to `authorize`.
    pub(crate) authorize_query: &'static str,
    pub(crate) token: &'static str,
    /// What `token` is asked with in a query, where that is not nothing.
    pub(crate) token_query: &'static str,
    /// Whether tokens are asked for by GET, with the grant type and its credential in headers, and told without their life.
    pub(crate) is_in_headers: bool,
    pub(crate) grants: &'static [GrantType],
    /// Seconds that an access token lives.
    pub(crate) access_seconds: u32,
    pub(crate) refreshing: Refreshing,
    /// What is granted where no scope is asked for.
    pub(crate) default_scope: &'static str,
    /// All scopes there are; any text is one where this is empty.
    pub(crate) scopes: &'static [&'static str],
    /// Whether a client may identify itself with Basic too.
    pub(crate) takes_basic: bool,
    /// Status of an answer to a client that is not known.
    pub(crate) unknown_client: u16,
    /// The parameter and value that ask for a token of the whole company.
    pub(crate) whole_company: Option<(&'static str, &'static str)>,
    /// Whether codes are bound to a challenge that came with the request (RFC 7636).
    pub(crate) binds_codes: bool,
}

impl Manners {
    /// Of an HR system where keys are all there is.
    pub(crate) const NONE: Self = Self {
        authorize: None,
        authorize_query: "",
        token: "",
        token_query: "",
        is_in_headers: false,
        grants: &[],
        access_seconds: 0,
        refreshing: Refreshing {
            seconds: 0,
            rotation: Rotation::Always,
            scope: None,
        },
        default_scope: "",
        scopes: &[],
        takes_basic: false,
        unknown_client: 401,
        whole_company: None,
        binds_codes: false,
    };

    /// Whether every asked scope is known.
    pub(super) fn knows(&self, scope: &str) -> bool {
        self.scopes.is_empty() || scope.split_ascii_whitespace().all(|asked| self.scopes.contains(&asked))
    }
}
