//! Where the function takes region, credentials and endpoints from, each way with the binary itself: a server of ours plays
//! Lambda's Runtime API, a container's credentials, STS and DynamoDB, and looks at how the first request to the table is signed.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

/// A request of the HTTP API that asks for a key, so that the table is read.
const EVENT: &str = r#"{"version":"2.0","routeKey":"$default","rawPath":"/v1/providers","rawQueryString":"",
    "headers":{"authorization":"Bearer rck_a_b"},"requestContext":{"http":{"method":"GET"},"requestId":"req-1"},"isBase64Encoded":false}"#;

/// How long the slowest machine may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request that the server was sent: its path, and which key of which region signed it for which service.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    path: String,
    signed: String,
}

/// The function, and the server that it sees.
struct Scene {
    address: String,
    folder: PathBuf,
    seen: Receiver<Seen>,
}

impl Scene {
    /// A server on a free port, and an empty home.
    fn new(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(folder.join(".aws")).unwrap();
        let (sender, seen) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let sender = sender.clone();
                thread::spawn(move || serve(&stream.unwrap(), &sender));
            }
        });
        Self { address, folder, seen }
    }

    /// Writes a file of the home, and returns where it is.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, text.replace("SERVER", &self.address)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The function with nothing in its environment but what Lambda and the template say, and `variables`.
    fn begin(&self, variables: &[(&str, &str)]) -> Function {
        let mut command = Command::new(env!("CARGO_BIN_EXE_console"));
        command.env_clear().env("HOME", &self.folder);
        for (name, text) in [
            ("AWS_LAMBDA_RUNTIME_API", "SERVER"),
            ("AWS_LAMBDA_FUNCTION_NAME", "console"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("ROLLCALL_ACCOUNT", "000000000000"),
            ("ROLLCALL_TABLE", "rollcall"),
            ("ROLLCALL_STAGE", "test"),
            ("ROLLCALL_SECRETS", "rollcall"),
            (
                "ROLLCALL_DIFF_QUEUE",
                "https://sqs.eu-west-1.amazonaws.com/000000000000/diff",
            ),
            (
                "ROLLCALL_APPLY_QUEUE",
                "https://sqs.eu-west-1.amazonaws.com/000000000000/apply",
            ),
            ("ROLLCALL_PUBLIC_URL", "https://hr.example.test"),
            ("ROLLCALL_DAILY_AT", "4:0"),
            ("ROLLCALL_LEASE", "360"),
            ("ROLLCALL_DAILY_TIME_ZONE", "UTC"),
        ]
        .iter()
        .chain(variables)
        {
            command.env(name, text.replace("SERVER", &self.address));
        }
        let silent = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        Function(silent.spawn().unwrap())
    }

    /// What the server was asked until the table was read, that included.
    fn until_the_table_is_read(&self, variables: &[(&str, &str)]) -> Vec<Seen> {
        let _function = self.begin(variables);
        let mut found = Vec::new();
        loop {
            let seen = self.seen.recv_timeout(PATIENCE).unwrap();
            let is_last = seen.signed.ends_with("/dynamodb");
            found.push(seen);
            if is_last {
                return found;
            }
        }
    }
}

/// A function that ends with its test.
struct Function(Child);

impl Drop for Function {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Answers the requests of one connection.
fn serve(stream: &TcpStream, sender: &Sender<Seen>) {
    let mut reader = BufReader::new(stream);
    let mut has_begun = false;
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let header = |name: &str| {
            let mut headers = head.iter().filter_map(|line| line.split_once(": "));
            headers
                .find(|(found, _)| found.eq_ignore_ascii_case(name))
                .map(|(_, text)| text.to_owned())
        };
        let length = header("content-length").map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let path = head[0].split(' ').nth(1).unwrap().trim_end_matches('/').to_owned();
        let is_asking = path.ends_with("/invocation/next");
        if is_asking && has_begun {
            // No more work comes: the function waits for its answer.
            thread::park();
            return;
        }
        has_begun |= is_asking;
        let (more, answer) = answer(&path, &String::from_utf8(body).unwrap());
        if !path.starts_with("/2018-06-01/") {
            let signed = header("authorization").unwrap_or_default();
            let signed = signed.split_once("Credential=").map_or("", |(_, rest)| rest);
            let parts: Vec<&str> = signed.split(['/', ',']).collect();
            let signed = if parts.len() > 3 {
                format!("{}/{}/{}", parts[0], parts[2], parts[3])
            } else {
                String::new()
            };
            sender.send(Seen { path, signed }).ok();
        }
        let length = answer.len();
        let written = write!(
            reader.get_mut(),
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{more}\r\n{answer}"
        );
        if written.is_err() {
            return;
        }
    }
}

