//! The question what a credential is: it stands in the request's body, beside the place where it always stands.

use serde::Serialize;

use super::{Caller, into_success};
use crate::{
    connection::Credential,
    source::{Class, Error},
};

impl Caller {
    /// Asks what a credential is. `body` writes the question about it; `None` where no such question can be asked. A refused credential is
    /// renewed once, or shown once more where it never is, and the question is then about that one. A 403 says the same as a 401: no
    /// permission is needed for this question.
    ///
    /// # Errors
    /// As from [`Caller::get`]; `Unauthorized` where it is refused twice.
    pub async fn ask_about<B: Serialize>(
        &self,
        operation: &'static str,
        path: &'static str,
        body: impl Fn(&Credential) -> Option<B>,
    ) -> Result<String, Error> {
        let refused = |detail: &'static str| Error::new(Class::Unauthorized, operation, detail);
        let ask = async |credential: &Credential| {
            let question = body(credential);
            let question = question.ok_or_else(|| refused("this credential cannot be asked about; connect again"))?;
            let request = self.question(operation, path, &[], &question)?;
            self.send(operation, &request, credential).await
        };
        let credential = self.access.credential().await?;
        let mut response = ask(&credential).await?;
        if is_refusal(response.status()) {
            let renewed = self.access.renew(&credential).await?;
            response = ask(&renewed).await?;
        }
        if is_refusal(response.status()) {
            return Err(refused("the credential is refused; connect again"));
        }
        into_success(operation, response.into_response())
    }
}

const fn is_refusal(status: u16) -> bool {
    matches!(status, 401 | 403)
}
