//! Requests that carry themselves what opens them, such as those for tokens in a vendor's own form.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::Caller;
use crate::{
    connection::Credential,
    source::{Access, Class, Error},
};

/// No credential: none is shown, and none is renewed.
struct Nothing {
    operation: &'static str,
}

#[async_trait]
impl Access for Nothing {
    async fn credential(&self) -> Result<Credential, Error> {
        let key = SecretString::default();
        Ok(Credential::ApiKey { key })
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        let detail = "what the request carries is refused";
        Err(Error::new(Class::Unauthorized, self.operation, detail))
    }
}

impl Caller {
    /// The same way, on which requests of one operation are sent as they are. One that is refused is not sent again.
    #[must_use]
    pub fn unsigned(&self, operation: &'static str) -> Self {
        self.with(Arc::new(Nothing { operation }), |request, _| Some(request))
    }
}
