//! Every request of the Merge connector, and every answer of its emulator, against the vendor's own client; and that client lists everybody.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use emulators::{Kind, Options, Running};
use rollcall::{
    connection::Credential,
    connector::Applications,
    employee::{Category, CompanyId, Wanted},
    http::{BaseUrl, BaseUrls, Client, HostRule, Method, Pace, Request, Settings as Outbound},
    roster::{Company, Reading},
    source::{
        Address, Authorization, Exchange, Login as _, Opening, Provider as _,
        merge::{Merge, Settings},
    },
};
use serde_json::{Value, json};

use crate::{
    description::Held,
    recorder::Recorder,
    support::{bare_client, now, run, text_of, truth},
};

/// Where a browser comes back to.
const BACK: &str = "http://127.0.0.1:9/back";

async fn start(employees: u32) -> Running {
    let options = Options {
        employees,
        today: Some(now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        requests_per_minute: Some(0),
        ..Options::default()
    };
    emulators::start(Kind::Merge, options).await.unwrap()
}

/// Links a customer, and reads everything with bank details, as a survey does under an exception.
async fn use_all_of(running: &Running, url: &str) {
    let page = format!("{url}/link?client_id={}&response_type=code", running.client_id());
    let operator = json!({"merge": {"key": running.client_secret(), "page": page, "email": "hr@app.example"}});
    let settings = Settings {
        applications: Applications::given(&operator),
        base_urls: BaseUrls::Any,
        pace: Pace {
            per_second: 10_000,
            burst: 10_000,
            in_flight: 6,
        },
        limit: None,
    };
    let provider = Merge::new(Client::new(Outbound::new(now, 1)).unwrap(), settings);
    let at = Address {
        base_url: Some(url),
        site: None,
    };
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: BACK,
        state: "s-1",
        code_challenge: "",
    };
    let page = provider.authorize_url(at, &request).await.unwrap();
    let exchange = Exchange {
        code: &public_token(running, &page).await,
        redirect_uri: BACK,
        code_verifier: "",
        issuer: None,
    };
    let linked: Credential = provider.exchange(at, &exchange).await.unwrap();
    let opening = Opening {
        at,
        access: Arc::new(Held(linked)),
        allowance: None,
        allowed: &BTreeSet::from([Category::BankDetails]),
        company: None,
    };
    let source = provider.open(opening).unwrap();
    source.identify().await.unwrap();
    let company = Company {
        id: CompanyId::parse("acme").unwrap(),
        name: "acme".to_owned(),
    };
    let mut reading = Reading::wanting(Wanted::everything(), company, None, &|| false);
    source.read(&mut reading).await.unwrap();
    let roster = reading.roster.finish(None).unwrap();
    assert!(roster.header.walk_ended);
    // A token that is not good any more, and a look at whose fault it is.
    let key = running.client_secret();
    let accounts = format!("{url}/api/hris/v1/linked-accounts?page_size=1");
    let looked = bare_client().get(accounts).bearer_auth(key).send().await.unwrap();
    assert_eq!(looked.status(), 200);
}

/// Goes through Merge Link. Returns the public token.
async fn public_token(running: &Running, page: &str) -> String {
    let (_, query) = page.split_once('?').unwrap();
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = asked.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let base = BaseUrl::parse(&running.url(), HostRule::Any).unwrap();
    let form = Request::new(Method::Post, &base, "/link", "/link").form(asked.chain([("decision", "allow")]));
    let browser = Client::new(Outbound::new(now, 1)).unwrap();
    let browser = browser.open_session("browser", Pace::default());
    let answer = browser.send(&form.take_redirect()).await.unwrap();
    let back = answer.header("location").unwrap().to_owned();
    let (_, query) = back.split_once('?').unwrap();
    let mut members = url::form_urlencoded::parse(query.as_bytes());
    members.find(|(name, _)| name == "code").unwrap().1.into_owned()
}

#[tokio::test]
async fn every_request_of_the_merge_connector_and_every_answer_is_valid_against_the_vendors_own_client() {
    let running = start(120).await;
    let (recorder, url) = Recorder::open(running.url()).await;
    use_all_of(&running, &url).await;
    let seen = recorder.take();
    running.stop().await;
    let paths: BTreeSet<&str> = seen.iter().map(|seen| seen["path"].as_str().unwrap()).collect();
    assert!(paths.len() >= 7, "{paths:?}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!({ "exchanges": seen }).to_string()).unwrap();
    let said = run("check_merge.py", &[file.path().to_str().unwrap()]).await;
    assert_eq!(said.trim(), format!("{} exchanges are valid", seen.len()));
}

#[tokio::test]
async fn the_vendors_own_client_lists_everybody_at_merge_with_what_belongs_to_them() {
    let running = start(120).await;
    let (recorder, url) = Recorder::open(running.url()).await;
    let said = run("list_merge.py", &[&url, running.client_secret(), running.api_key()]).await;
    let lists: BTreeMap<String, Value> = serde_json::from_str(&said).unwrap();
    let truth = truth(&running.url()).await;
    let people = lists["people"].as_array().unwrap();
    let ids: BTreeSet<String> = people.iter().map(|person| text_of(&person["id"])).collect();
    assert_eq!(ids, truth.keys().cloned().collect());
    assert_eq!(people.len(), ids.len());
    let day = |value: &Value| text_of(value).chars().take(10).collect::<String>();
    for person in people {
        let true_person = &truth[&text_of(&person["id"])];
        for (own, theirs) in [
            ("/first_name", "first_name"),
            ("/last_name", "last_name"),
            ("/work_email", "work_email"),
            ("/home_location/city", "city"),
            ("/work_location/name", "work_location"),
            ("/team/name", "team"),
            ("/manager", "manager"),
        ] {
            let shown = person.pointer(own).unwrap_or(&Value::Null);
            assert_eq!(text_of(shown), text_of(&true_person[theirs]), "{own}");
        }
        assert_eq!(day(&person["start_date"]), text_of(&true_person["start_date"]));
        assert_eq!(day(&person["date_of_birth"]), text_of(&true_person["birth_date"]));
    }
    for list in [
        "employments",
        "groups",
        "teams",
        "locations",
        "companies",
        "accounts",
        "syncs",
        "linked",
    ] {
        assert!(!lists[list].as_array().unwrap().is_empty(), "{list}");
    }
    assert_eq!(text_of(&lists["account"]["status"]), "COMPLETE");
    assert!(text_of(&lists["link"]["link_token"]).len() > 20);
    // What it was answered is what its own models have.
    let file = tempfile::NamedTempFile::new().unwrap();
    let seen = recorder.take();
    std::fs::write(file.path(), json!({ "exchanges": seen }).to_string()).unwrap();
    let said = run("check_merge.py", &[file.path().to_str().unwrap()]).await;
    assert_eq!(said.trim(), format!("{} exchanges are valid", seen.len()));
    running.stop().await;
}
