//! README's tables of HR systems: what stands there is what each says of itself.

use std::path::Path;

use rollcall::{
    employee::Canonical,
    runtime::{ProviderSettings, outbound_client, providers},
    source::{Availability, Provider, SiteForm},
};
use serde_json::{Value, json};

/// Returns the row of README's table for a provider.
fn row(provider: &dyn Provider) -> String {
    let description = provider.description();
    let ways = description.ways.iter().map(|way| format!("`{}`", way.method.as_str()));
    let site = match provider.site().map(|site| (site.label, site.form)) {
        None => "-".to_owned(),
        Some((label, SiteForm::Below(suffixes))) => format!("{label}, below `{}`", suffixes.join("`, `")),
        Some((label, SiteForm::OneOf(words))) => {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            format!("{label}, one of `{}`", words.join("`, `"))
        }
    };
    let ways = ways.collect::<Vec<_>>().join(", ");
    format!("| {} | `{}` | {ways} | {site} |", description.name, provider.kind())
}

/// Returns the row of README's table of what a provider gives and costs.
fn gifts(provider: &dyn Provider) -> String {
    let description = provider.description();
    let had = |attribute: &Canonical| {
        let mut given = description.attributes.iter();
        given.any(|(one, availability)| one == attribute && *availability != Availability::No)
    };
    // `email` is an account's: configuration says which employee attribute it is taken from.
    let all = Canonical::ALL.iter().filter(|one| **one != Canonical::Email);
    let missing: Vec<_> = all.filter(|attribute| !had(attribute)).map(|one| one.name()).collect();
    let missing = if missing.is_empty() {
        "-".to_owned()
    } else {
        missing.join(", ")
    };
    let best = description.identifiers.first().map(|best| json!(best));
    let best = best.as_ref().and_then(Value::as_str).unwrap_or("-");
    let pace = description.cost.people_a_second(1_000);
    let pace = pace.map_or_else(|| "not published".to_owned(), |people| people.to_string());
    format!(
        "| {} | {missing} | {} | `{best}` | {} | {pace} |",
        description.name,
        description.permissions.join(", "),
        (description.cost.requests)(1_000)
    )
}

#[test]
fn the_readme_says_what_every_hr_system_gives_and_costs() {
    let head = "| HR system | cannot give | to tick at the vendor | people are best told apart by | requests for 1,000 people | people a second |\n\
                |---|---|---|---|---:|---:|\n";
    assert_table(head, gifts);
}

#[test]
fn the_readme_lists_every_hr_system_as_it_describes_itself() {
    assert_table(
        "| HR system | `provider` | connected by | `site` |\n|---|---|---|---|\n",
        row,
    );
}

/// Holds that below this head README has one row for each provider.
fn assert_table(head: &str, row: impl Fn(&dyn Provider) -> String) {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, table) = readme.split_once(head).expect("README has a table of HR systems");
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    let all = providers(&outbound_client().unwrap(), &ProviderSettings::default());
    let expected: Vec<String> = all.iter().map(|provider| row(provider.as_ref())).collect();
    assert_eq!(
        rows, expected,
        "README's table of HR systems says something else than they do"
    );
}
