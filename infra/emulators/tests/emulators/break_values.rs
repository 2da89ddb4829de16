//! Break modes of answers and values, each in every HR system: how long to wait, bodies that are no answer, values that are not
//! as documented.

use crate::any::{Any, any, header};
use emulators::Kind;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A request for people, with the members of a row for id, last name and a member that may be missing.
struct People {
    any: Any,
    request: fn(&Any) -> RequestBuilder,
    rows: &'static str,
    last_name: &'static str,
    birth_date: &'static str,
}

async fn stands() -> [People; 4] {
    let bamboohr = |any: &Any| {
        let body = json!({"fields": ["lastName", "dateOfBirth"]});
        let request = any.bare(Method::POST, "/api/v1/reports/custom?format=json");
        let request = request
            .basic_auth(any.running.api_key(), Some("x"))
            .header("accept", "application/json");
        crate::support::with_json(request, &body)
    };
    let factorial = |any: &Any| {
        let request = any.bare(Method::GET, "/api/2026-10-01/resources/employees/employees");
        request.header("x-api-key", any.running.api_key())
    };
    let humaans = |any: &Any| {
        let request = any.bare(Method::GET, "/api/people?$limit=250");
        request.bearer_auth(any.running.api_key())
    };
    let lucca = |any: &Any| {
        let request = any.bare(
            Method::GET,
            "/api/v3/users?fields=id,lastName,birthDate&paging=0,1000&formerEmployees=true",
        );
        request.header("authorization", format!("lucca application={}", any.running.api_key()))
    };
    [
        People {
            any: any(Kind::BambooHr, 10).await,
            request: bamboohr,
            rows: "/employees",
            last_name: "lastName",
            birth_date: "dateOfBirth",
        },
        People {
            any: any(Kind::Factorial, 10).await,
            request: factorial,
            rows: "/data",
            last_name: "last_name",
            birth_date: "birthday_on",
        },
        People {
            any: any(Kind::Humaans, 10).await,
            request: humaans,
            rows: "/data",
            last_name: "lastName",
            birth_date: "birthday",
        },
        People {
            any: any(Kind::Lucca, 10).await,
            request: lucca,
            rows: "/data/items",
            last_name: "lastName",
            birth_date: "birthDate",
        },
    ]
}

impl People {
    async fn ask(&self) -> Response {
        (self.request)(&self.any).send().await.unwrap()
    }

    async fn text(&self) -> String {
        self.ask().await.text().await.unwrap()
    }

    async fn rows(&self) -> Vec<Value> {
        let text = self.text().await;
        let body: Value = serde_json::from_str(&text).unwrap();
        body.pointer(self.rows).unwrap().as_array().unwrap().clone()
    }

    /// Returns the rows under a fault.
    async fn rows_under(&self, fault: Value) -> Vec<Value> {
        self.any.break_with(fault).await;
        let rows = self.rows().await;
        self.any.mend().await;
        rows
    }
}

#[tokio::test]
async fn a_refusal_says_when_to_come_back_with_a_fraction_or_in_the_vendors_words() {
    for people in stands().await {
        for (told, said) in [(json!(2.5), "2.5"), (json!("own"), "1")] {
            let fault = json!({"mode": "status", "status": 429, "retry_after": told});
            people.any.break_with(fault).await;
            let answer = people.ask().await;
            assert_eq!(
                (answer.status().as_u16(), header(&answer, "retry-after").as_str()),
                (429, said)
            );
        }
    }
}

#[tokio::test]
async fn a_body_is_missing_or_holds_an_error_behind_a_200() {
    for people in stands().await {
        people.any.break_with(json!({"mode": "no_body"})).await;
        let answer = people.ask().await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.text().await.unwrap(), "");
        people.any.mend().await;
        people.any.break_with(json!({"mode": "error_inside"})).await;
        let answer = people.ask().await;
        assert_eq!(answer.status().as_u16(), 200);
        let said = answer.headers().contains_key("x-bamboohr-error-message");
        assert!(said || answer.text().await.unwrap().contains("told to fail"));
    }
}

