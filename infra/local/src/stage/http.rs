//! The stage's HTTP door: which function answers which request, and the key that opens it.

use std::sync::Arc;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use jiff::SignedDuration;
use rollcall::{
    api::{
        Allowance, Edge, Function, Settings,
        key::{FIRST_KEY_SECRET, first_key},
        routes,
    },
    http::BaseUrls,
    run::Clock as _,
};
use secrecy::SecretString;

use super::{Stage, schedule};
use crate::Error;

/// An HTTP API cuts a request off after 30 seconds.
const TIME_OUT: SignedDuration = SignedDuration::from_secs(30);

impl Stage {
    /// Returns the door of this stack, for browsers that reach it at `public_url` and callers with this allowance.
    pub fn edge(&self, public_url: &str, allowance: Allowance) -> Edge {
        let settings = Settings {
            public_url: public_url.to_owned(),
            base_urls: BaseUrls::Any,
            schedule: schedule(),
            allowance,
            build: String::new(),
        };
        Edge::new(
            self.ports.clone(),
            Arc::clone(&self.store) as _,
            Arc::clone(&self.store) as _,
            settings,
            routes::all(),
        )
    }

    /// Returns the answer of the function that has the route.
    pub async fn answer(&self, edge: &Edge, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        let deadline = self
            .clock
            .now()
            .saturating_add(TIME_OUT)
            .unwrap_or(jiff::Timestamp::MAX);
        let path = event.raw_path.clone().unwrap_or_default();
        match edge.function_of(event.request_context.http.method.as_str(), &path) {
            Function::Apply => apply::handle_http(edge, event, deadline).await,
            Function::Connect => connect::handle_http(edge, event, deadline).await,
            Function::Console => console::handle_http(edge, event, deadline).await,
            Function::Diff => diff::handle_http(edge, event, deadline).await,
        }
    }

    /// Returns the first API key, as a deployment generates it into its secret. It is made at the first start.
    ///
    /// # Errors
    /// [`Error::Secret`] where it cannot be read or kept.
    pub async fn load_first_key(&self) -> Result<SecretString, Error> {
        let secrets = &self.ports.secrets;
        if let Some(secret) = secrets.find_secret(FIRST_KEY_SECRET).await? {
            return Ok(first_key(&secret));
        }
        let secret = SecretString::from(hex::encode(self.ports.ids.key()));
        secrets.put_secret(FIRST_KEY_SECRET, &secret).await?;
        Ok(first_key(&secret))
    }
}
