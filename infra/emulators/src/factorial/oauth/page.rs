//! The web pages of logging in.

use super::super::PermissionGroup;
use super::authorize::Asked;
use crate::server::reply::Reply;
use std::fmt::Write;

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

/// The page with its two buttons.
pub(super) fn consent(asked: &Asked, companies: &[&str]) -> Reply {
    let mut hidden = String::new();
    let fields = [
        ("client_id", Some(asked.client_id.as_str())),
        ("redirect_uri", Some(&asked.redirect_text)),
        ("response_type", Some(&asked.response_type)),
        ("scope", Some(&asked.scope)),
        ("state", asked.state.as_deref()),
        ("resource_owner_type", asked.resource_owner_type.as_deref()),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _: std::fmt::Result = write!(
                hidden,
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            );
        }
    }
    let options = |items: &mut dyn Iterator<Item = (String, String)>| {
        items.fold(String::new(), |mut list, (value, label)| {
            let _: std::fmt::Result = write!(list, "<option value=\"{}\">{}</option>", escape(&value), escape(&label));
            list
        })
    };
    let groups = options(
        &mut PermissionGroup::all()
            .into_iter()
            .map(|group| (group.name.clone(), group.name)),
    );
    let choices = options(
        &mut companies
            .iter()
            .enumerate()
            .map(|(position, name)| (position.to_string(), (*name).to_owned())),
    );
    let what = if asked.resource_owner_type.is_some() {
        "the whole company"
    } else {
        "what you can see"
    };
    Reply::html(
        200,
        frame(
            "Authorize - emulated Factorial",
            &format!(
                "<h1>Authorize access?</h1><p>An application asks to read {what} (scope: {}).</p><form method=\"post\" action=\"/oauth/authorize\">{hidden}\
                 <label>Sign in as <select name=\"sign_in_as\">{groups}</select></label><label>Company <select name=\"company\">{choices}</select></label>\
                 <button name=\"decision\" value=\"allow\">Allow</button><button name=\"decision\" value=\"deny\">Deny</button></form>",
                escape(&asked.scope)
            ),
        ),
    )
}
