//! The web pages of logging in.

use super::super::system::System;
use super::authorize::AuthorizationRequest;
use crate::server::reply::Reply;
use std::fmt::Write;

/// Parameters that a person chooses on the page.
const CHOSEN: [&str; 3] = ["sign_in_as", "company", "decision"];

/// Text that cannot break out of HTML.
fn escape(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut safe, letter| {
            match letter {
                '&' => safe.push_str("&amp;"),
                '<' => safe.push_str("&lt;"),
                '>' => safe.push_str("&gt;"),
                '"' => safe.push_str("&quot;"),
                '\'' => safe.push_str("&#39;"),
                other => safe.push(other),
            }
            safe
        })
}

fn frame(title: &str, content: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:12vh auto;padding:0 1rem}}button{{font:inherit;padding:.5rem 1.5rem;margin-right:1rem}}\
         label{{display:block;margin:1rem 0}}</style><main>{content}</main></html>"
    )
}

/// Returns a page with a problem that cannot be told to the application, because the application cannot be trusted.
pub(super) fn problem(text: &str) -> Reply {
    let text = escape(text);
    Reply::html(
        400,
        frame(
            "An error has occurred",
            &format!("<h1>An error has occurred</h1><p>{text}</p>"),
        ),
    )
}

fn options(items: impl Iterator<Item = (String, String)>) -> String {
    items.fold(String::new(), |mut list, (value, label)| {
        // Writing to a String cannot fail.
        let _: std::fmt::Result = write!(list, "<option value=\"{}\">{}</option>", escape(&value), escape(&label));
        list
    })
}

/// The page with its two buttons.
pub(super) fn consent(system: &System, asked: &AuthorizationRequest) -> Reply {
    let manners = system.dialect.manners();
    let hidden = asked.values.iter().filter(|(name, _)| !CHOSEN.contains(&name.as_str()));
    let hidden = hidden.fold(String::new(), |mut fields, (name, value)| {
        let _: std::fmt::Result = write!(
            fields,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
        fields
    });
    let groups = options(
        system
            .dialect
            .groups()
            .into_iter()
            .map(|group| (group.name.clone(), group.name)),
    );
    let companies = system.stage.companies();
    let choices = options(
        companies
            .iter()
            .enumerate()
            .map(|(position, company)| (position.to_string(), company.name.clone())),
    );
    let what = if asked.for_company {
        "the whole company"
    } else {
        "what you can see"
    };
    Reply::html(
        200,
        frame(
            &format!("Authorize - emulated {}", system.kind.label()),
            &format!(
                "<h1>Authorize access?</h1><p>An application asks to read {what} (scope: {}).</p><form method=\"post\" action=\"{}{}\">{hidden}\
                 <label>Sign in as <select name=\"sign_in_as\">{groups}</select></label><label>Company <select name=\"company\">{choices}</select></label>\
                 <button name=\"decision\" value=\"allow\">Allow</button><button name=\"decision\" value=\"deny\">Deny</button></form>",
                escape(&asked.scope),
                manners.authorize.unwrap_or_default(),
                manners.authorize_query,
            ),
        ),
    )
}
