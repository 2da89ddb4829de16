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
    async fn identify(&self) -> Result<Identity, Error> {
        self.0.look_at::<People>().await
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let (wanted, named) = (reading.wanted().clone(), reading.named().to_vec());
        let mut fields = Lists::from_iter([]);
        if wanted.wants_custom() {
            fields = self.custom_fields().await?;
        }
        let census = ByLayout::<People>::new(&self.0.allowed, &wanted, self.0.today);
        let census = census.naming(&named).with_fields(fields);
        self.0.caller.read(&census, reading).await
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

    /// Returns the custom fields of everybody. They count as refused where their form is not the one that is guessed.
    async fn custom_fields(&self) -> Result<Lists, Error> {
        let operation = CUSTOM_FIELDS.operation;
        let asked = self.0.aside.get(operation, CUSTOM_FIELDS.path, &[]).await;
        let text = unless_refused(operation, asked, &[Class::Forbidden, Class::Misconfigured])?;
        let mut pages = None;
        if let Some(text) = text {
            let rows: Nested<'_> = serde_json::from_str(&text).map_err(|error| not_json(operation, &error))?;
            let is_known = rows.list().is_some_and(|rows| rows.into_iter().all(Nested::is_object));
            pages = is_known.then_some(vec![text]);
        }
        Ok(Lists::from_iter([(&CUSTOM_FIELDS, pages)]))
    }
}
