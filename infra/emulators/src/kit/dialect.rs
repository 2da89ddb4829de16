//! What one HR system does its own way. Everything else is the kit's.

use super::Asked;
use super::caller::Caller;
use super::fault::armed::{Call, Faults};
use super::oauth::Manners;
use super::permission::PermissionGroup;
use super::refusal::Refusal;
use super::system::System;
use crate::company::{Company, Extent};
use crate::server::reply::Reply;
use serde_json::Value;
use std::collections::BTreeMap;

/// Where a name lives: a resource and a member of its rows.
pub(crate) type Place = (&'static str, &'static str);

/// A way to log in, as `introduction` and `accesses` list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A key in a header of its own.
    ApiKey,
    /// A key as the user name of Basic, with any password.
    KeyAsUser,
    /// A key as the password of Basic, with the service user's id as the name.
    ServiceUser,
    /// A client of the customer's with a secret.
    ClientCredentials,
    /// An application that a person allows in a browser.
    Code,
}

/// One HR system.
pub(crate) trait Dialect: Send + Sync {
    /// What the company has room for in this HR system.
    fn extent(&self) -> Extent;

    /// Whether a company may have fields of its own.
    fn has_custom_fields(&self) -> bool {
        true
    }

    /// The ways to log in, the usual one first.
    fn ways(&self) -> &'static [Way];

    /// Returns how the system's OAuth server behaves.
    fn manners(&self) -> &'static Manners;

    /// Returns where a canonical attribute or one of the API's own field names lives; nothing where the name means
    /// nothing here.
    fn places(&self, name: &str) -> Vec<Place>;

    /// The key of a company for one permission group, by its position among `key_groups`.
    fn key(&self, seed: u64, company: u64, group: usize) -> String;

    /// The permission groups that a company has keys for, the first one's key being the usual one; none is a key that sees
    /// everything and belongs to nobody.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        vec![None]
    }

    /// Returns the permission groups as which a person can sign in.
    fn groups(&self) -> Vec<PermissionGroup> {
        PermissionGroup::all().to_vec()
    }

    /// How many requests a company may be asked within a minute, where the vendor says so.
    fn requests_per_minute(&self) -> Option<u32> {
        None
    }

    /// How many requests may be asked within how many seconds, where the vendor's window is another one than a minute.
    fn requests_per_window(&self) -> Option<(u32, u32)> {
        self.requests_per_minute().map(|requests| (requests, 60))
    }

    /// With whom the requests of a caller are counted together: with all that have the same number.
    fn counts_with(&self, caller: &Caller) -> usize {
        caller.company
    }

    /// Whether a refused credential counts against the allowance once more.
    fn punishes_failed_logins(&self) -> bool {
        false
    }

    /// What a token answer holds beside the members of RFC 6749.
    fn token_extras(&self, _company: &Company, _scope: &str, _now: i64) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// What is known of a request before it is answered.
    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a>;

    /// Returns who calls; an error where the credential opens nothing here.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal>;

    /// Answers a request for data of a caller who may ask.
    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal>;

    /// Answers what is answered without a credential, if anything.
    fn answer_anybody(&self, _asked: &Asked) -> Option<Reply> {
        None
    }

    /// Returns why a login may not go on, beside what the kit checks of it.
    fn object_to(&self, _system: &System, _asked: &BTreeMap<String, String>) -> Option<&'static str> {
        None
    }

    /// A refusal in this API's words.
    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Reply;

    /// Headers that every answer to a request for data carries.
    fn finish(&self, reply: Reply, _asked: &Asked) -> Reply {
        reply
    }

    /// What a person who has just started it can try, as lines for a shell.
    fn samples(&self, system: &System, url: &str) -> Vec<String>;
}
