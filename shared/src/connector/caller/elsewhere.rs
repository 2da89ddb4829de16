//! The same connection's way to other addresses, or with another credential.

use std::sync::Arc;

use super::{Caller, Sign};
use crate::{connector::resource::escaped, http::BaseUrl, source::Access};

impl Caller {
    /// The same way for another credential of the same connection. Calls are counted together.
    #[must_use]
    pub fn with(&self, access: Arc<dyn Access>, sign: Sign) -> Self {
        Self {
            session: Arc::clone(&self.session),
            base: self.base.clone(),
            access,
            sign,
            failures: self.failures,
        }
    }

    /// The same way to what stands below a path, of which `id` is the last part. Calls are counted together.
    #[must_use]
    pub fn under(&self, path: &str, id: &str) -> Self {
        self.at(self.base.under(&format!("{path}/{}", escaped(id))))
    }

    /// The same way to another of the provider's addresses. Calls are counted together.
    #[must_use]
    pub fn at(&self, base: BaseUrl) -> Self {
        Self {
            session: Arc::clone(&self.session),
            base,
            access: Arc::clone(&self.access),
            sign: self.sign,
            failures: self.failures,
        }
    }
}
