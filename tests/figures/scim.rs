//! Writing to a SCIM server, for `tests/measure`: the target as an apply uses it, beside a bare HTTP client that sends equal
//! requests, and a whole apply of a connection. The server is another process.

use std::{io::Write as _, sync::Arc, time::Instant};

use emulators::scim::{self as emulated, EXTENSION, Habits, TOKEN};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use local::{
    demo::CONFIGURATION,
    emulator::{Emulator, Options},
    stage::{Stage, StageOptions},
};
use reqwest::{Client as Bare, RequestBuilder};
use rollcall::{
    account::{AccountId, ExternalId},
    connection::{Credential, ScimServer, TargetChoice},
    employee::{Attributes, AttributesBuilder, Canonical, Field},
    http::{BaseUrl, Client, HostRule, Pace},
    run::Clock as _,
    runtime::{SystemClock, outbound_settings},
    source::Kind,
    target::{
        NewAccount, Origin, Patch, Target,
        scim::{Access, Profile, ScimTarget, Settings},
    },
};
use serde_json::{Value, json};

use crate::Failure;

/// The schema of a company's people (RFC 7643, section 4.3).
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The figures of one run.
struct Figure {
    requests: u64,
    accounts: usize,
    seconds: f64,
}

/// Runs an emulated server that takes `latency` milliseconds for each answer, until standard input ends.
pub(crate) async fn serve(latency: &str) -> Result<(), Failure> {
    let habits = Habits {
        latency_ms: latency.parse()?,
        ..Habits::default()
    };
    let server = emulated::start(emulated::Options { port: 0, habits }).await?;
    writeln!(std::io::stdout(), "{}", json!({ "base": server.base() }))?;
    let wait = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    wait.await??;
    server.stop().await;
    Ok(())
}

