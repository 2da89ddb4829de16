//! A connection that writes to a SCIM server, and what a test does with it: HR changes, nights pass, the server is
//! edited by hand.

use emulators::scim::{self, EXTENSION, Options, Running, TOKEN};
use jiff::{SignedDuration, ToSpan};
use local::{
    demo::CARRIED,
    emulator::{self, Controls, Emulator},
    stage::{Stage, StageOptions},
    truth::{Difference, Truth, read_users},
};
use rollcall::{
    account::ExternalId,
    connection::{ConnectionId, Credential, Decision, DecisionRecord, ScimServer, TargetChoice},
    http::{BaseUrl, HostRule, Method, Request},
    plan::{Code, State, Status},
    run::{Actor, Clock as _, approve},
    runtime::outbound_client,
    source::Kind,
    store::{PlanRecord, RunRecord, Write},
    testing::builder::employee_id,
};
use serde_json::{Value, json};

use crate::server::{Server, session};

/// How many people HR begins with.
pub(crate) const EVERYBODY: u32 = 60;

/// How many people HR begins with where a rule is about single people.
pub(crate) const FEW: u32 = 18;

/// The preset `users`, with plans that a person approves, and with rehires let in again.
const CONFIGURATION: &str = r#"{
  "attributes": ["job_title", "manager", "mobile_phone", "start_date", "team", "work_location"],
  "custom_attributes": [{"from": "custom.t_shirt_size", "to": "t_shirt_size"}],
  "apply": "approve",
  "rehires": "reactivate",
  "fallback_time_zone": "Europe/Madrid"
}"#;

/// A server that is written to: one that is emulated, or a real one.
pub(crate) enum Place {
    Emulated(Running),
    Real(Server),
}

impl Place {
    /// Returns an emulated service that keeps to the RFCs, and a real server.
    pub(crate) async fn both() -> [Self; 2] {
        let emulated = scim::start(Options::default()).await.unwrap();
        [Self::Emulated(emulated), Self::Real(Server::start().await)]
    }

    fn base(&self) -> String {
        match self {
            Self::Emulated(service) => service.base(),
            Self::Real(server) => server.base().to_owned(),
        }
    }

    const fn token(&self) -> &'static str {
        match self {
            Self::Emulated(_) => TOKEN,
            Self::Real(_) => Server::TOKEN,
        }
    }
}

/// Returns the errors of a run: what went wrong, and for which employee.
pub(crate) fn errors(run: &RunRecord) -> Vec<(&str, &str)> {
    let errors = run.errors.iter();
    errors
        .map(|error| {
            let employee = error.employee_id.as_ref().map_or("", |id| id.as_str());
            (error.code.as_str(), employee)
        })
        .collect()
}

/// Returns what a connection writes to, and the credential that opens it.
fn target(base: &str, token: &str, profile: &str) -> (TargetChoice, Credential) {
    let server = ScimServer {
        base_url: base.to_owned(),
        identity: None,
        profile: profile.to_owned(),
        extension: Some(EXTENSION.to_owned()),
        shared: false,
    };
    let key = token.to_owned().into();
    (TargetChoice::Scim(server), Credential::ApiKey { key })
}

/// A stage whose connection writes to a server.
pub(crate) struct Journey {
    pub(crate) stage: Stage,
    pub(crate) emulator: Emulator,
    pub(crate) controls: Controls,
    pub(crate) connection: ConnectionId,
    pub(crate) truth: Truth,
    pub(crate) base: String,
    pub(crate) token: String,
}

impl Journey {
    /// Returns a connection of a stage of its own; no user is on the server yet.
    pub(crate) async fn start(base: &str, token: &str, profile: &str) -> Self {
        Self::start_with(EVERYBODY, base, token, profile).await
    }

    /// Returns a connection of few people, to an emulated service.
    pub(crate) async fn of_few(service: &Running) -> Self {
        Self::start_with(FEW, &service.base(), TOKEN, "generic").await
    }

    /// Returns a connection of few people, to an emulated service that has no place but those of the standard.
    pub(crate) async fn of_few_in_standard_places(service: &Running) -> Self {
        let (choice, credential) = target(&service.base(), TOKEN, "generic");
        let TargetChoice::Scim(server) = choice else {
            unreachable!("it is a SCIM server");
        };
        let plain = ScimServer {
            extension: None,
            ..server
        };
        let to = (TargetChoice::Scim(plain), credential);
        Self::start_at(FEW, to, &service.base(), TOKEN, CONFIGURATION).await
    }

