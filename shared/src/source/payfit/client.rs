//! Requests to PayFit: what a credential is, and a read of the company that it belongs to.

use async_trait::async_trait;
use secrecy::ExposeSecret as _;
use tokio::sync::OnceCell;

use super::{
    config::{closed, shown},
    convert::Everybody,
    wire::{COMPANIES, COMPANY, INTROSPECT, Question},
};
use crate::{
    connection::Credential,
    connector::{
        ByLayout, Caller, Lists, Nested, Opened, Text,
        answer::{malformed, not_json},
        company, deny,
    },
    employee::{Canonical, CompanyId},
    roster::{Company, Reading},
    source::{Class, Error, Identity, Source},
};

/// One connection's view of PayFit.
pub(super) struct PayFitSource {
    opened: Opened,
    holder: OnceCell<Holder>,
}

/// Whose a credential is.
struct Holder {
    company: CompanyId,
    /// What its scopes do not open.
    closed: Vec<Canonical>,
    /// The way to what belongs to the company.
    caller: Caller,
}

#[async_trait]
impl Source for PayFitSource {
    async fn identify(&self) -> Result<Identity, Error> {
        let holder = self.holder().await?;
        let text = holder.caller.get(COMPANY.0, COMPANY.1, &[]).await?;
        read_company(&holder.company, &text).map(Identity::Known)
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let holder = self.holder().await?;
        deny(&holder.closed, &mut reading.roster);
        let wanted = reading.wanted().clone();
        let census = ByLayout::<Everybody>::new(&self.opened.allowed, &wanted, self.opened.today);
        // There are no custom fields.
        let census = census.with_fields(Lists::from_iter([]));
        holder.caller.read(&census, reading).await
    }

    fn calls(&self) -> u64 {
        self.opened.caller.calls()
    }
}

impl PayFitSource {
    /// The source of one connection.
    pub(super) fn new(opened: Opened) -> Self {
        Self {
            opened,
            holder: OnceCell::new(),
        }
    }

    /// Returns whose the credential is. PayFit is asked for it once.
    async fn holder(&self) -> Result<&Holder, Error> {
        let ask = async || {
            let (operation, path) = INTROSPECT;
            let front = self.opened.front.clone().ok_or_else(|| {
                let detail = "where people sign in cannot be told by the base URL";
                Error::new(Class::Misconfigured, operation, detail)
            })?;
            let question = |credential: &Credential| {
                let token = shown(credential)?.expose_secret().to_owned();
                Some(Question { token })
            };
            let caller = self.opened.caller.at(front);
            let text = caller.ask_about(operation, path, question).await?;
            let (company, closed) = read_holder(&text)?;
            let caller = self.opened.caller.under(COMPANIES, company.as_str());
            Ok(Holder {
                company,
                closed,
                caller,
            })
        };
        self.holder.get_or_try_init(ask).await
    }
}

/// Reads the company of a credential, and what the credential may not see. One that is not active any more opens nothing.
fn read_holder(text: &str) -> Result<(CompanyId, Vec<Canonical>), Error> {
    let operation = INTROSPECT.0;
    let said: Nested<'_> = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
    match said.once("active").flag().0 {
        Some(true) => {}
        Some(false) => {
            let detail = "the credential is not active any more; connect again";
            return Err(Error::new(Class::Unauthorized, operation, detail));
        }
        None => return Err(malformed(operation, "active is missing")),
    }
    let id = said.once("company_id").whole();
    let id = id.value().and_then(|id| CompanyId::parse(id).ok());
    let id = id.ok_or_else(|| malformed(operation, "company_id is missing"))?;
    // Words with blanks between them, or a list of words.
    let scopes = said.once("scope").any();
    Ok((id, scopes.value().map(closed).unwrap_or_default()))
}

/// Reads what the company is called. Where its own answer names another one, nothing is known.
fn read_company(id: &CompanyId, text: &str) -> Result<Company, Error> {
    let operation = COMPANY.0;
    let said: Nested<'_> = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
    let own = said.once("id").whole();
    if own.value().is_some_and(|own| own != id.as_str()) {
        return Err(malformed(operation, "another company answers"));
    }
    let known = Text::Value(id.as_str().into());
    company(&known, &[&said.once("name").whole()]).ok_or_else(|| malformed(operation, "the company has no readable id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r01_introspection_names_the_company_and_says_what_is_closed() {
        let (id, closed) = read_holder(
            r#"{"active":true,"scope":"collaborators:read contracts:read","client_id":"c","company_id":"5c1","token_type":"bearer"}"#,
        )
        .unwrap();
        assert_eq!(id.as_str(), "5c1");
        assert!(closed.contains(&Canonical::Manager) && !closed.contains(&Canonical::JobTitle));
        let (_, unsaid) = read_holder(r#"{"active":true,"company_id":"5c1"}"#).unwrap();
        assert_eq!(unsaid, [], "without a word on scopes nothing is known to be closed");
    }

    #[test]
    fn r40_a_credential_that_is_not_active_opens_nothing_and_one_without_a_company_is_no_answer() {
        let class = |text: &str| read_holder(text).unwrap_err().class;
        assert_eq!(class(r#"{"active":false}"#), Class::Unauthorized);
        assert_eq!(class(r#"{"active":false,"company_id":"5c1"}"#), Class::Unauthorized);
        for text in [
            "{}",
            r#"{"active":true,"company_id":null}"#,
            r#"{"active":true,"company_id":"a","company_id":"b"}"#,
            r#"{"active":true,"company_id":{"id":"5c1"}}"#,
            "[]",
            "null",
            "",
        ] {
            assert_eq!(class(text), Class::Malformed, "{text}");
        }
    }

    #[test]
    fn r01_a_company_that_calls_itself_another_is_not_believed() {
        let id = CompanyId::parse("5c1").unwrap();
        let named = read_company(&id, r#"{"id":"5c1","name":"Acme","country":"FR"}"#).unwrap();
        assert_eq!((named.id.as_str(), named.name.as_str()), ("5c1", "Acme"));
        assert_eq!(read_company(&id, r#"{"name":null}"#).unwrap().name, "5c1");
        let other = read_company(&id, r#"{"id":"5c2","name":"Acme"}"#).unwrap_err();
        assert_eq!(other.class, Class::Malformed);
    }
}
