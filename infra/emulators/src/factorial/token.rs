//! Codes and tokens, as Doorkeeper keeps them: single-use codes, access tokens of an hour, refresh tokens of a week that
//! are replaced at every refresh.
//!
//! The old refresh token dies when the new access token is first used (Doorkeeper's default; the vendor says nothing). A
//! company token does not end and has no refresh token.

use super::auth::{Caller, Means, secret};
use std::collections::BTreeMap;

/// Seconds that a code can be exchanged.
const CODE_SECONDS: i64 = 600;
/// Seconds that a refresh token lives.
pub(super) const REFRESH_SECONDS: i64 = 7 * 86_400;

/// What a person allowed an application.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) caller: Caller,
    pub(super) scope: String,
    pub(super) redirect_uri: String,
}

#[derive(Debug)]
struct Access {
    grant: Grant,
    /// None for company tokens.
    ends_at: Option<i64>,
    revoked: bool,
    /// The refresh token that dies when this one is first used.
    replaces: Option<String>,
}

#[derive(Debug)]
struct Refresh {
    grant: Grant,
    ends_at: i64,
    revoked: bool,
}

/// A fresh set of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issued {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) expires_in: Option<i64>,
    pub(super) scope: String,
}

/// Everything given out so far.
#[derive(Debug)]
pub(super) struct Tokens {
    seed: u64,
    access_seconds: i64,
    issued: u64,
    codes: BTreeMap<String, (Grant, i64)>,
    accesses: BTreeMap<String, Access>,
    refreshes: BTreeMap<String, Refresh>,
}

impl Tokens {
    pub(super) const fn new(seed: u64, access_seconds: i64) -> Self {
        Self {
            seed,
            access_seconds,
            issued: 0,
            codes: BTreeMap::new(),
            accesses: BTreeMap::new(),
            refreshes: BTreeMap::new(),
        }
    }

    fn invent(&mut self) -> String {
        self.issued += 1;
        secret(self.seed, self.issued.wrapping_add(1 << 40))
    }

    /// A code for a grant.
    pub(super) fn write_code(&mut self, grant: Grant, now: i64) -> String {
        let code = self.invent();
        self.codes.insert(code.clone(), (grant, now + CODE_SECONDS));
        code
    }

    /// Exchanges a code, once, for the redirect address it was made for.
    pub(super) fn exchange(&mut self, code: &str, redirect_uri: &str, now: i64) -> Option<Issued> {
        let (grant, ends_at) = self.codes.get(code)?;
        if *ends_at <= now || grant.redirect_uri != redirect_uri {
            return None;
        }
        let (grant, _) = self.codes.remove(code)?;
        Some(self.issue(grant, None, now))
    }

    /// New tokens for a refresh token that is still good.
    pub(super) fn refresh(&mut self, token: &str, now: i64) -> Option<Issued> {
        let old = self.refreshes.get(token)?;
        if old.revoked || old.ends_at <= now {
            return None;
        }
        let grant = old.grant.clone();
        Some(self.issue(grant, Some(token.to_owned()), now))
    }

    /// Tokens for a grant.
    pub(super) fn issue(&mut self, grant: Grant, replaces: Option<String>, now: i64) -> Issued {
        let of_user = matches!(grant.caller.means, Means::UserToken { .. });
        let access_token = self.invent();
        let refresh_token = of_user.then(|| self.invent());
        let expires_in = of_user.then_some(self.access_seconds);
        if let Some(token) = &refresh_token {
            let refresh = Refresh {
                grant: grant.clone(),
                ends_at: now + REFRESH_SECONDS,
                revoked: false,
            };
            self.refreshes.insert(token.clone(), refresh);
        }
        let issued = Issued {
            access_token: access_token.clone(),
            refresh_token,
            expires_in,
            scope: grant.scope.clone(),
        };
        let access = Access {
            grant,
            ends_at: expires_in.map(|seconds| now + seconds),
            revoked: false,
            replaces,
        };
        self.accesses.insert(access_token, access);
        issued
    }

    /// Whom an access token belongs to, or why it opens nothing. The first use kills the refresh token it replaced.
    pub(super) fn open(&mut self, token: &str, now: i64) -> Result<Caller, &'static str> {
        let access = self.accesses.get_mut(token).ok_or("The access token is invalid")?;
        if access.revoked {
            return Err("The access token was revoked");
        }
        if access.ends_at.is_some_and(|ends_at| ends_at <= now) {
            return Err("The access token expired");
        }
        if let Some(old) = access.replaces.take().and_then(|old| self.refreshes.get_mut(&old)) {
            old.revoked = true;
        }
        Ok(access.grant.caller.clone())
    }

    /// All access tokens of the moment die; refresh tokens live.
    pub(super) fn kill_accesses(&mut self) {
        self.accesses.values_mut().for_each(|access| access.revoked = true);
    }
}