/// Makes so many accounts at `base` and changes each. Where `by` is `target` or `bare`, so many requests are under way at once.
/// Where `by` is `apply`, a whole first night's apply makes the accounts, as many at once as the stage allows.
pub(crate) async fn write(by: &str, base: &str, people: &str, at_once: &str) -> Result<(), Failure> {
    let (people, at_once) = (people.parse()?, at_once.parse()?);
    let figure = match by {
        "target" => by_target(base, people, at_once).await?,
        "bare" => by_bare(base, people, at_once).await?,
        "apply" => by_apply(base, people).await?,
        _ => return Err("expected: target, bare or apply".into()),
    };
    let Figure {
        requests,
        accounts,
        seconds,
    } = figure;
    let line = json!({ "requests": requests, "accounts": accounts, "seconds": seconds });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn now() -> Instant {
    Instant::now()
}

fn attributes(number: usize, title: &str) -> Attributes {
    let mut attributes = AttributesBuilder::new();
    let (email, last) = (format!("p{number}@a.example"), format!("Person {number}"));
    for (attribute, value) in [
        (Canonical::DisplayName, last.as_str()),
        (Canonical::Email, email.as_str()),
        (Canonical::FirstName, "Ana"),
        (Canonical::JobTitle, title),
        (Canonical::LastName, last.as_str()),
        (Canonical::Team, "Sales"),
    ] {
        attributes.set_canonical(attribute, Field::Value(value));
    }
    attributes.build()
}

async fn by_target(base: &str, people: usize, at_once: usize) -> Result<Figure, Failure> {
    let in_flight = u32::try_from(at_once)?;
    let pace = Pace {
        per_second: 1_000_000,
        burst: 1_000_000,
        in_flight,
    };
    let session = Client::new(outbound_settings()?)?.open_session("scim", pace);
    let settings = Settings {
        base: BaseUrl::parse(base, HostRule::Any)?,
        profile: &Profile::GENERIC,
        extension: None,
        access: Access::Bearer(TOKEN.to_owned().into()),
    };
    let target = &ScimTarget::new(session, settings, Arc::new(SystemClock));
    let origin = || Origin::Person {
        by: "figures".to_owned(),
    };
    let began = now();
    let made: Vec<AccountId> = stream::iter(0..people)
        .map(|number| async move {
            let reference = ExternalId::from_target(&format!("factorial:7:{number}"));
            let account = NewAccount {
                external_id: reference.ok_or("a reference")?,
                attributes: attributes(number, "Clerk"),
                invite: false,
                shares_address: false,
                is_listed: true,
                origin: origin(),
            };
            let hint = AccountId::parse("hint")?;
            Ok::<_, Failure>(target.create(&hint, &account).await?.id)
        })
        .buffered(at_once)
        .try_collect()
        .await?;
    let changed: Vec<()> = stream::iter(&made)
        .map(|id| async move {
            let mut title = AttributesBuilder::new();
            title.set_canonical(Canonical::JobTitle, Field::Value("Chief"));
            let patch = Patch {
                id: id.clone(),
                attributes: title.build(),
                active: None,
                external_id: None,
                version: None,
                origin: origin(),
            };
            target.update(&[patch]).await?;
            Ok::<_, Failure>(())
        })
        .buffered(at_once)
        .try_collect()
        .await?;
    let seconds = began.elapsed().as_secs_f64();
    Ok(Figure {
        requests: requests_at(base).await?,
        accounts: changed.len(),
        seconds,
    })
}

#[expect(clippy::disallowed_methods, reason = "what is measured beside must not be ours")]
fn bare_client() -> Result<Bare, Failure> {
    // A provider is set already when this is called a second time in one process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Bare::builder().build()?)
}

/// Sends the requests that the target sends, by a client that does nothing else.
async fn by_bare(base: &str, people: usize, at_once: usize) -> Result<Figure, Failure> {
    let client = &bare_client()?;
    let send = |request: RequestBuilder| async move {
        let request = request
            .bearer_auth(TOKEN)
            .header("accept", "application/scim+json, application/json");
        let answer = request.send().await?.error_for_status()?;
        Ok::<_, Failure>(answer.bytes().await?)
    };
    let with = |request: RequestBuilder, body: &Value| {
        request
            .header("content-type", "application/scim+json")
            .body(body.to_string())
    };
    let users = &format!("{base}/Users");
    let began = now();
    for document in ["ServiceProviderConfig", "ResourceTypes"] {
        send(client.get(format!("{base}/{document}"))).await?;
    }
    let made: Vec<String> = stream::iter(0..people)
        .map(|number| async move {
            let (reference, email) = (format!("factorial:7:{number}"), format!("p{number}@a.example"));
            let filter = format!("userName eq \"{email}\"");
            send(client.get(users).query(&[("filter", filter)])).await?;
            let last = format!("Person {number}");
            let user = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE], "externalId": reference, "active": true,
                "displayName": last, "userName": email, "emails": [{ "type": "work", "value": email, "primary": true }],
                "name": { "givenName": "Ana", "familyName": last }, "title": "Clerk",
                ENTERPRISE: { "division": "Sales" },
            });
            let answer: Value = serde_json::from_slice(&send(with(client.post(users), &user)).await?)?;
            let id = answer.get("id").and_then(Value::as_str).ok_or("an id")?;
            Ok::<_, Failure>(id.to_owned())
        })
        .buffered(at_once)
        .try_collect()
        .await?;
    stream::iter(&made)
        .map(|id| async move {
            send(client.get(format!("{users}/{id}"))).await?;
            let patch = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{ "op": "replace", "path": "title", "value": "Chief" }],
            });
            let request = client.patch(format!("{users}/{id}")).header("if-match", "W/\"1\"");
            send(with(request, &patch)).await?;
            Ok::<_, Failure>(())
        })
        .buffered(at_once)
        .try_collect::<()>()
        .await?;
    Ok(Figure {
        requests: 2 + 4 * people as u64,
        accounts: made.len(),
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// Carries out the first night's apply of a whole connection, with journal and links in the embedded table.
async fn by_apply(base: &str, people: usize) -> Result<Figure, Failure> {
    let stage = Stage::start(StageOptions::default()).await?;
    let options = Options {
        employees: u32::try_from(people)?,
        today: Some(stage.clock.today()),
        ..Options::default()
    };
    let hr = Emulator::start(Kind::Factorial, options).await?;
    let server = TargetChoice::Scim(ScimServer {
        base_url: base.to_owned(),
        identity: None,
        profile: "generic".to_owned(),
        extension: Some(EXTENSION.to_owned()),
        shared: false,
    });
    let credential = Credential::ApiKey {
        key: TOKEN.to_owned().into(),
    };
    let target = (server, Some(credential));
    let connection = stage.connect_to(target, "figures", (&hr, 0), CONFIGURATION).await?;
    let run = stage.diff(&connection.id).await?;
    let id = run.plan.ok_or("a plan")?;
    let plan = stage
        .ports
        .store
        .find_plan(&id, stage.clock.now())
        .await?
        .ok_or("a plan")?;
    let before = requests_at(base).await?;
    let began = now();
    let run = stage.apply(&plan, "figures").await?;
    let seconds = began.elapsed().as_secs_f64();
    if !run.errors.is_empty() {
        return Err("the apply had errors".into());
    }
    let requests = requests_at(base).await? - before;
    hr.stop().await;
    Ok(Figure {
        requests,
        accounts: usize::try_from(plan.plan.counts.joiners)?,
        seconds,
    })
}

/// Returns how many requests an emulated server has answered.
async fn requests_at(base: &str) -> Result<u64, Failure> {
    let url = base.replace("/scim/v2", "/_emulator/requests");
    let answer = bare_client()?.get(url).send().await?.error_for_status()?;
    let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
    let asked = answer
        .get("data")
        .and_then(Value::as_array)
        .ok_or("a list of requests")?;
    Ok(asked.len() as u64)
}