/// More headers, and the body.
fn answer(path: &str, body: &str) -> (&'static str, String) {
    let work = "lambda-runtime-aws-request-id: 1\r\nlambda-runtime-deadline-ms: 4102444800000\r\n\
                lambda-runtime-invoked-function-arn: arn\r\ncontent-type: application/json\r\n";
    let keys = |id: &str| {
        format!(r#"{{"AccessKeyId":"{id}","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}}"#)
    };
    let assumed = |action: &str| {
        format!(
            "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
             <AccessKeyId>ASIA-{action}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
        )
    };
    match path {
        _ if path.ends_with("/invocation/next") => (work, EVENT.to_owned()),
        "/container" => ("content-type: application/json\r\n", keys("ASIA-container")),
        "/sts" if body.contains("Action=AssumeRoleWithWebIdentity&") => ("", assumed("AssumeRoleWithWebIdentity")),
        "/sts" => ("", assumed("AssumeRole")),
        _ => ("content-type: application/x-amz-json-1.0\r\n", "{}".to_owned()),
    }
}

fn seen(path: &str, signed: &str) -> Seen {
    Seen {
        path: path.to_owned(),
        signed: signed.to_owned(),
    }
}

#[test]
fn credentials_in_the_environment_as_in_a_lambda_cost_neither_a_file_nor_a_request() {
    let scene = Scene::new("environment");
    // A process that opened one of these pipes would wait for a writer.
    for name in ["config", "credentials"] {
        let path = scene.folder.join(".aws").join(name);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    let found = scene.until_the_table_is_read(&[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "ASIA-environment"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_SESSION_TOKEN", "t"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://SERVER/container"),
        ("AWS_ENDPOINT_URL", "http://SERVER/all"),
    ]);
    assert_eq!(found, [seen("/all", "ASIA-environment/eu-west-1/dynamodb")]);
}

#[test]
fn the_endpoint_of_one_service_goes_before_that_of_all() {
    let scene = Scene::new("endpoint");
    let found = scene.until_the_table_is_read(&[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "ASIA-environment"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_ENDPOINT_URL", "http://SERVER/all"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://SERVER/table"),
    ]);
    assert_eq!(found, [seen("/table", "ASIA-environment/eu-west-1/dynamodb")]);
}

#[test]
fn a_profile_says_region_credentials_and_endpoint() {
    let scene = Scene::new("profile");
    let config = "[profile work]\nregion = eu-south-2\nendpoint_url = http://SERVER/profile\n";
    let config = scene.write("config", config);
    let keys = "[work]\naws_access_key_id = AKIA-profile\naws_secret_access_key = s\n";
    let keys = scene.write("credentials", keys);
    let found = scene.until_the_table_is_read(&[
        ("AWS_PROFILE", "work"),
        ("AWS_CONFIG_FILE", &config),
        ("AWS_SHARED_CREDENTIALS_FILE", &keys),
    ]);
    assert_eq!(found, [seen("/profile", "AKIA-profile/eu-south-2/dynamodb")]);
}

#[test]
fn a_profile_s_role_is_assumed_with_the_keys_of_another() {
    let scene = Scene::new("role");
    let config = "[profile work]\nrole_arn = arn:aws:iam::000000000000:role/work\nsource_profile = keys\nregion = eu-west-1\n\
                  [profile keys]\naws_access_key_id = AKIA-keys\naws_secret_access_key = s\n";
    let config = scene.write("config", config);
    let found = scene.until_the_table_is_read(&[
        ("AWS_PROFILE", "work"),
        ("AWS_CONFIG_FILE", &config),
        ("AWS_ENDPOINT_URL_STS", "http://SERVER/sts"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://SERVER/table"),
    ]);
    let expected = [
        seen("/sts", "AKIA-keys/eu-west-1/sts"),
        seen("/table", "ASIA-AssumeRole/eu-west-1/dynamodb"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_web_identity_is_exchanged_for_credentials() {
    let scene = Scene::new("identity");
    let token = scene.write("token", "a.b.c");
    let found = scene.until_the_table_is_read(&[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", &token),
        ("AWS_ROLE_ARN", "arn:aws:iam::000000000000:role/work"),
        ("AWS_ENDPOINT_URL_STS", "http://SERVER/sts"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://SERVER/table"),
    ]);
    let expected = [
        seen("/sts", ""),
        seen("/table", "ASIA-AssumeRoleWithWebIdentity/eu-west-1/dynamodb"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_container_s_credentials_are_asked_for_once() {
    let scene = Scene::new("container");
    let found = scene.until_the_table_is_read(&[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://SERVER/container"),
        ("AWS_ENDPOINT_URL", "http://SERVER/all"),
    ]);
    let expected = [
        seen("/container", ""),
        seen("/all", "ASIA-container/eu-west-1/dynamodb"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_variable_that_cannot_be_meant_ends_the_function_before_its_first_event_and_is_named() {
    let good = [("AWS_ACCESS_KEY_ID", "ASIA1"), ("AWS_SECRET_ACCESS_KEY", "s")];
    for (bad, name) in [
        (vec![("AWS_REGION", "eu west 1")], "AWS_REGION"),
        (vec![], "AWS_REGION"),
        (
            vec![("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "localhost")],
            "AWS_ENDPOINT_URL",
        ),
    ] {
        let scene = Scene::new("bad");
        let mut function = scene.begin(&[bad.as_slice(), &good].concat());
        let mut said = String::new();
        function.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(!function.0.wait().unwrap().success());
        assert!(said.contains(&format!("`{name}` is missing or wrong")), "{said}");
    }
}
