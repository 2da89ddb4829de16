//! XML, the other form of this API: reports that are ordered in it, and answers to requests that do not ask for JSON.

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

/// A JSON body as XML: members of an object are elements, rows of a list are named after it, an id is an attribute.
pub(super) fn reply(json: &[u8], root: &str) -> Result<Reply, Refusal> {
    let value: Value = serde_json::from_slice(json)?;
    let text = format!("<?xml version=\"1.0\"?>\n{}", show(root, &value));
    Ok(Reply {
        status: 200,
        headers: vec![(CONTENT_TYPE, "application/xml; charset=utf-8".to_owned())],
        body: text.into_bytes(),
    })
}

/// Members that are attributes of an element.
const ATTRIBUTES: [&str; 2] = ["id", "employeeId"];

/// An element with its content.
fn element(name: &str, attribute: &str, content: &str) -> String {
    format!("<{name}{attribute}>{content}</{name}>")
}

fn show(name: &str, value: &Value) -> String {
    if let Some(members) = value.as_object() {
        let attributes: Vec<String> = ATTRIBUTES
            .iter()
            .filter_map(|name| Some(format!(" {name}=\"{}\"", escape(&plain(members.get(*name)?)))))
            .collect();
        let others = members
            .iter()
            .filter(|(member, _)| !ATTRIBUTES.contains(&member.as_str()));
        let content: Vec<String> = others
            .map(|(member, value)| {
                if value.is_object() || value.is_array() {
                    return show(member, value);
                }
                element("field", &format!(" id=\"{}\"", escape(member)), &escape(&plain(value)))
            })
            .collect();
        return element(name, &attributes.concat(), &content.concat());
    }
    if let Some(rows) = value.as_array() {
        let row = name.strip_suffix('s').unwrap_or("row");
        let content: Vec<String> = rows.iter().map(|value| show(row, value)).collect();
        return element(name, "", &content.concat());
    }
    element(name, "", &escape(&plain(value)))
}

fn plain(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A report as a sheet with commas.
pub(super) fn sheet(json: &[u8]) -> Result<Reply, Refusal> {
    let report: Value = serde_json::from_slice(json)?;
    let list = |member: &str| {
        report
            .get(member)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let text = |row: &Value, member: &str| row.get(member).map(plain).unwrap_or_default();
    let columns = list("fields");
    let line = |cells: Vec<String>| {
        let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(",") + "\r\n"
    };
    let mut lines = vec![line(columns.iter().map(|column| text(column, "name")).collect())];
    for row in list("employees") {
        lines.push(line(
            columns.iter().map(|column| text(&row, &text(column, "id"))).collect(),
        ));
    }
    Ok(Reply {
        status: 200,
        headers: vec![(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned())],
        body: lines.concat().into_bytes(),
    })
}
