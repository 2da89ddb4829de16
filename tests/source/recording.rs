//! Recorded exchanges: every folder in `recorded` is read through its connector, and comes to what the folder expects.
//!
//! A folder is added without code (`testing/recording` says what is in it). `UPDATE_RECORDINGS=1` records those of the emulators
//! anew, and writes what each folder comes to; the difference is then looked at in review.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, Uri, header::HOST},
};
use jiff::Timestamp;
use rollcall::{
    connection::{Credential, TokenSet},
    http::{Client, Settings as HttpSettings},
    source::{Access, Kind, Login, Opening, Provider, Renewal, Source},
    testing::{
        contract::source::{Emulated, Held, Outcome, company_of, now},
        recording::{About, Answer, Asked, Recording, find_expected, put_expected, summary},
    },
};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{
    suite::{Stand, provider_of, ways},
    support::at,
};

/// Where the folders are.
const FOLDERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/source/recorded");

/// Stands for the address of an emulator in what is recorded of it.
const ELSEWHERE: &str = "https://recorded.example";

/// Headers that belong to one connection or one moment, and not to what was answered.
const PASSING: [&str; 6] = [
    "authorization",
    "connection",
    "content-length",
    "date",
    "etag",
    "transfer-encoding",
];

/// Members that hold credentials.
const CREDENTIALS: [&str; 3] = ["client_id", "client_secret", "token"];

thread_local! {
    /// When the recording was made that is read at the moment.
    static RECORDED_AT: Cell<Timestamp> = Cell::new(now());
}

fn recorded_at() -> Timestamp {
    RECORDED_AT.get()
}

/// A server in place of an HR system.
pub(crate) struct Server {
    /// Where it is reached.
    pub(crate) url: String,
    serving: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Begins to answer.
    pub(crate) async fn start(routes: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, serving }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Returns what a request is looked up by.
pub(crate) fn asked(method: &Method, uri: &Uri, body: &[u8]) -> Asked {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Asked::new(method.as_str(), path, &without_credentials(body))
}

/// Returns a text in which nothing is left of the credentials that a JSON object holds, by itself or below `data`.
fn without_credentials(text: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(text) else {
        return text.to_vec();
    };
    let mut is_changed = false;
    for around in ["", "/data"] {
        for name in CREDENTIALS {
            let held = value.pointer_mut(&format!("{around}/{name}"));
            if let Some(held) = held.filter(|held| held.is_string()) {
                *held = "recorded".into();
                is_changed = true;
            }
        }
    }
    if is_changed {
        value.to_string().into_bytes()
    } else {
        text.to_vec()
    }
}

/// Returns an answer as it is sent.
pub(crate) fn respond(answer: &Answer) -> Response<Body> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body.clone())).unwrap()
}

/// Answers what was recorded, and refuses all else.
struct Player {
    recording: Recording,
    refused: Mutex<BTreeSet<String>>,
}

async fn play(State(player): State<Arc<Player>>, method: Method, uri: Uri, body: Bytes) -> Response<Body> {
    let asked = asked(&method, &uri, &body);
    if let Some(answer) = player.recording.find_answer(&asked) {
        return respond(answer);
    }
    player.refused.lock().unwrap().insert(asked.line().to_owned());
    respond(&Answer {
        status: 501,
        headers: Vec::new(),
        body: b"not recorded".to_vec(),
    })
}

/// Hands requests on to an emulator, and keeps what it answers.
struct Recorder {
    to: String,
    client: reqwest::Client,
    kept: Mutex<BTreeMap<Asked, Answer>>,
}

