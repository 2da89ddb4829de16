//! An emulator's controls under `/_emulator/`, called as any client calls them: over HTTP.

use rollcall::{
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Response, Session},
    source::Kind,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::Error;

/// Returns the emulator of an HR system.
pub const fn emulated(kind: Kind) -> emulators::Kind {
    match kind {
        Kind::Factorial => emulators::Kind::Factorial,
        Kind::BambooHr => emulators::Kind::BambooHr,
        Kind::Lucca => emulators::Kind::Lucca,
    }
}

/// One person of the truth: canonical attributes by name, texts or null.
pub type Person = Map<String, Value>;

/// What a day brought at HR, by employee id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Day {
    /// The date after the day has passed.
    pub today: String,
    /// People whose attributes changed.
    pub moved: Vec<String>,
    /// People who began.
    pub joined: Vec<String>,
    /// People whose last day has passed.
    pub left: Vec<String>,
}

#[derive(Deserialize)]
struct Listed<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Seen {
    fault: Option<String>,
}

/// The controls of a running emulator.
#[derive(Debug)]
pub struct Controls {
    session: Session,
    base: BaseUrl,
}

impl Controls {
    /// Returns the controls of the emulator at `url`.
    ///
    /// # Errors
    /// [`Error::ControlsRefused`] where the address is not valid.
    pub fn new(client: &Client, url: &str) -> Result<Self, Error> {
        let refused = |_| Error::ControlsRefused {
            what: "its address",
            status: 0,
        };
        Ok(Self {
            session: client.open_session("emulator-controls", Pace::default()),
            base: BaseUrl::parse(url, HostRule::Any).map_err(refused)?,
        })
    }

    /// Returns the truth: all people whom HR knows.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn list_people(&self) -> Result<Vec<Person>, Error> {
        let answer = self.send(Method::Get, "/_emulator/people", None).await?;
        read::<Listed<Person>>("people", &answer).map(|listed| listed.data)
    }

    /// Lets a day pass, a busy one or a quiet one. Returns what the day brought.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn pass_day(&self, churn: bool) -> Result<Day, Error> {
        let answer = self
            .send(Method::Post, "/_emulator/day", Some(json!({ "churn": churn })))
            .await?;
        read("day", &answer)
    }

    /// Arms a break mode.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn break_with(&self, mode: Value) -> Result<(), Error> {
        self.send(Method::Post, "/_emulator/break", Some(mode)).await.map(drop)
    }

    /// Ends all break modes.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn mend(&self) -> Result<(), Error> {
        self.send(Method::Delete, "/_emulator/break", None).await.map(drop)
    }

    /// Returns how many requests the HR system has seen, and how many of them a break mode struck.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn count_requests(&self) -> Result<(u64, u64), Error> {
        let answer = self.send(Method::Get, "/_emulator/requests", None).await?;
        let seen = read::<Listed<Seen>>("requests", &answer)?.data;
        let struck = seen.iter().filter(|request| request.fault.is_some()).count();
        Ok((seen.len() as u64, struck as u64))
    }

    async fn send(&self, method: Method, path: &'static str, body: Option<Value>) -> Result<Response, Error> {
        let mut request = Request::new(method, &self.base, path, path);
        if let Some(body) = body {
            request = request
                .json(&body)
                .map_err(|source| Error::ControlsForm { what: path, source })?;
        }
        let answer = self.session.send(&request).await?;
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(Error::ControlsRefused {
                what: path,
                status: answer.status(),
            })
        }
    }
}

fn read<T: DeserializeOwned>(what: &'static str, answer: &Response) -> Result<T, Error> {
    serde_json::from_slice(answer.body()).map_err(|source| Error::ControlsForm { what, source })
}
