//! Codes and tokens: single-use codes, access tokens that end, refresh tokens that are replaced as the server's manners say.
//!
//! Where a refresh brings a new refresh token, the old one dies when the new access token is first used: an answer that is
//! lost can be asked for again. A token of a company does not end and has no refresh token.

use super::caller::{Caller, Means, secret};
use super::oauth::{Challenge, Manners, Rotation};
use std::collections::BTreeMap;

/// Seconds that a code can be exchanged.
const CODE_SECONDS: i64 = 600;

/// What a person allowed an application.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) caller: Caller,
    pub(crate) scope: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
}

#[derive(Debug)]
struct Access {
    caller: Caller,
    /// When the token ends; `None` for company tokens.
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
    used: u32,
}

/// A fresh set of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) company: usize,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_in: Option<i64>,
    pub(crate) scope: String,
}

/// Everything given out so far.
#[derive(Debug)]
pub(crate) struct Tokens {
    seed: u64,
    access_seconds: i64,
    manners: &'static Manners,
    issued: u64,
    codes: BTreeMap<String, (Grant, i64)>,
    accesses: BTreeMap<String, Access>,
    refreshes: BTreeMap<String, Refresh>,
}

impl Tokens {
    /// Nothing given out yet.
    pub(crate) const fn new(seed: u64, access_seconds: i64, manners: &'static Manners) -> Self {
        Self {
            seed,
            access_seconds,
            manners,
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
    pub(crate) fn write_code(&mut self, grant: Grant, now: i64) -> String {
        let code = self.invent();
        self.codes.insert(code.clone(), (grant, now + CODE_SECONDS));
        code
    }

    /// Takes a code, once, for what a person allowed by it.
    pub(crate) fn take_code(&mut self, code: &str, now: i64) -> Option<Grant> {
        let (grant, ends_at) = self.codes.remove(code)?;
        (ends_at > now).then_some(grant)
    }

    /// Exchanges a code, once, for the redirect address and the verifier it was made for.
    pub(crate) fn exchange(&mut self, code: &str, redirect_uri: &str, verifier: &str, now: i64) -> Option<Issued> {
        let (grant, ends_at) = self.codes.get(code)?;
        let met = grant
            .challenge
            .as_ref()
            .is_none_or(|challenge| challenge.is_met(verifier));
        if *ends_at <= now || grant.redirect_uri != redirect_uri || !met {
            return None;
        }
        let (grant, _) = self.codes.remove(code)?;
        Some(self.issue(grant, now))
    }

    /// New tokens for a refresh token that is still good.
    pub(crate) fn refresh(&mut self, token: &str, now: i64) -> Option<Issued> {
        let old = self.refreshes.get_mut(token)?;
        if old.revoked || old.ends_at <= now {
            return None;
        }
        old.used += 1;
        let grant = old.grant.clone();
        match self.manners.refreshing.rotation {
            Rotation::EverySecond if old.used % 2 == 1 => Some(self.open_access(grant, None, None, now)),
            Rotation::Never => Some(self.open_access(grant, Some(token.to_owned()), None, now)),
            Rotation::Always | Rotation::EverySecond => {
                let next = self.keep_refresh(grant.clone(), now);
                Some(self.open_access(grant, Some(next), Some(token.to_owned()), now))
            }
        }
    }

    /// Tokens for a grant.
    pub(crate) fn issue(&mut self, grant: Grant, now: i64) -> Issued {
        let scope = self.manners.refreshing.scope;
        let refreshable = grant.caller.means == Means::UserToken
            && scope.is_none_or(|scope| grant.scope.split_ascii_whitespace().any(|granted| granted == scope));
        let refresh_token = refreshable.then(|| self.keep_refresh(grant.clone(), now));
        self.open_access(grant, refresh_token, None, now)
    }

    fn keep_refresh(&mut self, grant: Grant, now: i64) -> String {
        let token = self.invent();
        let refresh = Refresh {
            grant,
            ends_at: now + self.manners.refreshing.seconds,
            revoked: false,
            used: 0,
        };
        self.refreshes.insert(token.clone(), refresh);
        token
    }

    fn open_access(&mut self, grant: Grant, refresh: Option<String>, replaces: Option<String>, now: i64) -> Issued {
        let access_token = self.invent();
        let expires_in = (grant.caller.means != Means::CompanyToken).then_some(self.access_seconds);
        let access = Access {
            caller: Caller {
                scope: Some(grant.scope.clone()),
                ..grant.caller.clone()
            },
            ends_at: expires_in.map(|seconds| now + seconds),
            revoked: false,
            replaces,
        };
        self.accesses.insert(access_token.clone(), access);
        Issued {
            company: grant.caller.company,
            access_token,
            refresh_token: refresh,
            expires_in,
            scope: grant.scope,
        }
    }

    /// Returns whom an access token belongs to, or why it opens nothing. The first use kills the refresh token that it
    /// replaced.
    pub(crate) fn open(&mut self, token: &str, now: i64) -> Result<Caller, &'static str> {
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
        Ok(access.caller.clone())
    }

    /// Ends all access tokens of the moment; refresh tokens live.
    pub(crate) fn kill_accesses(&mut self) {
        self.accesses.values_mut().for_each(|access| access.revoked = true);
    }
}
