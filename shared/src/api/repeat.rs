//! `Idempotency-Key`: the same request is carried out once, and its answer given again for 24 hours.
//!
//! After draft-ietf-httpapi-idempotency-key-header-07; the key may come quoted, as the draft writes it, or bare.

use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::{
    context::Context,
    form::bare_key,
    problem::{Code, Problem},
    response::{JSON, Response},
};
use crate::store::{Begun, Repeatable, StoredAnswer};

/// For how long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// After how long whoever carries a request out is held for dead: longer than a function behind an HTTP API lives.
const RUNNING: SignedDuration = SignedDuration::from_secs(60);

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// Carries a request out, or answers as before.
///
/// # Errors
/// [`Code::KeyReused`] or [`Code::Running`], or what the handler says.
pub(super) async fn answer(context: &Context<'_>) -> Result<Response, Problem> {
    let handler = context.route.handler;
    let key = context.request.header("idempotency-key").map(bare_key);
    let key = key.filter(|_| context.route.is_repeatable());
    let (Some(key), Some(caller)) = (key, &context.caller) else {
        return handler(context).await;
    };
    let request = context.request;
    let id = digest(&[
        caller.key.as_bytes(),
        request.method.as_bytes(),
        request.path.as_bytes(),
        key.as_bytes(),
    ]);
    let body = digest(&[&request.body, request.query.as_bytes()]);
    let asked = Repeatable {
        id: &id,
        request: &body,
    };
    let door = &context.edge.door;
    let now = context.now();
    match door.begin_answer(asked, now, later(now, RUNNING)).await? {
        Begun::New => {}
        Begun::Running => {
            let mut problem = Problem::new(Code::Running, "wait, and send the same request again for its answer");
            problem.retry_after = Some(2);
            return Err(problem);
        }
        Begun::Other => {
            return Err(Problem::new(Code::KeyReused, "send another request with another key"));
        }
        Begun::Answered(stored) => return restore(stored),
    }
    let result = handler(context).await;
    let response = match &result {
        Ok(response) => response.clone(),
        Err(problem) => problem.to_response(&request.id),
    };
    let may_mend = result.as_ref().is_err_and(|problem| problem.code == Code::Busy);
    match store(&response).filter(|_| !may_mend) {
        Some(stored) => door.keep_answer(asked, &stored, later(context.now(), KEPT)).await?,
        // What another try may mend is not kept.
        None => door.drop_answer(asked).await?,
    }
    result
}

fn later(now: jiff::Timestamp, by: SignedDuration) -> jiff::Timestamp {
    now.saturating_add(by).unwrap_or(jiff::Timestamp::MAX)
}

fn store(response: &Response) -> Option<StoredAnswer> {
    let body = String::from_utf8(response.body.clone()).ok()?;
    (response.status < 500 && body.len() < 300_000).then(|| StoredAnswer {
        status: response.status,
        content_type: response.header("content-type").unwrap_or(JSON).to_owned(),
        location: response.header("location").map(str::to_owned),
        body: if response.holds_secret { String::new() } else { body },
        held_secret: response.holds_secret,
    })
}

fn restore(stored: StoredAnswer) -> Result<Response, Problem> {
    if stored.held_secret {
        return Err(Problem::new(
            Code::Gone,
            "it was carried out; its answer held a secret, which is shown once and kept nowhere",
        ));
    }
    let response = Response::of(stored.status, stored.content_type, stored.body).with("idempotency-replayed", "true");
    Ok(match stored.location {
        Some(location) => response.with("location", location),
        None => response,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
