//! What the server says about itself (RFC 7644, section 4).

use serde_json::json;

use super::{
    Service,
    answer::answer,
    habit::{Changes, Discovery},
    user::{CORE, ENTERPRISE, ENTERPRISE_NAMES, USER},
};
use crate::server::reply::Reply;

impl Service {
    /// Returns one of the documents that describe the server.
    pub(super) fn describe(&self, what: &str) -> Reply {
        match self.habits.discovery {
            Discovery::True | Discovery::NoSchemas => {}
            Discovery::Absent => return self.refuse(404, None, "nothing here"),
            Discovery::Html => return Reply::html(200, "<!doctype html><title>Welcome</title>".to_owned()),
        }
        let patches = !matches!(self.habits.changes, Changes::PutOnly | Changes::PatchOnly);
        let endpoint = self.habits.endpoint.as_deref().unwrap_or("/Users");
        let is_told = |name: &&&str| !self.habits.untold.iter().any(|untold| untold == **name);
        let named = |names: &[&str]| {
            names
                .iter()
                .filter(is_told)
                .map(|name| json!({ "name": name }))
                .collect::<Vec<_>>()
        };
        let body = match what {
            "ServiceProviderConfig" => json!({
                "patch": { "supported": patches }, "etag": { "supported": !self.habits.versionless }, "filter": { "supported": true, "maxResults": 200 },
                "bulk": { "supported": false }, "sort": { "supported": false }, "changePassword": { "supported": false },
            }),
            "ResourceTypes" => {
                json!({ "totalResults": 1, "Resources": [{ "id": "User", "endpoint": endpoint, "schema": USER }] })
            }
            _ if self.habits.discovery == Discovery::NoSchemas => json!({ "totalResults": 0, "Resources": [] }),
            _ => json!({ "totalResults": 2, "Resources": [
                { "id": USER, "attributes": named(&CORE) }, { "id": ENTERPRISE, "attributes": named(&ENTERPRISE_NAMES) },
            ] }),
        };
        answer(200, &body)
    }
}