#[tokio::test]
async fn a_value_is_odd_in_as_many_rows_as_wanted() {
    for people in stands().await {
        let whole = people.rows().await;
        let odd = |shape: &str, field: &str| json!({"mode": "odd_value", "field": field, "shape": shape, "rows": 2});
        let differs = |rows: &[Value], member: &str| {
            let pairs = rows.iter().zip(&whole);
            pairs
                .filter(|(now, before)| now.get(member) != before.get(member))
                .count()
        };
        let rows = people.rows_under(odd("unknown", "last_name")).await;
        assert_eq!(differs(&rows, people.last_name), 2);
        let is_unknown = |row: &&Value| row[people.last_name] == "zz-unheard-of";
        assert_eq!(rows.iter().filter(is_unknown).count(), 2);
        let rows = people.rows_under(odd("absent", "birth_date")).await;
        assert_eq!(
            rows.iter().filter(|row| row.get(people.birth_date).is_none()).count(),
            2
        );
        let rows = people.rows_under(odd("other_type", "employee_id")).await;
        let (now, before) = (&rows[0]["id"], &whole[0]["id"]);
        assert_eq!(now.to_string().replace('"', ""), before.to_string().replace('"', ""));
        assert_ne!(now.is_string(), before.is_string());
        assert_eq!(differs(&rows, "id"), 2);
    }
}

#[tokio::test]
async fn a_broken_text_is_half_a_surrogate_and_the_rest_is_as_it_was() {
    for people in stands().await {
        let whole = people.text().await;
        let fault = json!({"mode": "odd_value", "field": "last_name", "shape": "broken", "rows": 1});
        people.any.break_with(fault).await;
        let broken = people.text().await;
        assert_eq!(broken.matches(" \\ud83d\"").count(), 1, "{broken}");
        assert!(serde_json::from_str::<Value>(&broken).is_err());
        assert_eq!(broken.replace(" \\ud83d\"", "\""), whole);
    }
}

#[tokio::test]
async fn a_broken_name_and_a_broken_id_are_half_a_surrogate_and_the_rest_is_as_it_was() {
    for people in stands().await {
        let whole = people.text().await;
        let fault = json!({"mode": "odd_value", "field": "last_name", "shape": "broken_name", "rows": 1});
        people.any.break_with(fault).await;
        let broken = people.text().await;
        let name = format!("\"{} \\ud83d\":", people.last_name);
        assert_eq!(broken.matches(&name).count(), 1, "{broken}");
        assert_eq!(broken.replace(" \\ud83d\"", "\""), whole);
        people.any.mend().await;
        let fault = json!({"mode": "odd_value", "field": "employee_id", "shape": "broken", "rows": 2});
        people.any.break_with(fault).await;
        assert_eq!(people.text().await.matches(" \\ud83d\"").count(), 2);
    }
}

#[tokio::test]
async fn an_empty_page_follows_a_page_that_said_so() {
    let any = any(Kind::Factorial, 10).await;
    any.break_with(json!({"mode": "empty_page", "path": "employees"})).await;
    let page = async |query: String| {
        let path = format!("/api/2026-10-01/resources/employees/employees{query}");
        let request = any.bare(Method::GET, &path).header("x-api-key", any.running.api_key());
        crate::support::json_of(request.send().await.unwrap()).await
    };
    let first = page(String::new()).await;
    assert_eq!(first["meta"]["has_next_page"], true);
    let cursor = first["meta"]["end_cursor"].as_str().unwrap();
    let second = page(format!("?after_id={cursor}")).await;
    assert_eq!(
        (
            &second["data"],
            &second["meta"]["has_next_page"],
            &second["meta"]["total"]
        ),
        (&json!([]), &json!(false), &first["meta"]["total"])
    );
}
