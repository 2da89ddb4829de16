//! The program `rollcall` as a stranger runs it: what it prints, and the code it ends with.

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Read},
        path::Path,
        process::{Child, ChildStdout, Command, Stdio},
    };

    use local::emulator::Controls;
    use rollcall::{
        http::{BaseUrl, HostRule, Method, Pace, Request},
        runtime::outbound_client,
        source::Kind,
    };
    use serde_json::Value;

    fn rollcall(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Returns what a command said on standard output and standard error, and its code.
    fn run(arguments: &[&str]) -> (String, String, Option<i32>) {
        let output = rollcall(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code())
    }

    /// A running program that serves until it is interrupted, killed where a test ends without stopping it.
    struct Serving {
        child: Child,
        out: BufReader<ChildStdout>,
        introduction: String,
    }

    impl Serving {
        /// Starts an emulator and reads until it says that it is ready.
        fn emulate(arguments: &[&str]) -> Self {
            Self::start(&[&["emulate"], arguments].concat())
        }

        /// Starts it and reads until it says that it is ready.
        fn start(arguments: &[&str]) -> Self {
            let mut child = rollcall(arguments).stdout(Stdio::piped()).spawn().unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut introduction = String::new();
            while !introduction.contains("Ctrl-C") {
                assert!(
                    out.read_line(&mut introduction).unwrap() > 0,
                    "it ended: {introduction}"
                );
            }
            Self {
                child,
                out,
                introduction,
            }
        }

        /// Returns the word after a label of the introduction.
        fn said(&self, label: &str) -> &str {
            let (_, rest) = self.introduction.split_once(label).unwrap();
            let word = rest.split_whitespace().next().unwrap();
            word.trim_end_matches(':')
        }

        /// Interrupts it as a person does, and sees that it ends well.
        fn interrupt(mut self) {
            let id = self.child.id().to_string();
            assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
            let mut rest = String::new();
            self.out.read_to_string(&mut rest).unwrap();
            assert!(self.child.wait().unwrap().success());
        }
    }

    impl Drop for Serving {
        fn drop(&mut self) {
            // Where it has ended already, there is nothing to kill.
            let _: std::io::Result<()> = self.child.kill();
        }
    }

    #[test]
    fn a_demo_whose_claims_hold_ends_with_success_and_json_on_its_last_line() {
        let (out, error, code) = run(&["demo", "--employees", "12", "--seed", "3", "--json"]);
        assert_eq!((code, error.as_str()), (Some(0), ""));
        let report: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        assert_eq!(report["days"].as_array().unwrap().len(), 5);
        assert_eq!(report["days"][0]["joiners"], 12);
        assert_eq!(out.lines().count(), 1, "it was to say nothing else");
    }

    #[test]
    fn a_demo_without_a_word_more_explains_itself() {
        let (out, error, code) = run(&["--employees", "12"]);
        assert_eq!((code, error.as_str()), (Some(0), ""));
        let parts = ["Day 1", "Day 5", "What was proven", "What to try next"];
        assert!(parts.iter().all(|part| out.contains(part)), "{out}");
        assert!(!out.contains("FAILED") && !out.contains('\u{1b}'), "{out}");
    }

    #[test]
    fn what_cannot_be_done_is_said_with_what_was_expected() {
        for (arguments, expected) in [
            (&["demo", "--employees", "5"][..], "5 is not in 10..=10000"),
            (
                &["emulate", "factorial", "--break", "explode"],
                "expected one of status, empty,",
            ),
            (
                &["emulate", "factorial", "--break", "vanish"],
                "a number above 0 and at most 1",
            ),
            (
                &["emulate", "scim", "--habit", "pages=sideways"],
                "expected one of `by_index`, `by_cursor`",
            ),
            (
                &["emulate", "workday"],
                "[possible values: factorial, bamboohr, lucca, humaans, hibob, personio, payfit, staffology, merge]",
            ),
            (
                &["serve", "--provider", "workday"],
                "[possible values: factorial, bamboohr, lucca, humaans, hibob, personio, payfit, staffology, merge]",
            ),
            (&["emulate", "lucca", "--provider", "lucca"], "cannot be used with"),
        ] {
            let (out, error, code) = run(arguments);
            assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
            assert!(error.contains(expected), "{arguments:?}: {error}");
        }
        let (_, error, code) = run(&["emulate", "factorial", "--employees", "0"]);
        assert_eq!(code, Some(1));
        assert!(
            error.contains("employees: expected a number from 1 to 2000000"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn an_emulator_says_what_to_try_and_shows_its_faults_until_it_is_interrupted() {
        let emulator = Serving::emulate(&["factorial", "--employees", "12", "--break", "empty", "slow:ms=1"]);
        for part in ["/_emulator/day", "/_emulator/break", "/oauth/authorize", "README.md"] {
            assert!(emulator.introduction.contains(part), "{part}");
        }
        let url = emulator.said("Factorial at ").to_owned();
        let client = outbound_client().unwrap();
        let people = Controls::new(&client, &url).unwrap().list_people().await.unwrap();
        assert!(people.len() > 12);
        let base = BaseUrl::parse(&url, HostRule::Any).unwrap();
        let path = "/api/2026-10-01/resources/employees/employees";
        let request = Request::new(Method::Get, &base, path, path);
        let request = request.header("x-api-key", emulator.said("API key").to_owned());
        let session = client.open_session("test", Pace::default());
        let answer: Value = serde_json::from_slice(session.send(&request).await.unwrap().body()).unwrap();
        assert_eq!(
            (&answer["meta"]["total"], &answer["data"]),
            (&0.into(), &Value::Array(Vec::new()))
        );

        let port = url.rsplit(':').next().unwrap();
        let (_, error, code) = run(&["emulate", "factorial", "--port", port]);
        assert_eq!(code, Some(1));
        assert!(
            error.contains(&format!("port {port} of 127.0.0.1 cannot be bound")),
            "{error}"
        );

        emulator.interrupt();
    }

    #[tokio::test]
    async fn every_hr_system_is_emulated_by_its_word_and_says_its_address_and_credential() {
        for kind in Kind::ALL {
            let emulator = Serving::emulate(&["--provider", kind.as_str(), "--employees", "12"]);
            // Personio has no keys.
            let label = if *kind == Kind::Personio {
                "client secret"
            } else {
                "API key"
            };
            assert!(emulator.said(label).len() > 20, "{}", emulator.introduction);
            let controls = Controls::new(&outbound_client().unwrap(), emulator.said(" at ")).unwrap();
            assert!(controls.list_people().await.unwrap().len() > 12, "{kind}");
            emulator.interrupt();
        }
    }

    #[tokio::test]
    async fn an_emulated_scim_server_has_the_habits_it_was_started_with() {
        let emulator = Serving::emulate(&["scim", "--habit", "discovery=absent", "page_cap=7"]);
        let base = BaseUrl::parse(emulator.said("SCIM service at "), HostRule::Any).unwrap();
        let session = outbound_client().unwrap().open_session("test", Pace::default());
        let token = emulator.said("bearer token").to_owned().into();
        let status = async |path: &'static str| {
            let request = Request::new(Method::Get, &base, path, path).bearer(&token);
            session.send(&request).await.unwrap().status()
        };
        assert_eq!((status("/Users").await, status("/Schemas").await), (200, 404));
        emulator.interrupt();
    }

    #[tokio::test]
    async fn a_stage_is_served_for_the_hr_system_that_was_named() {
        for kind in Kind::ALL {
            let ready = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ready-{kind}"));
            let mut arguments = vec!["serve", "--provider", kind.as_str(), "--employees", "12", "--port", "0"];
            arguments.extend(["--ready-file", ready.to_str().unwrap()]);
            let serving = Serving::start(&arguments);
            let ready: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
            let emulators = ready["emulators"].as_object().unwrap();
            assert_eq!(emulators.keys().collect::<Vec<_>>(), [kind.as_str()]);
            let hr = &emulators[kind.as_str()];
            assert_eq!(hr["connection"]["provider"], kind.as_str());

            let mut body = hr["connection"].clone();
            body["tenant"] = "acme".into();
            body["credential"] = hr["credential"].clone();
            let base = BaseUrl::parse(ready["url"].as_str().unwrap(), HostRule::Any).unwrap();
            let session = outbound_client().unwrap().open_session("test", Pace::default());
            let key = ready["api_key"].as_str().unwrap().to_owned().into();
            let send = async |request: Request| {
                let request = request.bearer(&key).header("x-acting-user", "test".to_owned());
                let answer = session.send(&request).await.unwrap();
                serde_json::from_slice::<Value>(answer.body()).unwrap()
            };
            let connect = Request::new(Method::Post, &base, "/v1/connections", "/v1/connections");
            let made = send(connect.json(&body).unwrap()).await;
            assert_eq!(made["status"], "connected", "{kind}: {made}");
            let path = format!("/v1/connections/{}", made["id"].as_str().unwrap());
            let shown = send(Request::new(Method::Get, &base, &path, "/v1/connections/{id}")).await;
            assert_eq!(shown["provider"], kind.as_str(), "{shown}");
            serving.interrupt();
        }
    }
}
