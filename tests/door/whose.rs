//! A person is named by company and id: two companies of one tenant may have people of one id (R37).

use emulators::factorial;
use rollcall::http::{BaseUrl, HostRule, Method, Pace, Request};
use serde_json::{Value, json};

use crate::support::{Answer, Served, client};

/// A tenant with two companies of one HR system, whose people have the same ids.
struct Twins {
    served: Served,
    elsewhere: factorial::Running,
    /// The ids of the two connections, each with its company.
    connections: [(String, String); 2],
    /// The id of an employee in both companies.
    employee: String,
    /// The id of an employee in the first company that no employee of the second company has; empty where there is none.
    alone: String,
}

impl Twins {
    async fn start() -> Self {
        let served = Served::start(15).await;
        let options = factorial::Options {
            employees: 15,
            seed: 1,
            companies: 2,
            ..factorial::Options::default()
        };
        let elsewhere = factorial::start(options).await.unwrap();
        let (first, _) = served.in_step("acme").await;
        let mut body = served.by_key("acme");
        body["base_url"] = json!(elsewhere.url());
        body["credential"]["key"] = json!(elsewhere.api_key_of(1).unwrap());
        // Both companies' people have addresses of their own.
        let company = elsewhere.company_id_of(1).unwrap().to_string();
        let base = BaseUrl::parse(&elsewhere.url(), HostRule::Any).unwrap();
        let session = client().open_session("elsewhere", Pace::default());
        let ask = |method, path: &str| Request::new(method, &base, path, "/").query([("company", company.as_str())]);
        let answer = session.send(&ask(Method::Get, "/_emulator/people")).await.unwrap();
        let people: Value = serde_json::from_slice(answer.body()).unwrap();
        for person in people["data"].as_array().unwrap() {
            let id = person["employee_id"].as_str().unwrap();
            let change = json!({ "work_email": format!("person.{id}@second.example") });
            let put = ask(Method::Put, &format!("/_emulator/people/{id}"))
                .json(&change)
                .unwrap();
            assert!(session.send(&put).await.unwrap().is_success());
        }
        let made = served.post("/v1/connections", &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let second = made.at("/id");
        let run = served.ended(&made.at("/run")).await;
        served.apply(&run.at("/plan")).await;
        let mut connections = Vec::new();
        for connection in [first, second] {
            let shown = served.get(&format!("/v1/connections/{connection}")).await;
            connections.push((connection, shown.at("/company/id")));
        }
        let mut ids = Self::ids_of(&served, &connections[0].1).await;
        let others = Self::ids_of(&served, &connections[1].1).await;
        let alone = ids.iter().find(|id| !others.contains(id)).cloned();
        ids.retain(|id| others.contains(id));
        Self {
            employee: ids.swap_remove(0),
            alone: alone.unwrap_or_default(),
            connections: connections.try_into().unwrap(),
            served,
            elsewhere,
        }
    }

    /// Returns the ids of a company's people in the directory.
    async fn ids_of(served: &Served, company: &str) -> Vec<String> {
        let users = served.get("/v1/tenants/acme/users?limit=200").await;
        let references = users.body["data"].as_array().unwrap().iter();
        let references = references.filter_map(|user| user["external_id"].as_str()?.rsplit_once(':'));
        let own = references.filter(|(prefix, _)| *prefix == format!("factorial:{company}"));
        own.map(|(_, id)| id.to_owned()).collect()
    }

    fn path(&self, query: &str) -> String {
        format!("/v1/tenants/acme/people/{}{query}", self.employee)
    }

    /// Returns for each company whether the person has an account.
    async fn accounts(&self) -> [bool; 2] {
        let mut found = [false; 2];
        for (found, (_, company)) in found.iter_mut().zip(&self.connections) {
            *found = Self::ids_of(&self.served, company).await.contains(&self.employee);
        }
        found
    }

    async fn stop(self) {
        self.served.stop().await;
        self.elsewhere.stop().await;
    }
}

/// Asserts that an answer lists both companies, and no value of a person.
#[track_caller]
fn assert_asked(twins: &Twins, answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (409, "ambiguous"), "{}", answer.text);
    let mut choices = answer.body["choices"].as_array().unwrap().clone();
    let mut expected: Vec<Value> = twins
        .connections
        .iter()
        .map(|(connection, company)| json!({ "connection": connection, "provider": "factorial", "company": company }))
        .collect();
    for list in [&mut choices, &mut expected] {
        list.sort_by_key(Value::to_string);
    }
    assert_eq!(choices, expected);
    assert!(!answer.text.contains("example"), "{}", answer.text);
}

