//! Requests to Staffology HR, and the order of a read: custom fields from the second host, then people (vendor's pages on custom fields).

use async_trait::async_trait;

use super::{convert::People, wire::CUSTOM_FIELDS};
use crate::{
    connector::{
        ByLayout, Lists, Nested, Opened,
        answer::{not_json, unless_refused},
    },
    roster::Reading,
    source::{Class, Error, Identity, Source},
};

/// One connection's view of Staffology HR.
pub(super) struct StaffologySource(Opened);

#[async_trait]
impl Source for StaffologySource {
    /// People are what any user of the API is for. The company has a number, which may be that of another one elsewhere: it names nobody.
    async fn identify(&self) -> Result<Identity, Error> {
        self.0.look_at::<People>().await
    }

    /// Where custom fields cannot be read all else of people is: such a read is not whole.
    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let (wanted, named) = (reading.wanted().clone(), reading.named().to_vec());
        let mut fields = Ok(Lists::from_iter([]));
        if wanted.wants_custom() {
            fields = self.custom_fields().await;
        }
        let (fields, broken) = match fields {
            Err(error) if error.class == Class::Malformed => (Lists::from_iter([(&CUSTOM_FIELDS, None)]), Some(error)),
            fields => (fields?, None),
        };
        let census = ByLayout::<People>::new(&self.0.allowed, &wanted, self.0.today);
        let census = census.naming(&named).with_fields(fields);
        self.0.caller.read(&census, reading).await?;
        broken.map_or(Ok(()), Err)
    }

    fn calls(&self) -> u64 {
        self.0.caller.calls()
    }
}

impl StaffologySource {
    /// The source of one connection.
    pub(super) const fn new(opened: Opened) -> Self {
        Self(opened)
    }

    /// Returns the custom fields of everybody. They count as refused where their form is not the one that is guessed; a row of another form says
    /// nothing of any person.
    async fn custom_fields(&self) -> Result<Lists, Error> {
        let operation = CUSTOM_FIELDS.operation;
        let asked = self.0.aside.get(operation, CUSTOM_FIELDS.path, &[]).await;
        let text = unless_refused(operation, asked, &[Class::Forbidden, Class::Misconfigured])?;
        let pages = match text {
            None => None,
            Some(text) => known_rows(&text).map_err(|error| not_json(operation, &error))?,
        };
        Ok(Lists::from_iter([(&CUSTOM_FIELDS, pages.map(|page| vec![page]))]))
    }
}

/// Returns the rows of custom fields that have the form that is guessed; `None` where there are others alone, or no list.
///
/// # Errors
/// Where the text is not JSON.
fn known_rows(text: &str) -> Result<Option<String>, serde_json::Error> {
    let all: Nested<'_> = serde_json::from_str(text)?;
    let Some(rows) = all.list() else {
        return Ok(None);
    };
    let known: Vec<_> = rows
        .iter()
        .filter(|row| row.is_object())
        .filter_map(|row| row.keep())
        .collect();
    if known.is_empty() && !rows.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&known).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r31_custom_fields_of_another_form_hide_themselves_and_one_odd_row_hides_none() {
        let known = |text: &str| known_rows(text).map_err(|_| "no JSON");
        for text in [r#"{"Message":"off"}"#, "null", "7", r#"["a"]"#, "[null]"] {
            assert_eq!(known(text), Ok(None), "{text}");
        }
        let row = r#"[{"EmployeeID":7,"ShirtSize":"M"}]"#;
        for text in [row, r#"[{"EmployeeID":7,"ShirtSize":"M"},null,"odd",[1]]"#] {
            assert_eq!(known(text), Ok(Some(row.to_owned())), "{text}");
        }
        assert_eq!(known("[]"), Ok(Some("[]".to_owned())));
        for text in ["Custom fields are off", "[{}", r#"[{"EmployeeID":7,"Field":yes}]"#] {
            assert_eq!(known(text), Err("no JSON"), "{text}");
        }
    }
}
