//! The real server: its process, and a target that writes to it.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use emulators::scim::EXTENSION;
use rollcall::{
    employee::Canonical,
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Session},
    runtime::outbound_settings,
    target::scim::{self, Access, Profile, ScimTarget},
    testing::{FixedClock, builder::at},
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The token that opens the server.
const TOKEN: &str = "strict-scim-token";

/// A running server; it stops when this value is dropped.
pub(crate) struct Server {
    process: Child,
    base: String,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _: std::io::Result<()> = self.process.kill();
        let _: std::io::Result<std::process::ExitStatus> = self.process.wait();
    }
}

/// Returns a session that sends to any server, as fast as the machine allows.
pub(crate) fn session() -> Session {
    let pace = Pace {
        per_second: 10_000,
        burst: 10_000,
        in_flight: 4,
    };
    Client::new(outbound_settings().unwrap())
        .unwrap()
        .open_session("scim", pace)
}

fn spawn(port: u16, more: &[String]) -> Child {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/scim/bin/scim2-server");
    Command::new(program)
        .args([
            "--hostname",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--bearer-token",
            TOKEN,
        ])
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("scim2-server is installed in tests/.tools/scim: tests/run does it")
}

/// Returns a document of the server, once it answers.
async fn document(base: &str, path: &'static str) -> Value {
    let base = BaseUrl::parse(base, HostRule::Any).unwrap();
    let request = Request::new(Method::Get, &base, path, path).bearer(&TOKEN.to_owned().into());
    let session = session();
    for _ in 0..1200 {
        if let Ok(answer) = session.send(&request).await {
            return serde_json::from_str(answer.text().unwrap()).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("scim2-server does not answer");
}

impl Server {
    /// Returns a server that knows an extension beside the RFC's schemas. The extension is added to what the server says of
    /// itself.
    pub(crate) async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let base = format!("http://127.0.0.1:{port}/v2");
        let mut plain = spawn(port, &[]);
        let schemas = document(&base, "/Schemas").await;
        let types = document(&base, "/ResourceTypes").await;
        plain.kill().unwrap();
        plain.wait().unwrap();
        let folder = TempDir::new().unwrap();
        let write = |name: &str, list: &Value| {
            let path = folder.path().join(name);
            std::fs::write(&path, list.to_string()).unwrap();
            path.to_string_lossy().into_owned()
        };
        let mut schemas = schemas["Resources"].clone();
        schemas.as_array_mut().unwrap().push(extension());
        let mut types = types["Resources"].clone();
        let user = types
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .find(|kind| kind["id"] == "User")
            .unwrap();
        user["schemaExtensions"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "schema": EXTENSION, "required": false }));
        let more = [
            "--schema".to_owned(),
            write("schemas.json", &schemas),
            "--resource-type".to_owned(),
            write("types.json", &types),
        ];
        let process = spawn(port, &more);
        let server = Self {
            process,
            base,
            _folder: folder,
        };
        document(&server.base, "/ServiceProviderConfig").await;
        server
    }

    /// The token that opens the server.
    pub(crate) const TOKEN: &str = TOKEN;

    /// Returns the base of the server's endpoints.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Returns all users that the server keeps, as it shows them, page by page.
    pub(crate) async fn users(&self) -> Vec<Value> {
        let base = BaseUrl::parse(&self.base, HostRule::Any).unwrap();
        let session = session();
        let mut users = Vec::new();
        loop {
            let from = (users.len() + 1).to_string();
            let request = Request::new(Method::Get, &base, "/Users", "/Users").bearer(&TOKEN.to_owned().into());
            let request = request.query([("startIndex", from.as_str()), ("count", "50")]);
            let answer = session.send(&request).await.unwrap();
            let page: Value = serde_json::from_str(answer.text().unwrap()).unwrap();
            match page["Resources"].as_array() {
                Some(more) if !more.is_empty() => users.extend(more.clone()),
                _ => return users,
            }
        }
    }

    /// Returns a target that writes to the server.
    pub(crate) fn target(&self) -> ScimTarget {
        target(&self.base, TOKEN, &Profile::GENERIC)
    }
}

/// Returns a target that writes to the server at `base`.
pub(crate) fn target(base: &str, token: &str, profile: &'static Profile) -> ScimTarget {
    let settings = scim::Settings {
        base: BaseUrl::parse(base, HostRule::Any).unwrap(),
        profile,
        extension: Some(EXTENSION.into()),
        access: Access::Bearer(token.to_owned().into()),
    };
    let clock = FixedClock::new(at("2026-03-01T12:00:00Z"));
    ScimTarget::new(session(), settings, Arc::new(clock))
}

/// Returns the schema of the extension: texts under Rollcall's names.
fn extension() -> Value {
    let text = |name: &str| {
        json!({
            "name": name, "type": "string", "multiValued": false, "required": false, "caseExact": false,
            "mutability": "readWrite", "returned": "default", "uniqueness": "none", "description": name,
        })
    };
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": EXTENSION, "name": "Acme", "description": "Acme",
        "attributes": Canonical::ALL.iter().map(|attribute| attribute.name()).chain(["t_shirt_size"]).map(text).collect::<Vec<_>>(),
    })
}
