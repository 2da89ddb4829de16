//! Between API Gateway's HTTP API and the routes: events in (payload format 2.0), answers out.
//!
//! AWS: "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway".

use std::collections::BTreeMap;

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};

use super::{request::Request, response::Response};

/// An HTTP API waits no longer than 30 seconds (AWS: "Quotas for HTTP APIs"); an answer has to be under way before that.
const HTTP_TIME_OUT: SignedDuration = SignedDuration::from_secs(29);

/// When an answer is due, of a function that Lambda stops at `deadline`.
pub(super) fn due(now: Timestamp, deadline: Timestamp) -> Timestamp {
    now.saturating_add(HTTP_TIME_OUT)
        .map_or(deadline, |cut| cut.min(deadline))
}

/// Reads an event. A body that is said to be base64 and is not is `None`.
pub(super) fn to_request(event: ApiGatewayV2httpRequest, deadline: Timestamp) -> Option<Request> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in &event.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let joined = headers.entry(name.as_str().to_owned()).or_default();
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(&value);
    }
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        STANDARD.decode(body).ok()?
    } else {
        body.into_bytes()
    };
    Some(Request {
        method: event.request_context.http.method.as_str().to_owned(),
        path: event.raw_path.unwrap_or_default(),
        query: event.raw_query_string.unwrap_or_default(),
        cookies: cookies(event.cookies, headers.get("cookie")),
        headers,
        body,
        address: event.request_context.http.source_ip.unwrap_or_default(),
        id: event.request_context.request_id.unwrap_or_default(),
        deadline,
    })
}

/// API Gateway lists cookies apart from the headers; emulators of it leave them there.
fn cookies(listed: Option<Vec<String>>, header: Option<&String>) -> Vec<String> {
    listed.filter(|listed| !listed.is_empty()).unwrap_or_else(|| {
        let parts = header.map_or("", String::as_str).split(';').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    })
}

/// Writes an answer. Bodies are texts.
pub(super) fn to_event(response: Response) -> ApiGatewayV2httpResponse {
    let mut headers = HeaderMap::new();
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let mut event = ApiGatewayV2httpResponse::default();
    event.status_code = i64::from(response.status);
    event.headers = headers;
    event.body = match String::from_utf8(response.body) {
        Ok(text) if text.is_empty() => None,
        Ok(text) => Some(Body::Text(text)),
        Err(bytes) => Some(Body::Binary(bytes.into_bytes())),
    };
    event.cookies = response.cookies;
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_due_before_the_http_api_cuts_off() {
        let now = Timestamp::UNIX_EPOCH;
        let later = |seconds| now + SignedDuration::from_secs(seconds);
        assert_eq!(due(now, later(300)), later(29));
        assert_eq!(due(now, later(10)), later(10));
    }

    #[test]
    fn cookies_are_read_from_the_list_or_else_from_the_header() {
        let header = "a=1; b=2".to_owned();
        assert_eq!(cookies(None, Some(&header)), ["a=1", "b=2"]);
        assert_eq!(cookies(Some(vec!["c=3".to_owned()]), Some(&header)), ["c=3"]);
        assert!(cookies(None, None).is_empty());
    }

    fn event(more: &str) -> ApiGatewayV2httpRequest {
        let text = format!(
            r#"{{
              "version": "2.0", "routeKey": "$default", "rawPath": "/v1/plans/p%20", "rawQueryString": "limit=5",
              "cookies": ["a=1"], "headers": {{"Content-Type": "application/json", "x-acting-user": "admin-3"}},
              "requestContext": {{"accountId": "123456789012", "apiId": "api-id", "domainName": "d", "domainPrefix": "p",
                "http": {{"method": "POST", "path": "/v1/plans/p%20", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                "userAgent": "agent"}}, "requestId": "id-1", "routeKey": "$default", "stage": "$default",
                "time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1583348638390}}{more}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_event_becomes_a_request() {
        let request = to_request(
            event(r#", "body": "{}", "isBase64Encoded": false"#),
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/v1/plans/p%20")
        );
        assert_eq!((request.query.as_str(), request.id.as_str()), ("limit=5", "id-1"));
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.header("x-acting-user"), Some("admin-3"));
        assert_eq!(
            (request.cookie("a"), request.body.as_slice()),
            (Some("1"), b"{}".as_slice())
        );
        assert_eq!(request.address, "192.0.2.1");
    }

    #[test]
    fn a_body_in_base64_is_decoded() {
        let request = to_request(
            event(r#", "body": "e30=", "isBase64Encoded": true"#),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(request.unwrap().body, b"{}");
        let broken = to_request(
            event(r#", "body": "%", "isBase64Encoded": true"#),
            Timestamp::UNIX_EPOCH,
        );
        assert!(broken.is_none());
    }

    #[test]
    fn an_answer_becomes_an_event() {
        let mut response = Response::of(303, "text/plain", "text").with("location", "https://app.example/");
        response.cookies.push("a=1; HttpOnly".to_owned());
        let event = serde_json::to_value(to_event(response)).unwrap();
        assert_eq!(event["statusCode"], 303);
        assert_eq!(event["headers"]["location"], "https://app.example/");
        assert_eq!(
            (&event["body"], &event["cookies"][0]),
            (&"text".into(), &"a=1; HttpOnly".into())
        );
    }
}