    /// Returns a connection of few people, to an emulated service, whose people are told apart by their number.
    pub(crate) async fn of_few_by_number(service: &Running) -> Self {
        let configuration = CONFIGURATION.replacen('{', r#"{"identifier": "employee_number","#, 1);
        let to = target(&service.base(), TOKEN, "generic");
        Self::start_at(FEW, to, &service.base(), TOKEN, &configuration).await
    }

    pub(crate) async fn start_with(employees: u32, base: &str, token: &str, profile: &str) -> Self {
        Self::start_at(employees, target(base, token, profile), base, token, CONFIGURATION).await
    }

    async fn start_at(
        employees: u32,
        (choice, credential): (TargetChoice, Credential),
        base: &str,
        token: &str,
        configuration: &str,
    ) -> Self {
        let stage = Stage::start(StageOptions::default()).await.unwrap();
        let options = emulator::Options {
            employees,
            companies: 2,
            today: Some(stage.clock.today()),
            ..emulator::Options::default()
        };
        let emulator = Emulator::start(Kind::Factorial, options).await.unwrap();
        let connection = stage
            .connect_to((choice, Some(credential)), "sixty", (&emulator, 0), configuration)
            .await
            .unwrap();
        let company = emulator.running().company_id_of(0).unwrap().to_string();
        Self {
            controls: Controls::new(&outbound_client().unwrap(), &emulator.url()).unwrap(),
            connection: connection.id,
            truth: Truth::new("factorial", &company, &CARRIED),
            stage,
            emulator,
            base: base.to_owned(),
            token: token.to_owned(),
        }
    }

    /// Returns a connection of few people after its first night, with all of them on the server.
    pub(crate) async fn in_step(place: &Place) -> Self {
        let journey = Self::start_with(FEW, &place.base(), place.token(), "generic").await;
        journey.first_night().await
    }

    /// Returns the journey after its first night.
    pub(crate) async fn first_night(mut self) -> Self {
        let (_, plan) = self.night().await;
        let run = self.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        self.pass_hours(24);
        self
    }

    /// Connects the other company of the tenant to the server of the first connection. Returns the connection.
    pub(crate) async fn connect_other(&self) -> ConnectionId {
        let (choice, credential) = target(&self.base, &self.token, "generic");
        let made = self
            .stage
            .connect_to((choice, Some(credential)), "sixty", (&self.emulator, 1), CONFIGURATION);
        made.await.unwrap().id
    }

    /// Lives a night: HR is read, a plan is made. Returns the run and the plan.
    pub(crate) async fn night(&mut self) -> (RunRecord, PlanRecord) {
        self.truth.follow(&self.controls.list_people().await.unwrap());
        self.night_of(&self.connection).await
    }

    /// Lives a night of any connection of the stage. Returns the run and the plan.
    pub(crate) async fn night_of(&self, connection: &ConnectionId) -> (RunRecord, PlanRecord) {
        let run = self.stage.diff(connection).await.unwrap();
        let id = run.plan.clone().unwrap_or_else(|| panic!("no plan: {run:?}"));
        let plan = self.stage.ports.store.find_plan(&id, self.stage.clock.now());
        (run, plan.await.unwrap().unwrap())
    }

    /// Approves a plan with all that holds it, and carries it out. Returns the run.
    pub(crate) async fn apply(&self, plan: &PlanRecord) -> RunRecord {
        let holds: Vec<_> = plan.plan.holds.iter().map(|hold| hold.code).collect();
        let (id, hash) = (&plan.plan.id, &plan.plan.hash);
        let run = approve(&self.stage.ports, &Actor::named("a person"), id, hash, &holds)
            .await
            .unwrap();
        self.stage.finish(&run).await.unwrap()
    }

    pub(crate) fn pass_hours(&self, hours: i64) {
        self.stage.clock.advance(SignedDuration::from_hours(hours));
    }

    /// Lives a night that writes nothing to the server.
    pub(crate) async fn quiet_night(&mut self) {
        let before = self.stage.writes().target;
        let (_, plan) = self.night().await;
        assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
        assert_eq!(self.stage.writes().target, before);
    }

    /// Checks that the server's users, read straight from its own JSON, are the people of HR.
    pub(crate) fn agrees(&self, users: &[Value]) {
        let comparison = self.truth.compare(&read_users(users, EXTENSION));
        assert_eq!(comparison.differences, []);
    }

    /// Follows HR's truth without attributes that the server keeps no value of.
    pub(crate) fn without(mut self, lost: &[&str]) -> Self {
        let carried: Vec<_> = CARRIED
            .into_iter()
            .filter(|carried| !lost.contains(&carried.to))
            .collect();
        self.truth = Truth::new("factorial", &self.company(), &carried);
        self
    }

    fn company(&self) -> String {
        self.emulator.running().company_id_of(0).unwrap().to_string()
    }

    /// Returns what the server's users, read straight from its own JSON, show otherwise than HR. A user of a server that keeps no
    /// references is the person who is linked.
    pub(crate) async fn differences(&self, users: &[Value]) -> Vec<Difference> {
        let links = self.stage.ports.store.list_links(&self.connection).await.unwrap();
        let mut accounts = read_users(users, EXTENSION);
        for account in &mut accounts {
            let link = links.iter().find(|link| link.account_id == account.id);
            if let (None, Some(link)) = (&account.external_id, link) {
                let reference = format!("factorial:{}:{}", self.company(), link.employee_id.as_str());
                account.external_id = ExternalId::from_target(&reference);
            }
        }
        self.truth.compare(&accounts).differences
    }

    /// A person decides about an employee.
    pub(crate) async fn decide(&self, employee: &str, decision: Decision) {
        let decision = DecisionRecord {
            employee_id: employee_id(employee),
            decision,
            reason: "they came back".to_owned(),
            by: "a person".to_owned(),
            at: self.stage.clock.now(),
        };
        let write = Write::Decision {
            connection: &self.connection,
            decision: &decision,
        };
        self.stage.ports.store.act(&[write]).await.unwrap();
    }

    /// Returns the employee ids of all people who are linked, in order.
    pub(crate) async fn everybody(&self) -> Vec<String> {
        let links = self.stage.ports.store.list_links(&self.connection).await.unwrap();
        links.iter().map(|link| link.employee_id.as_str().to_owned()).collect()
    }

    /// Returns the server's id of an employee's account.
    pub(crate) async fn account_of(&self, employee: &str) -> String {
        let store = &self.stage.ports.store;
        let link = store.find_link(&self.connection, &employee_id(employee)).await.unwrap();
        link.unwrap().account_id.as_str().to_owned()
    }

    /// Returns what a plan does not do: under which heading, why, and about which employee or account.
    pub(crate) async fn findings(&self, plan: &PlanRecord) -> Vec<(State, Code, String)> {
        let findings = self.stage.ports.store.list_findings(plan).await.unwrap();
        let told = findings.into_iter().map(|finding| {
            let employee = finding.employee_id.map(|id| id.as_str().to_owned());
            let account = finding.account_id.map(|id| id.as_str().to_owned());
            (finding.state, finding.code, employee.or(account).unwrap_or_default())
        });
        told.collect()
    }

    /// Returns which attributes a plan says that the target does not keep, and of how many people.
    pub(crate) async fn not_kept(&self, plan: &PlanRecord) -> Vec<(String, usize)> {
        let findings = self.stage.ports.store.list_findings(plan).await.unwrap();
        let not_kept = findings.iter().filter(|finding| finding.code == Code::NotKept);
        let counted = not_kept.map(|finding| {
            let people = finding.others.len() + usize::try_from(finding.more_others).unwrap();
            (finding.attributes[0].name().into_owned(), people)
        });
        counted.collect()
    }

    /// HR changes a person of the first company.
    pub(crate) async fn change(&self, employee: &str, members: &Value) {
        self.change_at(0, employee, members).await;
    }

    /// HR changes a person of the company at `number`.
    pub(crate) async fn change_at(&self, number: usize, employee: &str, members: &Value) {
        let path = format!("/_emulator/people/{employee}");
        self.control(number, Method::Put, &path, Some(members)).await;
    }

    /// HR says that an employee left two days ago.
    pub(crate) async fn let_go(&self, employee: &str) {
        let last_day = self.stage.clock.today().checked_sub(2.days()).unwrap();
        let members = json!({ "termination_date": last_day.to_string() });
        self.change(employee, &members).await;
    }

    /// The company at `number` hires a person. Returns their employee id.
    pub(crate) async fn hire_at(&self, number: usize, members: &Value) -> String {
        let person = self
            .control(number, Method::Post, "/_emulator/people", Some(members))
            .await;
        person["employee_id"].as_str().unwrap().to_owned()
    }

    /// Returns a person at work in the company at `number`, who has an address and leads no other person.
    pub(crate) async fn employee_at(&self, number: usize) -> String {
        let people = self.control(number, Method::Get, "/_emulator/people", None).await;
        let people = people["data"].as_array().unwrap();
        let leads = |id: &Value| people.iter().any(|person| person["manager"] == *id);
        let is_joiner = |person: &&Value| person["status"] == "active" && person["work_email"].is_string();
        let mut joiners = people.iter().filter(is_joiner);
        let person = joiners.find(|person| !leads(&person["employee_id"])).unwrap();
        person["employee_id"].as_str().unwrap().to_owned()
    }

    async fn control(&self, number: usize, method: Method, path: &str, body: Option<&Value>) -> Value {
        let company = self.emulator.running().company_id_of(number).unwrap().to_string();
        let base = BaseUrl::parse(&self.emulator.url(), HostRule::Any).unwrap();
        let mut request = Request::new(method, &base, path, "/").query([("company", company.as_str())]);
        if let Some(body) = body {
            request = request.json(body).unwrap();
        }
        let answer = session().send(&request).await.unwrap();
        assert!(answer.is_success(), "{path}: {:?}", answer.text());
        serde_json::from_slice(answer.body()).unwrap()
    }
}