async fn record(
    State(recorder): State<Arc<Recorder>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    headers.remove(HOST);
    let request = recorder
        .client
        .request(method.clone(), format!("{}{path}", recorder.to));
    let answered = request.headers(headers).body(body.clone()).send().await.unwrap();
    let lasting = |name: &&str| !PASSING.contains(name);
    let headers = answered.headers().iter();
    let headers = headers.filter(|(name, _)| lasting(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let (status, headers) = (answered.status().as_u16(), headers.collect());
    let text = answered.text().await.unwrap();
    let answer = Answer {
        status,
        headers,
        body: without_credentials(text.replace(&recorder.to, ELSEWHERE).as_bytes()),
    };
    let response = respond(&answer);
    recorder
        .kept
        .lock()
        .unwrap()
        .insert(asked(&method, &uri, &body), answer);
    response
}

fn tokens() -> TokenSet {
    TokenSet {
        access_token: "recorded".to_owned().into(),
        refresh_token: None,
        expires_at: None,
        obtained_at: recorded_at(),
        scope: None,
    }
}

/// Returns a credential of the kind that was recorded with. What it holds is of no matter.
pub(crate) fn credential(kind: &str) -> Credential {
    let secret = || "recorded".to_owned().into();
    match kind {
        "api_key" => Credential::ApiKey { key: secret() },
        "oauth" => Credential::Tokens(tokens()),
        "client_credentials" => Credential::Granted {
            by: Box::new(Credential::Client {
                token_url: None,
                id: "recorded".to_owned(),
                secret: secret(),
                scope: None,
            }),
            tokens: tokens(),
        },
        "basic" => Credential::Basic {
            user: "recorded".to_owned(),
            password: secret(),
        },
        other => panic!("{other} is no kind of credential"),
    }
}

/// Opens an HR system that is reached at an address.
pub(crate) fn open(about: &About, url: &str, credential: Credential) -> Box<dyn Source> {
    RECORDED_AT.set(about.recorded_at);
    let http = Client::new(HttpSettings::new(recorded_at, 1)).unwrap();
    let kind = Kind::parse(about.provider.as_str()).unwrap();
    open_at(provider_of(kind, http).as_ref(), url, credential)
}

fn open_at(provider: &dyn Provider, url: &str, credential: Credential) -> Box<dyn Source> {
    let access: Arc<dyn Access> = Arc::new(Held(exchanged(provider, credential)));
    let opening = Opening {
        at: at(url),
        access,
        allowance: None,
        allowed: &BTreeSet::new(),
        company: None,
    };
    provider.open(opening).unwrap()
}

/// Returns what a credential is exchanged for, where the HR system takes it for tokens only.
fn exchanged(provider: &dyn Provider, credential: Credential) -> Credential {
    let is_first = matches!(credential, Credential::Basic { .. });
    let is_due = |login: &dyn Login| login.renewal(&credential, recorded_at()) == Renewal::Due;
    if !is_first || !provider.login().is_some_and(is_due) {
        return credential;
    }
    Credential::Granted {
        by: Box::new(credential),
        tokens: tokens(),
    }
}

/// Reads a folder. Returns what it comes to.
async fn read(folder: &Path) -> String {
    let player = Arc::new(Player {
        recording: Recording::load(folder),
        refused: Mutex::default(),
    });
    let routes = Router::new().fallback(play).with_state(Arc::clone(&player));
    let server = Server::start(routes).await;
    let about = &player.recording.about;
    let source = open(about, &server.url, credential(&about.credential));
    let read = Outcome::of(source.as_ref()).await;
    let refused = player.refused.lock().unwrap().clone();
    assert!(refused.is_empty(), "{}: not recorded: {refused:#?}", folder.display());
    assert!(read.error.is_none(), "{}: {:?}", folder.display(), read.error);
    summary(&read.roster)
}

/// Reads a small company of an emulator, and keeps every exchange.
async fn take(stand: &Stand, about: About) -> Recording {
    let recorder = Arc::new(Recorder {
        to: stand.url(),
        client: reqwest_client(),
        kept: Mutex::default(),
    });
    let routes = Router::new().fallback(record).with_state(Arc::clone(&recorder));
    let server = Server::start(routes).await;
    let source = open_at(stand.provider().as_ref(), &server.url, stand.credential());
    Outcome::of(source.as_ref()).await.assert_certified(None);
    let exchanges = recorder.kept.lock().unwrap().clone();
    Recording { about, exchanges }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a recorder hands on what it gets, and repeats nothing"
)]
fn reqwest_client() -> reqwest::Client {
    // Another test of the same program finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Returns all folders, in order.
pub(crate) fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDERS).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Records a company of twelve people from every emulator, in each way to be read.
async fn record_emulators() {
    for kind in Kind::ALL {
        for (way, own) in ways(*kind) {
            let about = About {
                provider: kind.id(),
                credential: own.method.as_str().to_owned(),
                recorded_at: now(),
                note: "An emulator's company. Everybody in it is invented.".to_owned(),
            };
            let recording = take(&Stand::of(own, 12).await, about).await;
            recording.save(&Path::new(FOLDERS).join(way.replace("::", "-").replace('_', "-")));
        }
    }
}

#[tokio::test]
async fn every_recorded_folder_comes_to_what_it_expects() {
    let updates = env::var_os("UPDATE_RECORDINGS").is_some();
    if updates {
        record_emulators().await;
    }
    for folder in folders() {
        let read = read(&folder).await;
        if updates {
            put_expected(&folder, &read);
        }
        let expected = find_expected(&folder);
        assert!(
            expected.as_deref() == Some(read.as_str()),
            "{}: what it comes to is not what it expects: run with UPDATE_RECORDINGS=1 and look at the difference\n{read}",
            folder.display()
        );
    }
}

#[test]
fn every_hr_system_has_a_recording() {
    let folders = folders();
    let recorded = folders.iter().map(|folder| Recording::load(folder).about.provider);
    let recorded: BTreeSet<String> = recorded.map(|provider| provider.as_str().to_owned()).collect();
    let kinds = Kind::ALL.iter().map(|kind| kind.as_str().to_owned());
    assert_eq!(recorded, kinds.collect());
}

#[tokio::test]
async fn what_is_not_recorded_is_refused_and_named() {
    let folder = folders().swap_remove(0);
    let mut recording = Recording::load(&folder);
    let (missing, _) = recording.exchanges.pop_last().unwrap();
    let player = Arc::new(Player {
        recording,
        refused: Mutex::default(),
    });
    let routes = Router::new().fallback(play).with_state(Arc::clone(&player));
    let server = Server::start(routes).await;
    let about = &player.recording.about;
    let source = open(about, &server.url, credential(&about.credential));
    let refused = match company_of(source.as_ref()).await {
        Err(error) => Some(error),
        Ok(_) => Outcome::of(source.as_ref()).await.error,
    };
    assert!(refused.is_some());
    assert!(player.refused.lock().unwrap().contains(missing.line()));
}