#[tokio::test]
async fn r37_a_bare_id_that_fits_two_people_is_asked_about_and_touches_neither() {
    let twins = Twins::start().await;
    let served = &twins.served;
    for method in [Method::Get, Method::Delete] {
        assert_asked(&twins, &served.send(method, &twins.path(""), None).await);
    }
    assert_eq!(twins.accounts().await, [true, true]);

    let (connection, company) = &twins.connections[1];
    let by_connection = format!("?connection={connection}");
    let by_company = format!("?provider=factorial&company={company}");
    for query in [&by_connection, &by_company] {
        let held = served.get(&twins.path(query)).await;
        assert_eq!(
            (held.status, held.at("/company")),
            (200, company.clone()),
            "{}",
            held.text
        );
        assert_eq!(held.body["connections"].as_array().unwrap().len(), 1, "{}", held.text);
        assert_eq!(held.at("/connections/0/connection"), *connection);
    }
    // The company or the connection names the person. An erasure that is asked for again has the same receipt.
    let mut first = None;
    for query in [&by_company, &by_connection, &by_connection] {
        let receipt = served.send(Method::Delete, &twins.path(query), None).await;
        assert_eq!(
            (receipt.status, receipt.at("/company")),
            (200, company.clone()),
            "{}",
            receipt.text
        );
        assert_eq!(receipt.body["connections"], json!([connection]));
        let erased = receipt.body["erased"].clone();
        assert_eq!(erased["accounts"], 1, "{}", receipt.text);
        assert_eq!(*first.get_or_insert_with(|| erased.clone()), erased);
    }
    assert_eq!(twins.accounts().await, [true, false]);
    // The erased person still counts as one of the two people with this id.
    assert_asked(&twins, &served.send(Method::Delete, &twins.path(""), None).await);
    let gone = served.get(&twins.path(&by_connection)).await;
    assert_eq!(gone.code(), "not-found", "{}", gone.text);
    // The other company's runs go on as if nothing had happened.
    let plan = served.preview(&twins.connections[0].0).await;
    assert_eq!(plan.at("/status"), "empty", "{}", plan.text);
    let plan = served.preview(connection).await;
    assert_eq!(
        plan.body["counts"]["joiners"], 0,
        "who was erased does not come back: {}",
        plan.text
    );

    let audit = served.get("/v1/audit?tenant=acme&limit=200").await;
    let entries = audit.body["data"].as_array().unwrap().iter();
    let erasures: Vec<&Value> = entries.filter(|entry| entry["action"] == "person.erase").collect();
    assert_eq!(erasures.len(), 3, "{}", audit.text);
    for erasure in erasures {
        assert_eq!(erasure["connection"], **connection);
        assert_eq!(erasure["details"]["employee_id"], *twins.employee);
        assert_eq!(erasure["details"]["company"], **company);
    }
    twins.stop().await;
}

