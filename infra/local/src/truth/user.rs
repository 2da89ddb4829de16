//! Users of a SCIM server (RFC 7643) as accounts, read straight from their JSON: stated anew, so that what the product
//! reads and writes is judged and not copied.

use rollcall::{
    account::{Account, AccountId, ExternalId},
    employee::{Attribute, AttributesBuilder, Field},
};
use serde_json::Value;

/// The schema of a company's people (RFC 7643, section 4.3), as it stands in a JSON pointer.
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Attributes that the standard has a place for, and the pointers to them.
const PLACES: [(&str, &str); 8] = [
    ("display_name", "/displayName"),
    ("email", "/emails/0/value"),
    ("first_name", "/name/givenName"),
    ("job_title", "/title"),
    ("known_as", "/nickName"),
    ("last_name", "/name/familyName"),
    ("mobile_phone", "/phoneNumbers/0/value"),
    ("time_zone", "/timezone"),
];

/// Attributes below the enterprise extension, with those that Leapsome has there. Of two pointers the one that leads to
/// a value counts.
const AT_WORK: [(&str, &str); 7] = [
    ("department", "/department"),
    ("employee_number", "/employeeNumber"),
    ("manager", "/manager/value"),
    ("manager", "/manager"),
    ("start_date", "/startDate"),
    ("team", "/division"),
    ("work_location", "/location"),
];

/// Returns the users as accounts; everything else stands in `extension` under Rollcall's names. A user without an id is
/// left out, and is missed by the comparison. A user name that is not the e-mail address was not written by Rollcall:
/// then there is no e-mail address.
pub fn read_users(users: &[Value], extension: &str) -> Vec<Account> {
    users.iter().filter_map(|user| read_user(user, extension)).collect()
}

fn read_user(user: &Value, extension: &str) -> Option<Account> {
    let text = |pointer: &str| user.pointer(pointer).and_then(Value::as_str);
    let mut attributes = AttributesBuilder::new();
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(attribute) = Attribute::parse(name) {
            attributes.set(attribute, Field::from(value));
        }
    };
    for (name, pointer) in PLACES {
        let is_honest = name != "email" || text(pointer) == text("/userName");
        set(name, text(pointer).filter(|_| is_honest));
    }
    for (name, pointer) in AT_WORK {
        if let Some(value) = text(&format!("/{ENTERPRISE}{pointer}")) {
            set(name, Some(value));
        }
    }
    for (name, value) in user.get(extension).and_then(Value::as_object).into_iter().flatten() {
        let custom = format!("custom.{name}");
        let known = Attribute::parse(name).is_some();
        set(if known { name } else { &custom }, value.as_str());
    }
    Some(Account {
        id: AccountId::parse(text("/id")?).ok()?,
        external_id: ExternalId::from_target(text("/externalId").unwrap_or_default()),
        active: user.get("active").and_then(Value::as_bool)?,
        attributes: attributes.build(),
        login: None,
        addresses: Box::default(),
        version: None,
    })
}

#[cfg(test)]
mod tests {
    use rollcall::employee::Canonical;
    use serde_json::json;

    use super::*;

    #[test]
    fn each_place_is_read_and_a_user_name_that_is_not_the_address_shows() {
        let mut user = json!({
            "id": "u-1", "externalId": "factorial:7:1", "active": false, "userName": "ana@a.example",
            "name": { "givenName": "Ana", "familyName": "Pujol" }, "emails": [{ "value": "ana@a.example", "primary": true }],
            "phoneNumbers": [{ "type": "mobile", "value": "+346001" }],
            "acme": { "work_location": "Lisbon", "size": "M" },
        });
        user[ENTERPRISE] = json!({ "division": "Sales", "manager": { "value": "u-2" } });
        let accounts = read_users(&[user.clone(), json!({ "userName": "no id" })], "acme");
        assert_eq!(accounts.len(), 1);
        assert!(!accounts[0].active);
        assert_eq!(accounts[0].external_id, ExternalId::from_target("factorial:7:1"));
        let custom = Attribute::parse("custom.size").unwrap();
        assert_eq!(accounts[0].attributes.field(custom).value(), Some("M"));
        for (attribute, value) in [
            (Canonical::Email, "ana@a.example"),
            (Canonical::FirstName, "Ana"),
            (Canonical::LastName, "Pujol"),
            (Canonical::Manager, "u-2"),
            (Canonical::MobilePhone, "+346001"),
            (Canonical::Team, "Sales"),
            (Canonical::WorkLocation, "Lisbon"),
        ] {
            assert_eq!(accounts[0].value(attribute), Some(value));
        }
        user["userName"] = json!("other@else.example");
        assert_eq!(read_users(&[user], "acme")[0].value(Canonical::Email), None);
    }
}
