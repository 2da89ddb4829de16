//! XML, the other form of this API: reports that are ordered in it, and answers for whoever does not ask for JSON.

use super::report::Order;
use crate::kit::query::read_date;
use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

/// A tag: its name, its attributes, and whether it ends at once.
struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
    is_empty: bool,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Self {
        let is_empty = text.ends_with('/');
        let text = text.trim_end_matches('/').trim();
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        Self { name, rest, is_empty }
    }

    /// The value of an attribute.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let (_, rest) = self.rest.split_once(&format!("{name}="))?;
        let quote = rest.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
        rest.get(1..)?.split(quote).next()
    }
}

/// Reads `<report><title/><fields><field id=""/></fields><filters/></report>`; none where it is malformed.
pub(super) fn read_order(text: &str) -> Option<Order> {
    let mut order = Order::default();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text.trim();
    let mut is_begun = false;
    while let Some((before, after)) = rest.split_once('<') {
        let (inside, behind) = after.split_once('>')?;
        take_text(&mut order, &open, before.trim())?;
        rest = behind;
        if inside.starts_with('?') || inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            (open.pop()? == name.trim()).then_some(())?;
            continue;
        }
        let tag = Tag::read(inside);
        (is_begun || tag.name == "report").then_some(())?;
        is_begun = true;
        if tag.name == "field" {
            order.fields.push(tag.attribute("id")?.to_owned());
        }
        if tag.name == "employeeIds" {
            order.employee_ids = Some(Vec::new());
        }
        if !tag.is_empty {
            open.push(tag.name);
        }
    }
    (is_begun && open.is_empty() && rest.trim().is_empty()).then_some(order)
}

/// Takes the text of the innermost open tag in.
fn take_text(order: &mut Order, open: &[&str], text: &str) -> Option<()> {
    match open.last() {
        Some(&"title") if !text.is_empty() => text.clone_into(&mut order.title),
        Some(&"lastChanged") if !text.is_empty() => order.changed_since = Some(read_date(text)?),
        Some(&"employeeId") => order.employee_ids.get_or_insert_default().push(text.parse().ok()?),
        None if !text.is_empty() => return None,
        Some(_) | None => {}
    }
    Some(())
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// A JSON body as XML: members of an object are elements, rows of a list are named after it, an `id` is an attribute.
pub(super) fn reply(json: &[u8], root: &str) -> Result<Reply, Refusal> {
    let value: Value = serde_json::from_slice(json)?;
    let mut text = "<?xml version=\"1.0\"?>\n".to_owned();
    write(&mut text, root, &value);
    Ok(Reply {
        status: 200,
        headers: vec![(CONTENT_TYPE, "application/xml; charset=utf-8".to_owned())],
        body: text.into_bytes(),
    })
}

fn write(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            let id = members.get("id").map(plain).unwrap_or_default();
            text.push_str(&format!("<{name} id=\"{}\">", escape(&id)));
            for (member, value) in members.iter().filter(|(member, _)| *member != "id") {
                if value.is_object() || value.is_array() {
                    write(text, member, value);
                } else {
                    let content = escape(&plain(value));
                    text.push_str(&format!("<field id=\"{}\">{content}</field>", escape(member)));
                }
            }
            text.push_str(&format!("</{name}>"));
        }
        Value::Array(rows) => {
            text.push_str(&format!("<{name}>"));
            let row = name.strip_suffix('s').unwrap_or("row");
            rows.iter().for_each(|value| write(text, row, value));
            text.push_str(&format!("</{name}>"));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&format!("<{name}>{}</{name}>", escape(&plain(value))));
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A report as a sheet with commas.
pub(super) fn sheet(json: &[u8]) -> Result<Reply, Refusal> {
    let report: Value = serde_json::from_slice(json)?;
    let list = |member: &str| report[member].as_array().cloned().unwrap_or_default();
    let columns = list("fields");
    let line = |cells: Vec<String>| {
        let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(",") + "\r\n"
    };
    let mut text = line(columns.iter().map(|column| plain(&column["name"])).collect());
    for row in list("employees") {
        text += &line(columns.iter().map(|column| plain(&row[plain(&column["id"])])).collect());
    }
    Ok(Reply {
        status: 200,
        headers: vec![(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned())],
        body: text.into_bytes(),
    })
}
