//! `Idempotency-Key`: the same request is carried out once, and its answer given again for 24 hours.
//!
//! After draft-ietf-httpapi-idempotency-key-header-07; the key may come quoted, as the draft writes it, or bare.

use std::sync::Arc;

use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::{
    context::Context,
    derived::DerivedIds,
    form::bare_key,
    problem::{Code, Problem},
    response::{JSON, Response},
    route::Route,
};
use crate::{
    run::KeyedRequest,
    store::{Begun, Lives, Repeatable, StoredAnswer},
};

/// For how long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// For how long it is noted that a request was carried out: longer than any process may carry it on.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(48);

/// After how long the process that carries a request out is held for dead: longer than a function behind an HTTP API
/// lives.
const RUNNING: SignedDuration = SignedDuration::from_secs(60);

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// Carries a request out, or answers as before. What a request with a key makes has ids that follow from the key. That
/// it was done is noted together with what it does: so a process that died before the answer was kept has done it all
/// the same, once.
///
/// # Errors
/// [`Code::KeyReused`] or [`Code::Running`], or what the handler says.
pub(super) async fn answer(route: &Route, mut context: Context<'_>) -> Result<Response, Problem> {
    let handler = route.handler;
    let key = context.request.header("idempotency-key").map(bare_key);
    let key = key.filter(|_| route.is_repeatable());
    let (Some(key), Some(caller)) = (key, &context.caller) else {
        return handler(&context).await;
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
    let door = context.door;
    let now = context.now();
    let until = Lives {
        running: later(now, RUNNING),
        kept: later(now, KEPT),
    };
    let begun_at = match door.begin_answer(asked, now, until).await? {
        Begun::New { begun_at } => begun_at,
        Begun::Running => return Err(Problem::running()),
        Begun::Other => {
            return Err(Problem::new(Code::KeyReused, "send another request with another key"));
        }
        Begun::Answered(stored) => return restore(stored),
    };
    // The same key may name another request once the answer to the first is kept no more.
    let own = digest(&[id.as_bytes(), begun_at.to_string().as_bytes()]);
    context.repeatable = Some(KeyedRequest {
        done: context.ports().store.find_done(&own, now).await?,
        expires_at: later(begun_at, FORGOTTEN),
        id: own.clone(),
    });
    let ids = DerivedIds::new(own, Arc::clone(&context.ports().ids));
    context.ports.to_mut().ids = Arc::new(ids);
    let result = handler(&context).await;
    let response = match &result {
        Ok(response) => response.clone(),
        Err(problem) => problem.to_response(&request.id),
    };
    let may_mend = result.as_ref().is_err_and(|problem| problem.code.passes());
    match store(&response).filter(|_| !may_mend) {
        Some(stored) => door.keep_answer(asked, &stored, later(context.now(), KEPT)).await?,
        // An answer that another try may mend is not kept.
        None => door.leave_answer(asked).await?,
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

/// The answer of a request held a secret, and cannot be given again.
pub(super) fn shown() -> Problem {
    Problem::new(
        Code::Gone,
        "it was carried out; its answer held a secret, which is shown once and kept nowhere",
    )
}

fn restore(stored: StoredAnswer) -> Result<Response, Problem> {
    if stored.held_secret {
        return Err(shown());
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
