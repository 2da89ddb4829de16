//! Every list that the contract has, with entries as heavy as they can be: a list that is added later fails here until it is
//! filled.

use rollcall::{
    account::{Account, AccountId, Origin},
    connection::{Connection, ConnectionId, Role},
    employee::{Attribute, AttributesBuilder, Field},
    plan::{Code, Finding, Lines, Plan, PlanId, State, Writer},
    roster::Company,
    store::{
        AccountWrite, ActStore as _, AuditEntry, ConnectionStore as _, DirectoryStore as _, KeyRecord, KeyStore as _,
        NewPlan, PlanStore as _, Reach, RunError, RunRecord, RunStore as _, StopOf, StopSet, Write, Written,
    },
    testing::builder::{account_id, employee_id, run, tenant},
};
use serde_json::Value;

use super::{Heavy, field, text};

impl Heavy {
    /// Runs with as many errors as a run may have.
    async fn leave_runs(&self) {
        let connection = &self.stage.connection;
        let errors: Vec<RunError> = (0..RunRecord::MOST_ERRORS)
            .map(|number| RunError {
                code: "refused".to_owned(),
                employee_id: Some(employee_id(&format!("{number}-{}", "e".repeat(100)))),
                detail: "refused for good; look at what the target says".to_owned(),
            })
            .collect();
        for number in 0..40 {
            let record = RunRecord {
                errors: errors.clone(),
                ..run(&format!("run-{number}"), connection.as_str(), self.stage.now())
            };
            assert!(self.store.create_run(&record).await.unwrap());
        }
    }

    /// Entries of the audit that name very much.
    async fn leave_audit(&self) {
        for number in 0..200 {
            let entry = AuditEntry {
                id: format!("audit-{number}"),
                at: self.stage.now(),
                tenant: Some(tenant("acme")),
                by: None,
                key: None,
                action: "user.edit".to_owned(),
                connection: None,
                details: [("attributes".to_owned(), "a".repeat(30_000))].into(),
            };
            self.store.act(&[Write::Audit(&entry)]).await.unwrap();
        }
    }

    /// Keys of very many tenants.
    async fn leave_keys(&self) {
        for number in 0..600 {
            let tenants = (0..100).map(|tenant_number| tenant(&format!("{tenant_number:03}-{}", "t".repeat(60))));
            let record = KeyRecord {
                id: format!("k{number}"),
                name: "of a hundred tenants".to_owned(),
                hash: String::new(),
                reach: Reach::Tenants(tenants.collect()),
                role: Role::Admin,
                created_at: self.stage.now(),
                created_by: None,
                revoked_at: None,
            };
            self.store.create_key(&record).await.unwrap();
        }
    }
}

/// Returns a text of so many characters.
fn long(count: usize) -> String {
    "x".repeat(count)
}

impl Heavy {
    /// Leaves a plan whose findings say as much as one finding may say.
    async fn leave_findings(&self, count: usize) {
        let connection = &self.stage.connection;
        let night = self.stage.night().await.unwrap();
        let made = self
            .store
            .find_plan(&night.plan.unwrap(), self.stage.now())
            .await
            .unwrap()
            .unwrap();
        let lines = {
            let mut writer = Writer::new(&made.plan.header);
            for chunk in 0..made.chunks {
                let lines = self.store.find_lines(&made, chunk).await.unwrap().unwrap();
                for change in Lines::read_chunk(&lines).unwrap() {
                    writer.push(&change).unwrap();
                }
            }
            writer.finish().unwrap()
        };
        let finding = |number: usize| Finding {
            state: State::Conflict,
            code: Code::SharedEmail,
            employee_id: Some(employee_id(&format!("{number:05}-{}", long(120)))),
            account_id: Some(account_id(&long(128))),
            attributes: (0..20).map(|place| Attribute::Custom(field(place))).collect(),
            others: (0..5)
                .map(|other| employee_id(&format!("{other}{}", long(127))))
                .collect(),
            more_attributes: 500,
            more_others: 500_000,
        };
        let findings: Vec<Finding> = (0..count).map(finding).collect();
        let plan = Plan {
            id: PlanId::parse("p-heavy").unwrap(),
            ..made.plan.clone()
        };
        self.stage.pass_hours(1);
        let heavy = RunRecord {
            plan: Some(plan.id.clone()),
            ..run("run-heavy", connection.as_str(), self.stage.now())
        };
        let new = NewPlan {
            connection,
            plan: &plan,
            lines: &lines,
            findings: &findings,
            run: &heavy.id,
            fence: u64::from(u32::MAX),
            roster: &made.roster,
            kept_until: made.kept_until,
            also: &[],
        };
        let open = self.stage.open_plan().await.unwrap().map(|open| open.plan.id);
        assert!(self.store.put_plan(&new, open.as_ref()).await.unwrap());
        assert!(self.store.create_run(&heavy).await.unwrap());
    }

