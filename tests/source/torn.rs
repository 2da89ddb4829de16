//! Every decoder of answers against answers that are torn: recorded exchanges are read once more while one answer is cut, has bytes
//! changed, or has an odd value in the place of one of its own.
//!
//! Whatever an HR system sends, a read comes to an end, nothing panics, and an answer that is no JSON document any more is never taken for
//! a whole one. A failure names what was torn, as small as it could be made.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{Response, Uri},
};
use proptest::{prelude::*, sample::Index};
use rollcall::{
    connector::grant::{self, Grant, Manner},
    http::{BaseUrl, Client, HostRule, Method, Request, Settings as HttpSettings},
    testing::{
        contract::source::{Outcome, company_of, now},
        recording::{Answer, Asked, Recording},
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::IgnoredAny;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    recording::{Server, asked, credential, folders, open, respond},
    support::PACE,
};

/// How many answers are torn: about a minute's work.
const CASES: u32 = 2_400;

/// A read that takes longer does not come to an end.
const END: Duration = Duration::from_mins(2);

/// Stands in a document for a text that no document of `serde_json` can hold.
const MARK: &str = "\"put what is odd here\"";

/// What stands in the place of a value.
const ODD: &[&str] = &[
    "null",
    "true",
    "-1",
    "0.5",
    "1e400",
    "123456789012345678901234567890",
    "\"\"",
    "\"Eva \\ud83d\"",
    "\"\\u0000\"",
    "\"2026-02-30\"",
    "\"9999-12-31T23:59:60Z\"",
    "[]",
    "{}",
    "[null]",
    "[[[[[[[[]]]]]]]]",
    "{\"\":{\"\":null}}",
];

/// A way to tear an answer.
#[derive(Clone, Debug)]
enum Tear {
    /// It ends here.
    Cut(Index),
    /// A byte is another one.
    Byte(Index, u8),
    /// Bytes are gone.
    Gone(Index, usize),
    /// Bytes come twice.
    Twice(Index, usize),
    /// A value is an odd one.
    Odd(Index, &'static str),
    /// A member or a row is gone.
    Without(Index),
    /// Lists lie in each other until a reader would run out of its stack.
    Deep(Index),
}

fn tear() -> impl Strategy<Value = Tear> {
    prop_oneof![
        2 => any::<Index>().prop_map(Tear::Cut),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Tear::Byte(at, byte)),
        1 => (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Tear::Gone(at, length)),
        1 => (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Tear::Twice(at, length)),
        8 => (any::<Index>(), proptest::sample::select(ODD)).prop_map(|(at, odd)| Tear::Odd(at, odd)),
        3 => any::<Index>().prop_map(Tear::Without),
        1 => any::<Index>().prop_map(Tear::Deep),
    ]
}

impl Tear {
    fn apply(&self, body: &[u8]) -> Vec<u8> {
        let mut torn = body.to_vec();
        let (at, length) = match self {
            Self::Odd(at, odd) => return with_odd(body, *at, odd),
            Self::Without(at) => return without(body, *at),
            Self::Deep(at) => return with_odd(body, *at, &"[".repeat(50_000)),
            Self::Cut(at) => (at, 0),
            Self::Byte(at, _) => (at, 1),
            Self::Gone(at, length) | Self::Twice(at, length) => (at, *length),
        };
        let from = at.index(torn.len());
        let until = torn.len().min(from + length);
        match self {
            Self::Byte(_, byte) => torn[from] = *byte,
            Self::Gone(..) => drop(torn.drain(from..until)),
            Self::Twice(..) => {
                let again = torn[from..until].to_vec();
                drop(torn.splice(from..from, again));
            }
            Self::Cut(_) | Self::Odd(..) | Self::Without(_) | Self::Deep(_) => torn.truncate(from),
        }
        torn
    }
}

/// Returns the addresses of all values of a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(rows) => {
            for (number, row) in rows.iter().enumerate() {
                places(row, &format!("{at}/{number}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns a document and the address of one of its values; nothing where the answer is none.
fn find(body: &[u8], at: Index) -> Option<(Value, String)> {
    let document: Value = serde_json::from_slice(body).ok()?;
    let mut found = Vec::new();
    places(&document, "", &mut found);
    let place = at.get(&found).clone();
    Some((document, place))
}

fn with_odd(body: &[u8], at: Index, odd: &str) -> Vec<u8> {
    let Some((mut document, place)) = find(body, at) else {
        return odd.as_bytes().to_vec();
    };
    *document.pointer_mut(&place).unwrap() = Value::from(MARK.trim_matches('"'));
    document.to_string().replace(MARK, odd).into_bytes()
}

fn without(body: &[u8], at: Index) -> Vec<u8> {
    let Some((mut document, place)) = find(body, at) else {
        return Vec::new();
    };
    let Some((around, name)) = place.rsplit_once('/') else {
        return Vec::new();
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(around).unwrap() {
        Value::Array(rows) => drop(rows.remove(name.parse().unwrap())),
        Value::Object(members) => drop(members.remove(&name).unwrap()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            unreachable!("values lie in lists and objects")
        }
    }
    document.to_string().into_bytes()
}

/// Answers what was recorded, but for one answer, which is torn.
struct Player {
    recording: Recording,
    torn: Option<(Asked, Answer)>,
    was_asked: AtomicBool,
}

async fn play(State(player): State<Arc<Player>>, method: axum::http::Method, uri: Uri, body: Bytes) -> Response<Body> {
    let asked = asked(&method, &uri, &body);
    if let Some((place, answer)) = &player.torn
        && *place == asked
    {
        player.was_asked.store(true, Ordering::Relaxed);
        return respond(answer);
    }
    let unknown = Answer {
        status: 404,
        headers: Vec::new(),
        body: b"{}".to_vec(),
    };
    respond(player.recording.find_answer(&asked).unwrap_or(&unknown))
}

/// Reads a folder with one answer torn. Returns what it comes to, where its company could be read, and whether the answer was asked for.
async fn read(recording: Recording, torn: Option<(Asked, Answer)>) -> (Option<Outcome>, bool) {
    let player = Arc::new(Player {
        recording,
        torn,
        was_asked: AtomicBool::new(false),
    });
    let routes = Router::new().fallback(play).with_state(Arc::clone(&player));
    let server = Server::start(routes).await;
    let about = &player.recording.about;
    let source = open(about, &server.url, credential(&about.credential));
    let reading = async {
        if company_of(source.as_ref()).await.is_err() {
            return None;
        }
        Some(Outcome::of(source.as_ref()).await)
    };
    let outcome = timeout(END, reading).await.expect("a read comes to an end");
    (outcome, player.was_asked.load(Ordering::Relaxed))
}

/// Tears one answer of a folder, reads it, and holds what a read of it may come to.
async fn hold(folder: PathBuf, place: Index, tears: Vec<Tear>) {
    let recording = Recording::load(&folder);
    // What stands in a refusal is never read.
    let exchanges = recording.exchanges.iter();
    let exchanges: Vec<_> = exchanges.filter(|(_, answer)| answer.status < 300).collect();
    let (asked, answer) = *place.get(&exchanges);
    let mut torn = answer.clone();
    for tear in &tears {
        if !torn.body.is_empty() {
            torn.body = tear.apply(&torn.body);
        }
    }
    // A reader may take half a letter and a number beyond all bounds for odd values, and goes on behind them.
    let is_document = |body: &[u8]| serde_json::from_str::<IgnoredAny>(&String::from_utf8_lossy(body)).is_ok();
    let is_torn_apart = is_document(&answer.body) && !is_document(&torn.body);
    let (whole, _) = read(recording.clone(), None).await;
    let whole = whole.unwrap();
    let (outcome, was_asked) = read(recording.clone(), Some((asked.clone(), torn))).await;
    let Some(outcome) = outcome else { return };
    let is_whole = outcome.error.is_none() && outcome.judge(Some(&whole)).certificate().is_some();
    assert!(
        !(was_asked && is_torn_apart && is_whole),
        "{}: {} was taken for a whole answer",
        folder.display(),
        asked.line()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r06_a_torn_answer_of_any_hr_system_ends_the_read_or_costs_a_value_and_nothing_else(
        folder in proptest::sample::select(folders()),
        place in any::<Index>(),
        tears in proptest::collection::vec(tear(), 1..3),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hold(folder, place, tears));
    }

    #[test]
    fn r40_a_torn_answer_with_tokens_ends_no_connection_and_gives_no_tokens_that_are_none(
        tears in proptest::collection::vec(tear(), 1..3),
    ) {
        let mut body = TOKENS.as_bytes().to_vec();
        for tear in &tears {
            if !body.is_empty() {
                body = tear.apply(&body);
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hold_tokens(body));
    }
}

/// What a token endpoint answers, whole (RFC 6749, section 5.1).
const TOKENS: &str = r#"{"access_token":"new access","token_type":"Bearer","expires_in":3600,"refresh_token":"new refresh","scope":"read write"}"#;

/// Renews tokens at an endpoint that answers with this body, and holds what that may come to.
async fn hold_tokens(body: Vec<u8>) {
    let is_document = serde_json::from_str::<IgnoredAny>(&String::from_utf8_lossy(&body)).is_ok();
    let answer = Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
    };
    let routes = Router::new().fallback(async move || respond(&answer));
    let server = Server::start(routes).await;
    let mut settings = HttpSettings::new(now, 1);
    settings.retry.base = Duration::from_millis(1);
    let session = Client::new(settings).unwrap().open_session("torn", PACE);
    let base = BaseUrl::parse(&server.url, HostRule::Any).unwrap();
    let request = Request::new(Method::Post, &base, "/token", "/token");
    let (secret, old) = (
        SecretString::from("secret".to_owned()),
        SecretString::from("old".to_owned()),
    );
    let client = grant::Client {
        id: "client",
        secret: &secret,
    };
    let manner = Manner::default();
    let asking = grant::ask(&session, &request, client, &manner, Grant::Refresh(&old), now());
    match timeout(END, asking).await.expect("asking for tokens comes to an end") {
        Ok(tokens) => {
            assert!(is_document, "what is no document holds no tokens");
            let access_token = tokens.access_token.expose_secret();
            assert!(!access_token.is_empty() && !access_token.contains(char::is_control));
            // Where the server shows no other one, the refresh token that was used goes on.
            assert!(tokens.refresh_token.is_some());
        }
        // The endpoint refused nothing: a person who has to connect again would do so for nothing.
        Err(error) => assert!(!matches!(error, grant::Error::Refused { .. }), "{error}"),
    }
}
