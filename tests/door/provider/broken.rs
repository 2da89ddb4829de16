//! Reads that are not whole, as callers see them.

use rollcall::source::Class;

use super::{in_step, pretend::Ending, sync};

#[tokio::test]
async fn r06_each_way_in_which_a_read_is_not_whole_has_its_code_in_the_run() {
    let (desk, pretend, connection) = in_step(10).await;
    let codes = [
        (Ending::Fails(Class::Malformed), "malformed"),
        (Ending::Fails(Class::Misconfigured), "misconfigured"),
        (Ending::Fails(Class::Forbidden), "forbidden"),
        (Ending::Fails(Class::Temporary), "unavailable"),
        (Ending::Unsaid, "incomplete"),
        (Ending::Announces(1), "incomplete"),
    ];
    for (ending, code) in codes {
        pretend.end_by(ending);
        let run = sync(&desk, &connection).await;
        assert_eq!(run.at("/status"), "succeeded_with_errors", "{ending:?}: {}", run.body);
        assert_eq!(run.at("/errors/0/code"), code, "{ending:?}: {}", run.body);
        assert_eq!(run.at("/completeness"), "partial", "{ending:?}: {}", run.body);
        assert_eq!(
            run.body["errors"].as_array().unwrap().len(),
            1,
            "{ending:?}: {}",
            run.body
        );
        let detail = run.at("/errors/0/detail");
        assert!(
            detail.ends_with("all else waits for a complete read"),
            "{ending:?}: {detail}"
        );
    }
    // A credential that is refused in the middle ends the run, and the connection says so.
    pretend.end_by(Ending::Fails(Class::Unauthorized));
    let run = sync(&desk, &connection).await;
    assert_eq!(run.at("/status"), "failed", "{}", run.body);
    assert_eq!(run.at("/errors/0/code"), "needs-reauthorization", "{}", run.body);
    let shown = desk.send("GET", &format!("/v1/connections/{connection}"), None).await;
    assert_eq!(shown.at("/status"), "needs_reauthorization", "{}", shown.body);
}
