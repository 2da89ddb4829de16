//! The strict server, a stage that knows it, and a person with a browser.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use emulators::factorial as emulated;
use local::stage::{Stage, StageOptions};
use rollcall::{
    connection::{Connection, ConnectionId, Preset, TargetChoice, TenantId},
    http::{BaseUrl, Client, HostRule, Method, Pace, Request},
    run::{Actor, Arrival, Callback, LoginError, NewConnection, begin_login, finish_login, open_login, request_diff},
    runtime::{Applications, outbound_client},
    source::Kind,
    store::RunRecord,
};
use serde_json::{Value, json};

/// The address to which the browser comes back. No server listens there: the tests hand over what the browser brings.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:9/oauth/callback";

/// The server's process; it stops when this value is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _: std::io::Result<()> = self.0.kill();
        let _: std::io::Result<std::process::ExitStatus> = self.0.wait();
    }
}

/// A stage whose HR system stands behind the strict server.
pub(crate) struct Strict {
    pub(crate) stage: Stage,
    pub(crate) url: String,
    pub(crate) client: (String, String),
    /// The secret of the program that logs in for itself.
    pub(crate) program_secret: String,
    http: Client,
    jar: tempfile::NamedTempFile,
    emulator: emulated::Running,
    _server: Server,
}

impl Strict {
    pub(crate) async fn start() -> Self {
        let emulator = emulated::start(emulated::Options {
            employees: 120,
            ..emulated::Options::default()
        });
        let emulator = emulator.await.unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oauth");
        let settings = json!({
            "upstream": emulator.url(), "upstream_key": emulator.api_key(), "redirect_uri": CALLBACK,
        });
        let mut server = Command::new("node")
            .args(["server.mjs", &settings.to_string()])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Server)
            .expect("Node 20 or later is needed");
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value =
            serde_json::from_str(&line).expect("the strict server starts: `npm ci` in tests/oauth (tests/run does it)");
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let client = (text("client_id"), text("client_secret"));
        let stage = Stage::start(StageOptions {
            applications: Applications::given(&json!({
                "factorial": { "client_id": client.0, "client_secret": client.1, "tokens": "user" },
            })),
            ..StageOptions::default()
        });
        Self {
            stage: stage.await.unwrap(),
            url: text("url"),
            client,
            program_secret: text("program_secret"),
            http: outbound_client().unwrap(),
            jar: tempfile::NamedTempFile::new().unwrap(),
            emulator,
            _server: server,
        }
    }

    pub(crate) async fn stop(self) {
        self.emulator.stop().await;
    }

    /// Gives the server an order, and returns what it has counted.
    pub(crate) async fn order(&self, order: Value) -> Value {
        let base = BaseUrl::parse(&self.url, HostRule::Any).unwrap();
        let session = self.http.open_session("orders", Pace::default());
        let request = Request::new(Method::Post, &base, "/_test", "/_test")
            .json(&order)
            .unwrap();
        let answer = session.send(&request).await.unwrap();
        serde_json::from_slice(answer.body()).unwrap()
    }

    /// Returns how many refreshes succeeded, and how many token requests were refused.
    pub(crate) async fn counts(&self) -> (u64, u64) {
        let counts = self.order(json!({})).await;
        (
            counts["refresh_token"].as_u64().unwrap(),
            counts["refused"].as_u64().unwrap(),
        )
    }

    fn new_connection(&self) -> NewConnection<()> {
        let mut configuration = Preset::Users.configuration();
        configuration.version = 1;
        NewConnection {
            tenant: TenantId::parse("acme").unwrap(),
            provider: Kind::Factorial.id(),
            base_url: Some(self.url.clone()),
            site: None,
            credential: (),
            target: TargetChoice::Directory,
            target_credential: None,
            configuration,
            authorised_by: None,
        }
    }

    /// Opens a login and walks the browser through it. Returns what the browser brought back, with its cookie.
    pub(crate) async fn walk(&self, decision: &str) -> Brought {
        let made = open_login(
            &self.stage.ports,
            &Actor::named("somebody"),
            self.new_connection(),
            None,
        )
        .await
        .unwrap();
        self.walk_from(made.token.expose(), made.connection.id, decision).await
    }

    /// Walks the browser through a login that was started already. Returns what the browser brought back.
    pub(crate) async fn walk_from(&self, token: &str, connection: ConnectionId, decision: &str) -> Brought {
        let departure = begin_login(&self.stage.ports, token, None, CALLBACK).await.unwrap();
        let page = self.browse(&departure.url, None);
        let resumed = self.browse(&page, Some(decision));
        let back = self.browse(&resumed, None);
        assert!(back.starts_with(CALLBACK), "the server sends the browser back: {back}");
        Brought {
            connection,
            cookie: departure.cookie.unwrap().expose().to_owned(),
            members: url::Url::parse(&back).unwrap().query_pairs().into_owned().collect(),
        }
    }

    /// Opens a page, or posts a decision to it. Returns where the browser is sent.
    fn browse(&self, url: &str, decision: Option<&str>) -> String {
        let jar = self.jar.path().to_str().unwrap();
        let mut command = Command::new("curl");
        command.args(["-sS", "-c", jar, "-b", jar, "-o", "/dev/null", "-w", "%{redirect_url}"]);
        if let Some(decision) = decision {
            command.args(["-d", &format!("decision={decision}")]);
        }
        let output = command.arg(url).output().expect("curl is needed");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Ends a login with what the browser brought. Returns where the browser arrives.
    pub(crate) async fn finish(&self, brought: &Brought) -> Result<Arrival, LoginError> {
        finish_login(
            &self.stage.ports,
            &Actor::named("somebody"),
            &brought.callback(),
            CALLBACK,
        )
        .await
    }

    /// Returns a connection that was connected by a login, with its first sync carried out.
    pub(crate) async fn connected(&self) -> ConnectionId {
        let brought = self.walk("allow").await;
        let login = self.finish(&brought).await.unwrap().outcome.unwrap();
        let first = self.stage.finish(&login.run.unwrap()).await.unwrap();
        assert!(first.errors.is_empty(), "{:?}", first.errors);
        login.connection.id
    }

    /// Reads HR once. Returns the run.
    pub(crate) async fn night(&self, connection: &ConnectionId) -> RunRecord {
        let run = request_diff(&self.stage.ports, connection).await.unwrap();
        self.stage.finish(&run).await.unwrap()
    }

    pub(crate) async fn connection(&self, id: &ConnectionId) -> Connection {
        let store = &self.stage.ports.store;
        store.find_connection(id).await.unwrap().unwrap().record
    }
}

/// What a browser brings back from the HR system.
pub(crate) struct Brought {
    pub(crate) connection: ConnectionId,
    pub(crate) cookie: String,
    pub(crate) members: Vec<(String, String)>,
}

impl Brought {
    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        let found = self.members.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn callback(&self) -> Callback<'_> {
        Callback {
            cookie: Some(&self.cookie),
            state: self.member("state"),
            code: self.member("code"),
            issuer: self.member("iss"),
        }
    }
}
