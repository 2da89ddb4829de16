//! What a server's schemas have (RFC 7643, section 7). They are asked for where the server has refused something. Pure but for the
//! question.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ScimTarget, part::Part, profile::USER, resource::member, walk::entries};

/// The attributes that a server's schemas have: `urn:name` and `urn:name.part`, lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    names: BTreeSet<String>,
    /// Those of them that a user has to have.
    needed: BTreeSet<String>,
}

impl Known {
    pub(super) fn read(schemas: &Value) -> Self {
        let mut known = Self::default();
        for schema in entries(schemas).unwrap_or_default() {
            let Some(urn) = member(schema, "id").and_then(Value::as_str) else {
                continue;
            };
            for attribute in list(schema, "attributes") {
                let Some(name) = member(attribute, "name").and_then(Value::as_str) else {
                    continue;
                };
                let whole = known.note(attribute, &format!("{urn}:{name}"));
                for part in list(attribute, "subAttributes") {
                    if let Some(name) = member(part, "name").and_then(Value::as_str) {
                        known.note(part, &format!("{whole}.{name}"));
                    }
                }
            }
        }
        known
    }

    fn note(&mut self, attribute: &Value, name: &str) -> String {
        let name = name.to_lowercase();
        if member(attribute, "required") == Some(&Value::Bool(true)) {
            self.needed.insert(name.clone());
        }
        self.names.insert(name.clone());
        name
    }

    /// Whether a path is one of the schemas', as far as they are known at all. Where a schema tells no parts of an attribute, all
    /// are.
    pub(super) fn has(&self, path: &str) -> bool {
        const ALWAYS: [&str; 2] = ["userName", "active"];
        if self.names.is_empty() || ALWAYS.contains(&path) {
            return true;
        }
        let whole = whole(path);
        match whole.rsplit_once('.').filter(|(outer, _)| self.names.contains(*outer)) {
            Some((outer, _)) => self.names.contains(&whole) || !self.has_parts(outer),
            None => self.names.contains(&whole),
        }
    }

    fn has_parts(&self, outer: &str) -> bool {
        let within = format!("{outer}.");
        self.names
            .range(within.clone()..)
            .next()
            .is_some_and(|next| next.starts_with(&within))
    }

    /// Whether the schemas have all members of a part. The reference is none of a schema's own attributes (RFC 7643, section 3.1).
    pub(super) fn has_part(&self, part: &Part) -> bool {
        let mut assignments = part.assignments.iter();
        assignments.all(|assignment| assignment.path == super::part::REFERENCE || self.has(&assignment.path))
    }

    /// Whether a user has to have a path.
    pub(super) fn needs(&self, path: &str) -> bool {
        self.needed.contains(&whole(path))
    }
}

fn list<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    member(object, name).and_then(Value::as_array).into_iter().flatten()
}

/// Returns a path with its schema.
fn whole(path: &str) -> String {
    if path.starts_with("urn:") {
        path.to_lowercase()
    } else {
        format!("{USER}:{path}").to_lowercase()
    }
}

impl ScimTarget {
    /// Returns what the server's schemas have; the server is asked once.
    pub(super) async fn known(&self) -> &Known {
        self.schemas
            .get_or_init(|| async {
                let schemas = self.document("/Schemas").await;
                schemas.map(|schemas| Known::read(&schemas)).unwrap_or_default()
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_say_what_may_be_left_out_and_what_may_not() {
        let emails = json!({ "name": "emails", "subAttributes": [{ "name": "value", "required": true }] });
        let name = json!({ "name": "name", "subAttributes": [{ "name": "formatted", "required": true }, { "name": "givenName" }] });
        let schemas = json!({ "Resources": [{ "id": USER, "attributes": [name, emails, { "name": "title" }, { "name": "addresses" }] }] });
        let known = Known::read(&schemas);
        for path in [
            "name.givenName",
            "title",
            "userName",
            "emails.value",
            "addresses.country",
        ] {
            assert!(known.has(path), "{path}");
        }
        for path in [
            "nickName",
            "emails.type",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ] {
            assert!(!known.has(path), "{path}");
        }
        assert!(known.needs("name.formatted") && !known.needs("name.givenName"));
        assert!(Known::default().has("nickName"));
    }
}
