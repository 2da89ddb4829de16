//! Requests to Factorial: its resources, its cursors, its log-in, and the order in which a read asks for them.

mod read;
mod token;
mod walk;

use std::sync::Arc;

pub(super) use read::FactorialSource;
pub(super) use token::{exchange, refresh};

use self::walk::Walk;
use super::error::{no_answer, parse_error};
use crate::{
    connection::Credential,
    http::{BaseUrl, Method, Request, Response, Session},
    source::{Access, Class, Error},
};

/// A list of the API.
#[derive(Clone, Copy, Debug)]
struct Resource {
    operation: &'static str,
    path: &'static str,
}

macro_rules! resource {
    ($operation:literal, $path:literal) => {
        Resource {
            operation: $operation,
            path: concat!("/api/2026-10-01/resources/", $path),
        }
    };
}

const CREDENTIALS: Resource = resource!("identify company", "api_public/credentials");
const EMPLOYEES: Resource = resource!("list employees", "employees/employees");
const CONTRACTS: Resource = resource!("list contracts", "contracts/reference_contracts");
const MEMBERSHIPS: Resource = resource!("list memberships", "teams/memberships");
const TEAMS: Resource = resource!("list teams", "teams/teams");
const LOCATIONS: Resource = resource!("list locations", "locations/locations");
const LEGAL_ENTITIES: Resource = resource!("list legal entities", "companies/legal_entities");
const CUSTOM_FIELDS: Resource = resource!("list custom fields", "custom_fields/fields");
const CUSTOM_VALUES: Resource = resource!("list custom values", "custom_fields/values");

/// Sends requests with the connection's credential.
pub(super) struct Client {
    pub(super) session: Session,
    pub(super) base: BaseUrl,
    pub(super) access: Arc<dyn Access>,
}

impl Client {
    /// Reads one page of a list. A refused credential is renewed once.
    ///
    /// # Errors
    /// [`Error`] by its class; any answer but a 2xx is one.
    async fn get(&self, resource: Resource, query: &[(&str, &str)]) -> Result<Response, Error> {
        let credential = self.access.credential().await?;
        let mut response = self.send(resource, query, &credential).await?;
        if response.status() == 401 {
            let renewed = self.access.renew(&credential).await?;
            response = self.send(resource, query, &renewed).await?;
        }
        if response.is_success() {
            Ok(response)
        } else {
            Err(parse_error(resource.operation, response.status()))
        }
    }

    async fn send(
        &self,
        resource: Resource,
        query: &[(&str, &str)],
        credential: &Credential,
    ) -> Result<Response, Error> {
        let request = Request::new(Method::Get, &self.base, resource.path, resource.path)
            .query(query.iter().copied())
            .header("accept", "application/json".to_owned());
        let request = match credential {
            Credential::ApiKey { key } => request.header("x-api-key", key.clone()),
            Credential::Tokens(tokens) => request.bearer(&tokens.access_token),
            Credential::Basic { .. } | Credential::Client { .. } => {
                let detail = "Factorial takes an API key or a login; connect again";
                return Err(Error::new(Class::Unauthorized, resource.operation, detail));
            }
        };
        let sent = self.session.send(&request).await;
        sent.map_err(|error| no_answer(resource.operation, error))
    }

    /// Reads a list to its end; `None` where the credential may not read it (403).
    ///
    /// # Errors
    /// [`Error`] where a page fails, or where the list says more rows than it gives.
    async fn walk(&self, resource: Resource, filter: &[(&str, &str)]) -> Result<Option<Vec<Response>>, Error> {
        let mut walk = Walk::new(resource);
        let mut pages = Vec::new();
        loop {
            match self.get(resource, &walk.query(filter)).await {
                Ok(page) => {
                    let is_last = walk.step(&page)?.is_last;
                    pages.push(page);
                    if is_last {
                        walk.check_total()?;
                        return Ok(Some(pages));
                    }
                }
                Err(error) if error.class == Class::Forbidden => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}

impl Resource {
    fn is_employees(self) -> bool {
        self.path == EMPLOYEES.path
    }
}
