//! The controls: the truth, changing it, and the request log.

use crate::support::{EMPLOYEES, Stand, body_of, json_of, options, person, stand, stand_with};
use emulators::factorial::Options;
use reqwest::Method;
use serde_json::{Value, json};

async fn someone(stand: &Stand) -> String {
    let truth = stand.truth().await;
    let fits = |person: &&Value| {
        person["status"] == "active" && !person["work_email"].is_null() && person["termination_date"].is_null()
    };
    truth.iter().filter(fits).nth(3).unwrap()["employee_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn change(stand: &Stand, id: &str, changes: Value) -> Value {
    json_of(stand.control(Method::PUT, &format!("people/{id}"), changes).await).await
}

/// Sees that a request is refused with a 422 that names the member.
async fn refused(stand: &Stand, method: Method, path: &str, body: Value, member: &str) {
    let answer = stand.control(method, path, body.clone()).await;
    assert_eq!(answer.status(), 422, "{body}");
    let problem = body_of(answer).await;
    assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"), "{problem}");
    assert!(
        problem["errors"][0]["detail"].as_str().unwrap().contains("expected"),
        "{problem}"
    );
}

#[tokio::test]
async fn the_truth_is_in_canonical_attributes_with_null_where_empty() {
    let truth = stand(40).await.truth().await;
    let names = [
        "employee_id",
        "status",
        "employee_number",
        "first_name",
        "last_name",
        "known_as",
        "display_name",
        "work_email",
        "personal_email",
        "mobile_phone",
        "address_line_1",
        "address_line_2",
        "zip_code",
        "city",
        "country",
        "birth_date",
        "team",
        "job_title",
        "manager",
        "start_date",
        "termination_date",
        "employment_type",
        "pay_rate",
        "pay_period",
        "pay_currency",
        "work_city",
        "work_location",
        "time_zone",
        "custom.t_shirt_size",
    ];
    for person in &truth {
        for name in names {
            let value = &person[name];
            assert!(
                person.get(name).is_some() && (value.is_null() || value.as_str().is_some_and(|text| !text.is_empty())),
                "{name}"
            );
        }
    }
    assert!(truth.iter().any(|person| person["known_as"].is_null()));
}

#[tokio::test]
async fn a_changed_attribute_shows_in_the_truth_and_in_the_api() {
    let stand = stand(60).await;
    let id = someone(&stand).await;
    let changes = json!({
        "first_name": "Renée", "last_name": "Doe", "known_as": "Ren", "work_email": "ren@new.example", "personal_email": null,
        "mobile_phone": "+34600000001", "address_line_1": "1 New Street", "zip_code": "00001", "city": "Ceuta", "country": "ES",
        "birth_date": "1990-02-28", "employee_number": "X-1",
    });
    let answered = change(&stand, &id, changes.clone()).await;
    let row = stand.json(&format!("{EMPLOYEES}/{id}")).await;
    for (name, value) in changes.as_object().unwrap() {
        assert_eq!(&answered[name], value, "{name}");
    }
    assert_eq!(answered["display_name"], "Ren");
    for (member, value) in [
        ("first_name", json!("Renée")),
        ("preferred_name", json!("Ren")),
        ("full_name", json!("Renée Doe")),
        ("email", json!("ren@new.example")),
        ("personal_email", Value::Null),
        ("phone_number", json!("+34600000001")),
        ("postal_code", json!("00001")),
        ("birthday_on", json!("1990-02-28")),
        ("company_identifier", json!("X-1")),
    ] {
        assert_eq!(row[member], value, "{member}");
    }
    assert!(row["updated_at"].as_str().unwrap().starts_with("2026-11-20"));
}

#[tokio::test]
async fn job_pay_team_place_and_manager_can_be_changed() {
    let stand = stand(60).await;
    let id = someone(&stand).await;
    let truth = stand.truth().await;
    let manager = truth[0]["employee_id"].as_str().unwrap();
    let place = stand.json("locations/locations").await["data"][5]["name"].clone();
    let changes = json!({
        "job_title": "Chief Beekeeper", "pay_rate": "51234.5", "pay_currency": "USD", "pay_period": "monthly", "team": "Bees",
        "manager": manager, "work_location": place, "start_date": "2020-01-02", "employment_type": "part_time", "custom.t_shirt_size": "XL",
    });
    let answered = change(&stand, &id, changes).await;
    assert_eq!(
        (&answered["pay_rate"], &answered["work_location"]),
        (&json!("51234.50"), &place)
    );
    let contract = stand
        .json(&format!("contracts/reference_contracts?employee_ids[]={id}"))
        .await["data"][0]
        .clone();
    assert_eq!(
        (&contract["job_title"], &contract["salary_amount"]),
        (&json!("Chief Beekeeper"), &json!(5_123_450))
    );
    assert_eq!(
        (&contract["salary_currency"], &contract["salary_frequency"]),
        (&json!("USD"), &json!("monthly"))
    );
    assert_eq!(
        (&contract["starts_on"], &contract["working_time_percentage_in_cents"]),
        (&json!("2020-01-02"), &json!(5000))
    );
    assert_eq!(stand.json(&format!("{EMPLOYEES}/{id}")).await["manager_id"], manager);
    let team = stand
        .all("teams/teams")
        .await
        .into_iter()
        .find(|team| team["name"] == "Bees")
        .unwrap();
    assert_eq!(team["employee_ids"], json!([id]));
    let sizes = stand
        .json(&format!("custom_fields/values?slug=t_shirt_size&employee_ids[]={id}"))
        .await;
    assert_eq!(sizes["data"][0]["single_choice_value"], "XL");
}

#[tokio::test]
async fn a_termination_date_in_the_past_ends_an_employment_and_null_takes_it_back() {
    let stand = stand(20).await;
    let id = someone(&stand).await;
    assert_eq!(
        change(&stand, &id, json!({"termination_date": "2026-11-20"})).await["status"],
        "active"
    );
    assert_eq!(
        change(&stand, &id, json!({"termination_date": "2026-11-19"})).await["status"],
        "terminated"
    );
    assert_eq!(stand.json(&format!("{EMPLOYEES}/{id}")).await["active"], false);
    assert_eq!(
        change(&stand, &id, json!({"termination_date": null})).await["status"],
        "active"
    );
}

#[tokio::test]
async fn a_change_that_cannot_be_made_is_a_422_that_names_it_and_changes_nothing() {
    let stand = stand(20).await;
    let id = someone(&stand).await;
    let before = person(&stand, &id).await;
    for (member, value) in [
        ("shoe_size", json!("44")),
        ("status", json!("terminated")),
        ("employee_id", json!("1")),
        ("birth_date", json!("1990-02-30")),
        ("start_date", Value::Null),
        ("pay_rate", json!("12.345")),
        ("pay_period", json!("fortnightly")),
        ("manager", json!("1")),
        ("work_location", json!("Moon")),
        ("custom.nothing", json!("x")),
        ("custom.t_shirt_size", json!("XXXL")),
        ("first_name", json!(7)),
    ] {
        refused(
            &stand,
            Method::PUT,
            &format!("people/{id}"),
            json!({"city": "Elsewhere", "team": "Brand new", member: value}),
            member,
        )
        .await;
    }
    assert_eq!(person(&stand, &id).await, before);
    assert!(
        stand
            .all("teams/teams")
            .await
            .iter()
            .all(|team| team["name"] != "Brand new")
    );
    assert_eq!(stand.control(Method::PUT, "people/1", json!({})).await.status(), 404);
}

#[tokio::test]
async fn a_created_person_has_what_was_given_and_nothing_else() {
    let stand = stand(20).await;
    let answer = stand
        .control(
            Method::POST,
            "people",
            json!({"first_name": "New", "work_email": "new@co.example", "team": "Sales"}),
        )
        .await;
    assert_eq!(answer.status(), 201);
    let made = json_of(answer).await;
    assert_eq!(
        (&made["first_name"], &made["team"], &made["status"]),
        (&json!("New"), &json!("Sales"), &json!("active"))
    );
    for absent in [
        "last_name",
        "personal_email",
        "mobile_phone",
        "city",
        "birth_date",
        "job_title",
        "custom.t_shirt_size",
    ] {
        assert_eq!(made[absent], Value::Null, "{absent}");
    }
    let id = made["employee_id"].as_str().unwrap();
    let row = stand.json(&format!("{EMPLOYEES}/{id}")).await;
    assert_eq!(
        (&row["email"], &row["birthday_on"]),
        (&json!("new@co.example"), &Value::Null)
    );
    assert_eq!(stand.all(EMPLOYEES).await.last().unwrap()["id"], id);
}

#[tokio::test]
async fn a_day_with_an_unknown_or_bad_member_is_a_422() {
    let stand = stand(5).await;
    refused(&stand, Method::POST, "day", json!({"churm": false}), "churm").await;
    refused(&stand, Method::POST, "day", json!({"churn": "no"}), "churn").await;
}

#[tokio::test]
async fn requests_are_remembered_until_they_are_cleared_and_controls_are_not_among_them() {
    let stand = stand(5).await;
    stand.json(&format!("{EMPLOYEES}?limit=2")).await;
    stand.bare(EMPLOYEES).send().await.unwrap();
    stand.truth().await;
    let log = stand.requests().await;
    assert_eq!(log.len(), 2);
    assert_eq!(log[0]["method"], "GET");
    assert_eq!(log[0]["path"], "/api/2026-10-01/resources/employees/employees");
    assert_eq!(
        (&log[0]["query"], &log[0]["status"], &log[0]["fault"]),
        (&json!("limit=2"), &json!(200), &Value::Null)
    );
    assert!(log[0]["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(log[1]["status"], 401);
    assert_eq!(stand.control(Method::DELETE, "requests", json!({})).await.status(), 204);
    assert_eq!(stand.requests().await, Vec::<Value>::new());
}

#[tokio::test]
async fn controls_reach_each_company_by_its_id() {
    let stand = stand_with(Options {
        companies: 2,
        ..options(10)
    })
    .await;
    let second = stand.emulator.company_id_of(1).unwrap();
    let people = async |query: String| {
        json_of(
            stand
                .client
                .get(format!("{}/_emulator/people{query}", stand.emulator.url()))
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    assert_ne!(people(format!("?company={second}")).await, people(String::new()).await);
    let nobody = stand
        .client
        .get(format!("{}/_emulator/people?company=1", stand.emulator.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(nobody.status(), 404);
}

#[tokio::test]
async fn a_stopped_emulator_frees_its_port() {
    let stand = stand(5).await;
    let url = stand.emulator.url();
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(stand.status(EMPLOYEES).await, 200);
    stand.emulator.stop().await;
    let again = stand_with(Options { port, ..options(5) }).await;
    assert_eq!(again.emulator.url(), url);
    let taken = emulators::factorial::start(Options { port, ..options(5) })
        .await
        .err()
        .unwrap();
    assert!(taken.to_string().contains(&port.to_string()));
}