#[tokio::test]
async fn r37_a_bare_id_that_one_company_knows_is_enough_also_once_the_person_is_erased() {
    let twins = Twins::start().await;
    let served = &twins.served;
    let (connection, company) = &twins.connections[0];
    let by_other = format!("?connection={}", twins.connections[1].0);
    let erased = served.send(Method::Delete, &twins.path(&by_other), None).await;
    assert_eq!(erased.status, 200, "{}", erased.text);
    // No employee of the other company has this id.
    let path = format!("/v1/tenants/acme/people/{}", twins.alone);
    if !twins.alone.is_empty() {
        for _ in 0..2 {
            let receipt = served.send(Method::Delete, &path, None).await;
            assert_eq!(
                (receipt.status, receipt.at("/company")),
                (200, company.clone()),
                "{}",
                receipt.text
            );
            assert_eq!(receipt.body["erased"]["accounts"], 1);
        }
    }
    let nobody = served
        .send(Method::Delete, "/v1/tenants/acme/people/987654321", None)
        .await;
    assert_asked(&twins, &nobody);
    assert_eq!(
        served.get("/v1/tenants/acme/people/987654321").await.code(),
        "not-found"
    );
    let marked = format!("/v1/tenants/acme/people/987654321?connection={connection}");
    assert_eq!(
        served.send(Method::Delete, &marked, None).await.status,
        200,
        "whoever comes later is marked"
    );
    for _ in 0..2 {
        let again = served
            .send(Method::Delete, "/v1/tenants/acme/people/987654321", None)
            .await;
        assert_eq!(
            (again.status, again.at("/company")),
            (200, company.clone()),
            "{}",
            again.text
        );
    }
    twins.stop().await;
}

#[tokio::test]
async fn r37_connections_to_one_company_are_one_person_also_those_that_ended() {
    let served = Served::start(15).await;
    let (ended, _) = served.in_step("acme").await;
    let users = served.get("/v1/tenants/acme/users?limit=1").await;
    let employee = users.at("/data/0/external_id").rsplit(':').next().unwrap().to_owned();
    served
        .send(Method::Delete, &format!("/v1/connections/{ended}"), None)
        .await;
    let (connection, _) = served.connected("acme").await;
    let path = format!("/v1/tenants/acme/people/{employee}");
    let held = served.get(&path).await;
    assert_eq!(held.status, 200, "{}", held.text);
    let receipt = served.send(Method::Delete, &path, None).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    assert_eq!(
        receipt.body["connections"],
        json!([connection, ended]),
        "the one in use comes first"
    );
    assert_eq!(
        receipt.body["erased"]["accounts"], 1,
        "it is counted once: {}",
        receipt.text
    );
    for query in [
        String::new(),
        format!("?connection={ended}"),
        format!("?connection={connection}"),
    ] {
        let again = served.send(Method::Delete, &format!("{path}{query}"), None).await;
        assert_eq!(again.body["erased"], receipt.body["erased"], "{query}: {}", again.text);
    }
    served.stop().await;
}

#[tokio::test]
async fn r37_a_person_is_named_in_one_way_and_never_by_another_tenants_connection() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let path = |query: &str| format!("/v1/tenants/acme/people/1{query}");
    for (query, pointer) in [
        ("?provider=factorial".to_owned(), "?company"),
        ("?company=7".to_owned(), "?provider"),
        (
            format!("?connection={connection}&provider=factorial&company=7"),
            "?connection",
        ),
        ("?colour=red".to_owned(), "?colour"),
    ] {
        for method in [Method::Get, Method::Delete] {
            let refused = served.send(method, &path(&query), None).await;
            assert_eq!(
                (refused.status, refused.at("/errors/0/pointer")),
                (422, pointer.to_owned()),
                "{}",
                refused.text
            );
        }
    }
    let foreign = "/v1/tenants/other/people/1";
    for query in [
        format!("?connection={connection}"),
        "?connection=con_none".to_owned(),
        "?provider=factorial&company=999".to_owned(),
    ] {
        for method in [Method::Get, Method::Delete] {
            let refused = served.send(method, &format!("{foreign}{query}"), None).await;
            assert_eq!(refused.code(), "not-found", "{query}: {}", refused.text);
        }
    }
    served.stop().await;
}
