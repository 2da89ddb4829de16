//! A pretended HR system that uses what the real ones of the moment do not: passwords, codes bound to a challenge, Basic.

use super::caller::{Caller, authorization};
use super::dialect::{Dialect, Place, Way};
use super::fault::armed::{Call, Faults};
use super::oauth::{GrantType, Manners, Refreshing, Rotation};
use super::paging::{Page, Start, pages};
use super::refusal::Refusal;
use super::system::System;
use super::{Asked, Kind, Options, start};
use crate::company::Extent;
use crate::server::reply::Reply;
use reqwest::{Client, Response};
use serde_json::{Value, json};

struct Pretend;

static MANNERS: Manners = Manners {
    authorize: Some("/authorize"),
    authorize_query: "",
    token: "/token",
    token_query: "",
    is_in_headers: false,
    grants: &[GrantType::Code, GrantType::RefreshToken, GrantType::Password],
    access_seconds: 60,
    refreshing: Refreshing {
        seconds: 600,
        rotation: Rotation::Always,
        scope: None,
    },
    default_scope: "read",
    scopes: &["read", "write"],
    takes_basic: true,
    unknown_client: 401,
    whole_company: None,
    binds_codes: true,
};

impl Dialect for Pretend {
    fn extent(&self) -> Extent {
        Extent {
            attributes: &["first_name"],
            moves: &[],
            required: &[],
            has_large_ids: false,
            has_people_without_contract: false,
        }
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Code]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, _: &str) -> Vec<Place> {
        Vec::new()
    }

    fn key(&self, _: u64, company: u64, _: usize) -> String {
        format!("key-{company}")
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        Call {
            path: asked.path,
            data: true,
            list: true,
            page: None,
        }
    }

    fn identify(&self, system: &System, asked: &Asked, _: &Faults) -> Result<Caller, Refusal> {
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        system.caller_by_token(token)
    }

    fn answer(&self, _: &System, caller: &Caller, _: &Asked, _: &Faults) -> Result<Reply, Refusal> {
        Ok(Reply::of(
            200,
            &json!({"company": caller.company, "scope": caller.scope}),
        ))
    }

    fn refuse(&self, _: &Refusal, _: &Asked) -> Reply {
        Reply::empty(401)
    }

    fn samples(&self, _: &System, _: &str) -> Vec<String> {
        Vec::new()
    }
}

struct Stand {
    running: super::Running,
    client: Client,
}

impl Stand {
    async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(
            clippy::disallowed_methods,
            reason = "the tests need a client that follows no redirect"
        )]
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let options = Options {
            employees: 5,
            ..Options::default()
        };
        Self {
            running: start::start_dialect(Kind::Factorial, &Pretend, options).await.unwrap(),
            client,
        }
    }

    async fn token(&self, form: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}/token", self.running.url()));
        let (id, secret) = (self.running.client_id(), self.running.client_secret());
        request.basic_auth(id, Some(secret)).form(form).send().await.unwrap()
    }

    /// A code for a request with these parameters more.
    async fn code(&self, more: &[(&str, &str)]) -> String {
        let mut form = vec![
            ("client_id", self.running.client_id()),
            ("redirect_uri", "http://app.example/back"),
            ("response_type", "code"),
            ("decision", "allow"),
        ];
        form.extend(more);
        let answer = self
            .client
            .post(format!("{}/authorize", self.running.url()))
            .form(&form)
            .send()
            .await
            .unwrap();
        let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        let code = back.query_pairs().find(|(name, _)| name == "code" || name == "error");
        code.unwrap().1.into_owned()
    }

    async fn exchange(&self, code: &str, verifier: &str) -> u16 {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", "http://app.example/back"),
            ("code_verifier", verifier),
        ];
        self.token(&form).await.status().as_u16()
    }
}

async fn json_of(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_code_with_a_challenge_needs_the_verifier_that_made_it() {
    let stand = Stand::start().await;
    // RFC 7636, appendix B.
    let hashed = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let code = stand.code(&hashed).await;
    assert_eq!(stand.exchange(&code, "something-else").await, 400);
    assert_eq!(
        stand
            .exchange(&code, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
            .await,
        200
    );
    let plain = stand.code(&[("code_challenge", "as-it-is")]).await;
    assert_eq!(stand.exchange(&plain, "").await, 400);
    assert_eq!(stand.exchange(&plain, "as-it-is").await, 200);
    let unknown = [("code_challenge", "x"), ("code_challenge_method", "S512")];
    assert_eq!(stand.code(&unknown).await, "invalid_request");
}

#[tokio::test]
async fn a_password_opens_the_company_whose_key_it_is() {
    let stand = Stand::start().await;
    let key = stand.running.api_key().to_owned();
    let form = |password| [("grant_type", "password"), ("username", "any"), ("password", password)];
    let tokens = json_of(stand.token(&form(&key)).await).await;
    let token = tokens["access_token"].as_str().unwrap();
    let answer = stand
        .client
        .get(format!("{}/x", stand.running.url()))
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert_eq!(json_of(answer).await, json!({"company": 0, "scope": "read"}));
    assert_eq!(stand.token(&form("wrong")).await.status(), 400);
    let unnamed = [("grant_type", "password"), ("password", key.as_str())];
    assert_eq!(json_of(stand.token(&unnamed).await).await["error"], "invalid_request");
}

#[tokio::test]
async fn a_scope_that_there_is_not_is_told_to_the_application() {
    let stand = Stand::start().await;
    assert_eq!(stand.code(&[("scope", "read everything")]).await, "invalid_scope");
}

#[tokio::test]
async fn a_grant_that_this_server_has_not_is_refused_though_others_have_it() {
    let stand = Stand::start().await;
    let answer = stand.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(json_of(answer).await["error"], "unsupported_grant_type");
}

#[test]
fn a_list_has_at_least_one_page() {
    assert_eq!([pages(0, 10), pages(10, 10), pages(11, 10)], [1, 1, 2]);
    let ids: Vec<u64> = (1..=7).collect();
    let page = Page::cut(&ids, Start::page(3, 3), 3, &Faults::default());
    assert_eq!((page.rows, page.number, page.has_next), (vec![7], 3, false));
    let beyond = Page::cut(&ids, Start::page(9, 3), 3, &Faults::default());
    assert!(beyond.rows.is_empty() && !beyond.has_next);
}
