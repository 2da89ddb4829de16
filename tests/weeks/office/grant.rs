//! What opens the HR systems: keys that an administrator made, and tokens that a login gave. A refresh token is good for one
//! use. A second use ends every token of its login, as strict servers do.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rollcall::{
    connection::{Credential, TokenSet},
    employee::CompanyId,
};
use secrecy::ExposeSecret as _;

/// How long an access token is good.
const ACCESS_FOR: SignedDuration = SignedDuration::from_hours(2);

/// Everything that was given out.
#[derive(Default)]
pub(crate) struct Grants {
    made: u64,
    given: BTreeMap<String, Grant>,
    /// Logins, by number, with the companies that each login sees; an ended login is gone.
    families: BTreeMap<u64, Vec<CompanyId>>,
    codes: BTreeMap<String, Vec<CompanyId>>,
}

/// One text that opens the HR system, or that gets such a text.
struct Grant {
    family: u64,
    kind: Kind,
}

enum Kind {
    Key,
    Access { until: Timestamp },
    Refresh { is_used: bool },
}

/// What a credential opens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// These companies.
    Companies(Vec<CompanyId>),
    /// Nothing.
    Nothing,
}

impl Grants {
    fn next(&mut self, word: &str) -> String {
        self.made += 1;
        format!("{word}-{:05}", self.made)
    }

    fn family(&mut self, companies: Vec<CompanyId>) -> u64 {
        self.made += 1;
        self.families.insert(self.made, companies);
        self.made
    }

    /// Makes a key, as an administrator does. Returns the key.
    pub(crate) fn make_key(&mut self, companies: Vec<CompanyId>) -> String {
        let family = self.family(companies);
        let key = self.next("key");
        self.given.insert(
            key.clone(),
            Grant {
                family,
                kind: Kind::Key,
            },
        );
        key
    }

    /// Makes the code that a browser brings back after a person signed in. Returns the code.
    pub(crate) fn make_code(&mut self, companies: Vec<CompanyId>) -> String {
        let code = self.next("code");
        self.codes.insert(code.clone(), companies);
        code
    }

    /// Exchanges a code, which is good once. Returns the tokens.
    pub(crate) fn exchange(&mut self, code: &str, now: Timestamp) -> Option<Credential> {
        let companies = self.codes.remove(code)?;
        let family = self.family(companies);
        Some(self.give(family, now))
    }

    fn give(&mut self, family: u64, now: Timestamp) -> Credential {
        let (access, refresh) = (self.next("access"), self.next("refresh"));
        let until = now + ACCESS_FOR;
        let kinds = [
            (access.clone(), Kind::Access { until }),
            (refresh.clone(), Kind::Refresh { is_used: false }),
        ];
        for (text, kind) in kinds {
            self.given.insert(text, Grant { family, kind });
        }
        Credential::Tokens(TokenSet {
            access_token: access.into(),
            refresh_token: Some(refresh.into()),
            expires_at: Some(until),
            obtained_at: now,
            scope: None,
        })
    }

    /// Exchanges a refresh token. Returns the new tokens; `None` stands for `invalid_grant`.
    pub(crate) fn refresh(&mut self, old: &Credential, now: Timestamp) -> Option<Credential> {
        let Credential::Tokens(tokens) = old else { return None };
        let text = tokens.refresh_token.as_ref()?.expose_secret();
        let grant = self.given.get_mut(text)?;
        let family = grant.family;
        let Kind::Refresh { is_used } = &mut grant.kind else {
            return None;
        };
        if std::mem::replace(is_used, true) {
            self.families.remove(&family);
        }
        self.families.contains_key(&family).then(|| self.give(family, now))
    }

    /// Ends every token of the login that a credential came from.
    pub(crate) fn revoke(&mut self, credential: &Credential) {
        if let Some(grant) = self.given.get(opening(credential)) {
            self.families.remove(&grant.family);
        }
    }

    /// Returns what a credential opens now.
    pub(crate) fn open(&self, credential: &Credential, now: Timestamp) -> Opened {
        let found = self.given.get(opening(credential));
        let is_good = |grant: &&Grant| match grant.kind {
            Kind::Key => true,
            Kind::Access { until } => until > now,
            Kind::Refresh { .. } => false,
        };
        let companies = found.filter(is_good).and_then(|grant| self.families.get(&grant.family));
        companies.map_or(Opened::Nothing, |companies| Opened::Companies(companies.clone()))
    }

    /// Returns whether a credential is good, or gets a good one by a refresh.
    pub(crate) fn is_alive(&self, credential: &Credential) -> bool {
        let grant = self.given.get(opening(credential));
        grant.is_some_and(|grant| self.families.contains_key(&grant.family))
    }
}

fn opening(credential: &Credential) -> &str {
    match credential {
        Credential::ApiKey { key } => key.expose_secret(),
        Credential::Tokens(tokens) => tokens.access_token.expose_secret(),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => "",
    }
}
