//! An application's backend and a person's browser, as the stage plays them. Every request is the event that API
//! Gateway sends, answered by the function whose route it is. The HR system's own pages are asked over the network.

use rollcall::{
    api::Edge,
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Session},
    source,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use url::Url;

use super::{Stage, event::http_event};
use crate::{Error, emulator::Emulator};

/// The address to which the application takes the browser back.
const RETURN_URL: &str = "http://127.0.0.1/settings/hr";

/// What the log calls the page on which a person says yes.
const PAGE: &str = "/(login)";

/// The application's backend, with its key.
pub struct Backend<'a> {
    stage: &'a Stage,
    edge: &'a Edge,
    key: SecretString,
}

/// An answer to the backend or the browser.
#[derive(Debug)]
struct Answer {
    status: i64,
    location: Option<String>,
    cookie: Option<String>,
    body: Value,
}

impl<'a> Backend<'a> {
    /// Returns the backend of an application, with the first key of the stack.
    ///
    /// # Errors
    /// [`Error::Secret`].
    pub async fn new(stage: &'a Stage, edge: &'a Edge) -> Result<Self, Error> {
        let key = stage.load_first_key().await?;
        Ok(Self { stage, edge, key })
    }

    /// Sends a request and returns the JSON of its answer.
    ///
    /// # Errors
    /// [`Error::Door`] where the answer is not a success.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let authorization = format!("Bearer {}", self.key.expose_secret());
        let mut headers = json!({ "authorization": authorization, "x-acting-user": "demo" });
        if let (Some(_), Some(headers)) = (body, headers.as_object_mut()) {
            headers.insert("content-type".to_owned(), "application/json".into());
        }
        let answer = self.send(method, path, headers, None, body).await?;
        if (200..300).contains(&answer.status) {
            Ok(answer.body)
        } else {
            Err(Error::Door {
                status: answer.status,
                code: text_at(&answer.body, "/code"),
                detail: text_at(&answer.body, "/detail"),
            })
        }
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: Value,
        cookie: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let text = body.map(Value::to_string).unwrap_or_default();
        let cookies = cookie.into_iter().map(str::to_owned).collect();
        let id = self.stage.ports.ids.next("req");
        let event = http_event(method, path, query, &headers, text.as_bytes(), &id, cookies);
        let event = serde_json::from_str(&event.to_string()).map_err(Error::Event)?;
        let answer = Box::pin(self.stage.answer(self.edge, event)).await;
        let answer = serde_json::to_value(answer).map_err(Error::Event)?;
        let some = |pointer: &str| Some(text_at(&answer, pointer)).filter(|text| !text.is_empty());
        let cookie = some("/cookies/0").and_then(|cookie| Some(cookie.split(';').next()?.to_owned()));
        Ok(Answer {
            status: answer.get("statusCode").and_then(Value::as_i64).unwrap_or_default(),
            location: some("/headers/location"),
            cookie,
            body: serde_json::from_str(&text_at(&answer, "/body")).unwrap_or_default(),
        })
    }

    /// Returns whether a person connects this HR system by a login in the browser.
    pub fn logs_in(&self, hr: &Emulator) -> bool {
        let mut providers = self.stage.ports.providers.iter();
        let provider = providers.find(|provider| provider.kind() == hr.kind());
        provider.is_some_and(|provider| provider.description().offers(source::Method::OAuth))
    }

    /// Connects a tenant the way that a person does. Where the HR system has a login, the application asks for one, the
    /// person's browser goes to the HR system, says yes there, and comes back; the application learns which connection it was.
    /// Elsewhere the person pastes a credential. `choice` holds the members that a caller may choose: `config`, `target`.
    ///
    /// # Errors
    /// [`Error`] where a step is refused.
    pub async fn connect(&self, client: &Client, tenant: &str, hr: &Emulator, choice: &Value) -> Result<Value, Error> {
        let logs_in = self.logs_in(hr);
        let way = if logs_in {
            json!({ "return_url": RETURN_URL })
        } else {
            json!({ "credential": hr.credentials().first() })
        };
        let mut wanted = Map::new();
        for members in [json!({ "tenant": tenant }), hr.connection(), way, choice.clone()] {
            wanted.extend(members.as_object().cloned().unwrap_or_default());
        }
        let made = self.call("POST", "/v1/connections", Some(&wanted.into())).await?;
        if !logs_in {
            let connection = format!("/v1/connections/{}", text_at(&made, "/id"));
            return self.call("GET", &connection, None).await;
        }
        let start = path_of(&text_at(&made, "/authorize_url"));
        let departure = self.send("GET", &start, json!({}), None, None).await?;
        let cookie = departure.cookie.clone().unwrap_or_default();
        let back = sign_in(client, &hr.url(), &departure.to()?).await?;
        let arrival = self
            .send("GET", &path_of(&back), json!({}), Some(&cookie), None)
            .await?;
        let returned = Url::parse(&arrival.to()?).map_err(|_| lost())?;
        let activation = returned.query_pairs().find(|(name, _)| name == "activation");
        let activation = activation.map(|(_, value)| value.into_owned()).ok_or_else(lost)?;
        let body = json!({ "activation": activation });
        self.call("POST", "/v1/connect-sessions/activate", Some(&body)).await
    }
}

impl Answer {
    /// Returns the address to which a browser is sent.
    fn to(&self) -> Result<String, Error> {
        self.location.clone().ok_or_else(lost)
    }
}

/// Returns a text in a document, by its pointer; empty where there is none.
pub fn text_at(document: &Value, pointer: &str) -> String {
    let found = document.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

fn lost() -> Error {
    Error::Missing("the way of the login", "a browser was not sent on".to_owned())
}

/// Returns path and query of an address.
fn path_of(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| String::new(),
        |url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        },
    )
}

/// Reads the HR system's page and allows access, as a person does. Returns where the HR system sends the browser.
async fn sign_in(client: &Client, hr: &str, page: &str) -> Result<String, Error> {
    let session = client.open_session("browser", Pace::default());
    let base = BaseUrl::parse(hr, HostRule::Any).map_err(|_| lost())?;
    let asked = Url::parse(page).map_err(|_| lost())?;
    let pairs: Vec<(String, String)> = asked.query_pairs().into_owned().collect();
    let borrowed = || pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let show = Request::new(Method::Get, &base, asked.path(), PAGE).query(borrowed());
    let shown = session.send(&show).await?;
    if !shown.is_success() {
        return Err(lost());
    }
    decide(&session, &base, asked.path(), borrowed()).await
}

async fn decide<'a>(
    session: &Session,
    base: &BaseUrl,
    path: &str,
    asked: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<String, Error> {
    let chosen = [("decision", "allow"), ("sign_in_as", "Administrator"), ("company", "0")];
    let form = Request::new(Method::Post, base, path, PAGE)
        .form(asked.chain(chosen))
        .take_redirect();
    let answer = session.send(&form).await?;
    answer.header("location").map(str::to_owned).ok_or_else(lost)
}
