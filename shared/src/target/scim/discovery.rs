//! What a server says of itself (RFC 7644, section 4). All of it may be missing, and all of it may be wrong: it decides
//! what is tried first, never whether something is done.

use serde_json::Value;

use super::{ScimTarget, answer::json, profile::USER, resource::member, walk::entries};
use crate::http::{BaseUrl, Method, Request};

/// The path of users where the server does not say another one (RFC 7644, section 3.2).
const USERS: &str = "/Users";

/// What a server says that it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Features {
    /// Whether `PATCH` is worth a try.
    pub(super) patch: bool,
    /// Whether a version may be named that must still hold.
    pub(super) etag: bool,
    /// The path of users.
    pub(super) users: String,
}

impl Features {
    fn read(provider: Option<&Value>, types: Option<&Value>, base: &BaseUrl) -> Self {
        let supports = |name: &str| {
            let said = provider
                .and_then(|provider| member(provider, name))
                .and_then(|feature| member(feature, "supported"));
            said.and_then(Value::as_bool)
        };
        Self {
            patch: supports("patch").unwrap_or(true),
            etag: supports("etag").unwrap_or(false),
            users: types
                .and_then(|types| users_of(types, base))
                .unwrap_or_else(|| USERS.to_owned()),
        }
    }
}

/// The path of users, where a resource type says so in a form that can be one. It is a path below the base (RFC 7643,
/// section 6); some servers write the base before it.
fn users_of(types: &Value, base: &BaseUrl) -> Option<String> {
    let is_user = |kind: &&Value| member(kind, "schema").and_then(Value::as_str) == Some(USER);
    let kind = entries(types).ok()?.iter().find(is_user)?;
    let endpoint = member(kind, "endpoint")?.as_str()?.trim_end_matches('/');
    let endpoint = base.below(endpoint).unwrap_or(endpoint);
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '/' | '-' | '_');
    let path = endpoint.strip_prefix('/').unwrap_or(endpoint);
    (!path.is_empty() && path.chars().all(fits)).then(|| format!("/{path}"))
}

impl ScimTarget {
    /// Returns what the server says that it can; the server is asked once.
    pub(super) async fn features(&self) -> &Features {
        self.features
            .get_or_init(|| async {
                let provider = self.document("/ServiceProviderConfig").await;
                let types = self.document("/ResourceTypes").await;
                let mut said = Features::read(provider.as_ref(), types.as_ref(), &self.base);
                if said.users != USERS {
                    let is_wrong = self.learnt(|learned| learned.is_not_at.as_deref() == Some(said.users.as_str()));
                    let is_missing = async || self.list_status(&said.users).await == Some(404);
                    let is_there = async || matches!(self.list_status(USERS).await, Some(200..=299));
                    if is_wrong && self.list_status(USERS).await == Some(404) && !is_missing().await {
                        // The server has mended what it says.
                        self.learnt(|learned| learned.is_not_at = None);
                    } else if is_wrong || (is_missing().await && is_there().await) {
                        let wrong = std::mem::replace(&mut said.users, USERS.to_owned());
                        self.learnt(|learned| learned.is_not_at = Some(wrong.into()));
                    }
                }
                said
            })
            .await
    }

    /// Returns the status with which a list is answered at a path; `None`: it is not answered.
    pub(super) async fn list_status(&self, path: &str) -> Option<u16> {
        let request = Request::new(Method::Get, &self.base, path, USERS).query([("startIndex", "1")]);
        let response = self.call("ask where users are", false, request).await;
        response.ok().map(|response| response.status())
    }

    /// Returns one of the server's documents about itself, where the server has it.
    pub(super) async fn document(&self, path: &'static str) -> Option<Value> {
        let request = Request::new(Method::Get, &self.base, path, path);
        let response = self.call("ask what the server can", false, request).await.ok()?;
        response.is_success().then(|| json(&response)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::HostRule;

    fn base() -> BaseUrl {
        BaseUrl::parse("https://app.example/scim/v2/", HostRule::Public).unwrap()
    }

    #[test]
    fn a_server_that_says_nothing_is_tried_with_everything() {
        let features = Features::read(None, Some(&json!({ "detail": "not found" })), &base());
        assert_eq!(
            features,
            Features {
                patch: true,
                etag: false,
                users: "/Users".to_owned()
            }
        );
    }

    #[test]
    fn the_path_of_users_is_taken_only_where_it_is_one() {
        let types = |endpoint: &str| json!({ "Resources": [{ "schema": USER, "endpoint": endpoint }] });
        let path = |endpoint: &str| users_of(&types(endpoint), &base());
        assert_eq!(path("/v2/People/"), Some("/v2/People".to_owned()));
        assert_eq!(path("Users"), Some("/Users".to_owned()));
        for bad in ["", "/", "https://evil.example/Users", "/../x", "/Users?x=1"] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_path_that_begins_with_the_base_is_not_put_behind_it_again() {
        let types = |endpoint: &str| json!({ "Resources": [{ "schema": USER, "endpoint": endpoint }] });
        for said in ["/scim/v2/Users", "https://app.example/scim/v2/Users/"] {
            assert_eq!(users_of(&types(said), &base()), Some("/Users".to_owned()), "{said}");
        }
        assert_eq!(users_of(&types("/scim/v2"), &base()), Some("/scim/v2".to_owned()));
        let bare = BaseUrl::parse("https://app.example", HostRule::Public).unwrap();
        assert_eq!(users_of(&types("/Users"), &bare), Some("/Users".to_owned()));
    }
}
