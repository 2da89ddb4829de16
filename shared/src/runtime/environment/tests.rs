//! What the environment may say, and what is answered where it says something else.

use std::collections::BTreeMap;

use super::*;

fn good() -> BTreeMap<&'static str, String> {
    [
        ("ROLLCALL_STAGE", "production"),
        ("ROLLCALL_ACCOUNT", "123456789012"),
        ("ROLLCALL_TABLE", "rollcall-Table-1"),
        ("ROLLCALL_RESTORED_TABLE", "restored"),
        ("ROLLCALL_SECRETS", "rollcall"),
        (
            "ROLLCALL_DIFF_QUEUE",
            "https://sqs.eu-west-1.amazonaws.com/123456789012/diff",
        ),
        (
            "ROLLCALL_APPLY_QUEUE",
            "https://sqs.eu-west-1.amazonaws.com/123456789012/apply",
        ),
        ("ROLLCALL_PUBLIC_URL", "https://hr.example.test/"),
        ("ROLLCALL_DAILY_AT", "4:0"),
        ("ROLLCALL_DAILY_TIME_ZONE", "Europe/Madrid"),
        ("ROLLCALL_PROVIDER_BASE_URLS", ""),
        ("ROLLCALL_LEASE", "360"),
        ("ROLLCALL_LOG_LEVEL", "debug"),
        ("ROLLCALL_MAXIMUM_CONCURRENCY", "40"),
        ("ROLLCALL_REQUESTS_PER_ADDRESS", "7"),
        ("ROLLCALL_REQUESTS_PER_KEY", "70"),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .into()
}

fn read(variables: &BTreeMap<&'static str, String>) -> Result<Environment, Error> {
    Environment::read(|name| variables.get(name).cloned())
}

#[test]
fn any_text_in_no_color_turns_colours_off() {
    assert!(allows_colour(None));
    assert!(allows_colour(Some("".as_ref())));
    assert!(!allows_colour(Some("1".as_ref())));
    assert!(!allows_colour(Some("0".as_ref())));
}

#[test]
fn a_good_environment_is_read_as_types() {
    let read = read(&good()).unwrap();
    assert_eq!(
        (read.home.table.as_str(), read.table.as_str()),
        ("rollcall-Table-1", "restored")
    );
    assert_eq!(read.public_url, "https://hr.example.test");
    assert_eq!(read.daily_spread, SPREAD);
    assert_eq!(read.schedule.at, jiff::civil::time(4, 0, 0, 0));
    assert_eq!(read.schedule.zone.iana_name(), Some("Europe/Madrid"));
    assert_eq!(read.base_urls, BaseUrls::default());
    assert_eq!(read.log_level, Level::DEBUG);
    assert_eq!(read.maximum_concurrency, 40);
    assert_eq!(
        (read.allowance.per_key, read.allowance.per_address),
        (Some(70), Some(7))
    );
}

#[test]
fn what_is_missing_or_wrong_is_named_with_what_was_expected() {
    for (name, bad, expected) in [
        ("ROLLCALL_TABLE", "", "the name of the stack's own table"),
        ("ROLLCALL_DIFF_QUEUE", "diff", "the queue's address"),
        ("ROLLCALL_PUBLIC_URL", "ftp://x.test", "an http(s) address"),
        ("ROLLCALL_DAILY_AT", "24:00", "a time such as `04:00`"),
        ("ROLLCALL_LEASE", "35", "seconds, from 36"),
        ("ROLLCALL_DAILY_SPREAD", "901", "seconds, from 0 to 900"),
        ("ROLLCALL_DAILY_TIME_ZONE", "Mars/Olympus", "an IANA time zone"),
        (
            "ROLLCALL_PROVIDER_BASE_URLS",
            "http://a.test,b",
            "addresses with commas",
        ),
        ("ROLLCALL_LOG_LEVEL", "loud", "TRACE, DEBUG"),
        ("ROLLCALL_MAXIMUM_CONCURRENCY", "1", "a whole number, from 2 to 1000"),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "much",
            "megabytes, from 128 to 10240",
        ),
        ("ROLLCALL_REQUESTS_PER_KEY", "0", "a whole number, from 1 to 1000000"),
        (
            "ROLLCALL_REQUESTS_PER_ADDRESS",
            "many",
            "a whole number, from 1 to 1000000",
        ),
    ] {
        let mut variables = good();
        variables.insert(name, bad.to_owned());
        let said = read(&variables).unwrap_err().to_string();
        assert!(said.contains(name) && said.contains(expected), "{said}");
    }
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    let mut variables = good();
    variables.remove("ROLLCALL_PUBLIC_URL");
    assert!(read(&variables).unwrap_err().to_string().contains("ROLLCALL_API_URL"));
    variables.insert("ROLLCALL_API_URL", "https://api.example.test".to_owned());
    variables.remove("ROLLCALL_RESTORED_TABLE");
    let own = read(&variables).unwrap();
    assert_eq!(
        (own.public_url.as_str(), own.table.as_str()),
        ("https://api.example.test", "rollcall-Table-1")
    );
    for name in ["ROLLCALL_PROVIDER_BASE_URLS", "ROLLCALL_LOG_LEVEL"] {
        variables.remove(name);
    }
    let read = read(&variables).unwrap();
    assert_eq!(read.log_level, Level::INFO);
}

#[test]
fn every_variable_of_ours_is_on_the_list() {
    let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let mut variables = good();
    variables.remove("ROLLCALL_PUBLIC_URL");
    variables.insert("ROLLCALL_API_URL", "https://api.example.test".to_owned());
    Environment::read(|name| {
        asked.borrow_mut().insert(name.to_owned());
        variables.get(name).cloned()
    })
    .unwrap();
    let ours = asked
        .into_inner()
        .into_iter()
        .filter(|name| name.starts_with("ROLLCALL_"));
    assert_eq!(ours.collect::<Vec<_>>(), VARIABLES);
}

#[test]
fn r47_the_accounts_of_a_target_may_take_a_fourth_of_the_functions_memory() {
    let mut variables = good();
    assert_eq!(read(&variables).unwrap().accounts_room(), 64 * MEGABYTE);
    variables.insert("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024".to_owned());
    assert_eq!(read(&variables).unwrap().accounts_room(), 256 * MEGABYTE);
}