    /// As many connections as a tenant may have, each with the longest texts.
    async fn leave_connections(&self) {
        let found = self.store.find_connection(&self.stage.connection).await.unwrap();
        let record = found.unwrap().record;
        for number in 1..250 {
            let company = Company {
                id: record.company.as_ref().unwrap().id.clone(),
                name: long(200),
            };
            let other = Connection {
                id: ConnectionId::parse(&format!("{number:03}-{}", long(124))).unwrap(),
                base_url: Some(format!("https://{}.example/{}", long(60), long(430))),
                authorised_by: Some(long(128)),
                company: Some(company),
                ..record.clone()
            };
            assert!(self.store.put_connection(&other, None).await.unwrap());
        }
    }

    /// Stops of very many tenants.
    async fn leave_stops(&self, count: usize) {
        for number in 0..count {
            let of = StopOf::TenantByOperator(tenant(&format!("{number:04}-{}", "t".repeat(58))));
            let set = StopSet {
                by: Some(long(128)),
                key: Some(long(64)),
                at: self.stage.now(),
            };
            self.store
                .act(&[Write::Stop {
                    of: &of,
                    set: Some(&set),
                }])
                .await
                .unwrap();
        }
    }

    /// Nights of one user who gets other values each time.
    async fn leave_history(&self, user: &str, nights: u32) {
        let acme = tenant("acme");
        for night in 0..nights {
            let id = AccountId::parse(user).unwrap();
            let before = self.store.find_account(&acme, &id).await.unwrap().unwrap();
            let mut attributes = AttributesBuilder::new();
            for number in 0..60 {
                let value = format!("{night}{}", "\"".repeat(900));
                attributes.set(Attribute::Custom(field(number)), Field::Value(&value));
            }
            let write = AccountWrite {
                account: Account {
                    attributes: attributes.build(),
                    ..before.clone()
                },
                before: Some(before),
                at: self.stage.now() + jiff::SignedDuration::from_secs(i64::from(night)),
                origin: Origin::Person {
                    by: "admin-3".to_owned(),
                },
            };
            let written = self.store.put_accounts(&acme, &[write], None).await.unwrap();
            assert!(matches!(written, Written::Done(_)), "{written:?}");
        }
    }
}

/// Returns where a list of the contract is asked for here, under which member its entries stand, how many entries there are at
/// least, and on how many pages they stand at least: a list whose entries cannot be heavy has as many pages as its number asks
/// for.
fn list(heavy: &Heavy, user: &str, plan: &PlanId, path: &str) -> (String, &'static str, usize, usize) {
    let connection = &heavy.stage.connection;
    match path {
        "/v1/audit" => ("/v1/audit?tenant=acme&".to_owned(), "data", 200, 3),
        "/v1/connections" => ("/v1/connections?tenant=acme&".to_owned(), "data", 250, 2),
        "/v1/connections/{id}/people" => (format!("/v1/connections/{connection}/people?"), "data", 900, 5),
        "/v1/connections/{id}/runs" => (format!("/v1/connections/{connection}/runs?"), "data", 40, 3),
        "/v1/keys" => ("/v1/keys?".to_owned(), "data", 601, 4),
        "/v1/plans/{id}/changes" => (format!("/v1/plans/{plan}/changes?"), "data", 120, 3),
        "/v1/stop" => ("/v1/stop?".to_owned(), "data", 500, 3),
        "/v1/tenants/{tenant}/people/{employee_id}" => ("/v1/tenants/acme/people/1?".to_owned(), "connections", 1, 1),
        "/v1/tenants/{tenant}/users" => ("/v1/tenants/acme/users?".to_owned(), "data", 120, 3),
        "/v1/tenants/{tenant}/users/{user}/history" => {
            (format!("/v1/tenants/acme/users/{user}/history?"), "data", 210, 2)
        }
        other => panic!("a list without heavy entries: fill it here, so that its pages are seen to be small: {other}"),
    }
}

#[tokio::test]
async fn r47_every_list_of_the_contract_comes_in_pages_whatever_its_entries_weigh() {
    let heavy = Heavy::new().await;
    let plan = heavy.stage.night().await.unwrap().plan.unwrap();
    let (_, users) = heavy.pages("/v1/tenants/acme/users?limit=200", "data").await;
    let user = text(&users[0], "id");
    heavy.leave_history(&user, 210).await;
    heavy.leave_runs().await;
    heavy.leave_audit().await;
    heavy.leave_keys().await;
    heavy.leave_stops(500).await;
    heavy.stage.pass_hours(1);
    heavy.leave_findings(900).await;
    heavy.leave_connections().await;
    let contract = heavy.get("/openapi.json", "application/json").await;
    let contract: Value = serde_json::from_slice(&contract.body).unwrap();
    let mut lists = 0;
    for (path, methods) in contract["paths"].as_object().unwrap() {
        let parameters = methods["get"]["parameters"].as_array();
        let is_list = parameters
            .into_iter()
            .flatten()
            .any(|parameter| parameter["name"] == "cursor");
        if !is_list {
            continue;
        }
        lists += 1;
        let (address, member, least, least_pages) = list(&heavy, &user, &plan, path);
        let limit = if path.ends_with("{employee_id}") {
            ""
        } else {
            "limit=200"
        };
        let (pages, entries) = heavy.pages(&format!("{address}{limit}"), member).await;
        assert!(
            entries.len() >= least && pages >= least_pages,
            "{path}: {} on {pages} pages",
            entries.len()
        );
    }
    assert!(lists >= 10, "{lists} lists");
}
