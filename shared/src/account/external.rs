//! The reference that Rollcall writes on a target's account (R02): provider, company and employee, never a bare id.

use std::fmt;

use crate::employee::{CompanyId, EmployeeId};

/// `<provider>:<company>:<employee id>`; `%` and `:` inside provider and company are percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(Box<str>);

impl ExternalId {
    /// Returns the reference of one employee of one company of one provider.
    pub fn new(provider: &str, company: &CompanyId, employee: &EmployeeId) -> Self {
        Self(format!("{}{employee}", Self::prefix(provider, company)).into())
    }

    /// Returns what the references of all employees of one company begin with.
    pub fn prefix(provider: &str, company: &CompanyId) -> String {
        let encode = |part: &str| part.replace('%', "%25").replace(':', "%3A");
        format!("{}:{}:", encode(provider), encode(company.as_str()))
    }

    /// The most bytes of a reference: three times as many as those of provider, company and employee, which may all be
    /// percent-encoded.
    const MOST_BYTES: usize = 1_024;

    /// Returns what the references of the same company begin with; `None` where the text has not the form of a reference.
    pub fn prefix_of(reference: &str) -> Option<&str> {
        let (end, _) = reference.match_indices(':').nth(1)?;
        reference.get(..=end)
    }

    /// Returns the provider that a text names; `None` where the text has not the form of a reference. References of other products
    /// have such a form too, and name no provider.
    pub fn provider_of(reference: &str) -> Option<&str> {
        let prefix = Self::prefix_of(reference)?;
        prefix.split(':').next()
    }

    /// Takes the text that a target holds as the reference. Whether Rollcall wrote it shows when it is compared. `None`
    /// where the text is longer than any reference that Rollcall writes (R47).
    pub fn from_target(text: &str) -> Option<Self> {
        (1..=Self::MOST_BYTES).contains(&text.len()).then(|| Self(text.into()))
    }

    /// Returns the reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn external(company: &str, employee: &str) -> ExternalId {
        ExternalId::new(
            "factorial",
            &CompanyId::parse(company).unwrap(),
            &EmployeeId::parse(employee).unwrap(),
        )
    }

    #[test]
    fn r02_a_bare_employee_id_never_matches() {
        assert_ne!(ExternalId::from_target("42"), Some(external("7", "42")));
        assert_eq!(ExternalId::from_target("factorial:7:42"), Some(external("7", "42")));
    }

    #[test]
    fn r04_a_reference_shows_whose_company_it_is_of() {
        let company = CompanyId::parse("7:4").unwrap();
        let prefix = ExternalId::prefix("factorial", &company);
        assert_eq!(
            ExternalId::prefix_of(external("7:4", "2:1").as_str()),
            Some(prefix.as_str())
        );
        for text in ["", "42", "factorial:42", ":"] {
            assert_eq!(ExternalId::prefix_of(text), None, "{text}");
        }
    }

    #[test]
    fn r02_no_two_people_share_a_reference_whatever_their_ids_look_like() {
        assert_ne!(external("7:4", "2"), external("7", "4:2"));
        assert_ne!(external("7%3A4", "2"), external("7:4", "2"));
    }
}
