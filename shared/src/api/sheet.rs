//! Sheets (RFC 4180), written so that a spreadsheet opens them without carrying out what is in them.

use super::{
    problem::Problem,
    response::{CSV, Response},
    view::plan::ChangeView,
};

/// The columns of a plan's changes.
const COLUMNS: [&str; 9] = [
    "employee_id",
    "kind",
    "account_id",
    "label",
    "reason",
    "attribute",
    "before",
    "after",
    "note",
];

/// A text that no spreadsheet takes for a formula (OWASP: "CSV Injection"). Telephone numbers and negative numbers stay
/// as they are.
fn harmless(text: &str) -> String {
    let is_formula = match text.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !text
            .chars()
            .skip(1)
            .all(|character| character.is_ascii_digit() || " .,-()".contains(character)),
        Some(_) | None => false,
    };
    if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Changes as a sheet, one line per attribute. Only the first part has a headline, so that parts can be put together.
///
/// # Errors
/// [`Problem`] where a line cannot be written.
pub(super) fn of_changes(changes: &[ChangeView], is_first: bool) -> Result<Response, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Problem::internal(&error);
    if is_first {
        writer.write_record(COLUMNS).map_err(failed)?;
    }
    for change in changes {
        let own = [
            change.employee_id.as_str(),
            change.kind,
            change.account_id.as_deref().unwrap_or_default(),
            change.label.as_str(),
            change.reason,
        ];
        let edits = change.attributes.iter().map(|edit| {
            [
                edit.name.as_str(),
                edit.before.as_deref().unwrap_or_default(),
                edit.after.as_deref().unwrap_or_default(),
                if edit.hidden {
                    "hidden"
                } else {
                    edit.note.unwrap_or_default()
                },
            ]
        });
        let mut edits: Vec<_> = edits.collect();
        if edits.is_empty() {
            edits.push([""; 4]);
        }
        for edit in edits {
            let cells = own.iter().chain(&edit).map(|cell| harmless(cell));
            writer.write_record(cells.collect::<Vec<_>>()).map_err(failed)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(error.error()))?;
    Ok(Response::of(200, CSV, bytes))
}

/// How many bytes a change has in a sheet: as many lines as attributes, each with what is said of the person.
pub(super) fn weigh(change: &ChangeView) -> usize {
    let sheet = of_changes(std::slice::from_ref(change), false);
    sheet.map_or(0, |sheet| sheet.body.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::view::plan::EditView;

    #[test]
    fn a_cell_is_never_taken_for_a_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@sum"), "'@sum");
        assert_eq!(harmless("-2+3|cmd"), "'-2+3|cmd");
        assert_eq!(harmless("+34 600 100 200"), "+34 600 100 200");
        assert_eq!(harmless("-12.5"), "-12.5");
        assert_eq!(harmless("Ana"), "Ana");
    }

    #[test]
    fn a_change_is_a_line_per_attribute_and_parts_fit_together() {
        let edit = |name: &str, after: &str| EditView {
            name: name.to_owned(),
            before: None,
            after: Some(after.to_owned()),
            hidden: false,
            note: None,
        };
        let change = ChangeView {
            employee_id: "7".to_owned(),
            kind: "mover",
            account_id: Some("a-7".to_owned()),
            label: "Ana, \"the\" Pujol".to_owned(),
            attributes: vec![edit("city", "Rome"), edit("team", "Ops")],
            reason: "changed_in_hr",
            warnings: Vec::new(),
        };
        let text =
            |is_first| String::from_utf8(of_changes(std::slice::from_ref(&change), is_first).unwrap().body).unwrap();
        let first = text(true);
        let lines: Vec<_> = first.lines().collect();
        assert_eq!(lines[0], COLUMNS.join(","));
        assert_eq!(
            lines[1],
            r#"7,mover,a-7,"Ana, ""the"" Pujol",changed_in_hr,city,,Rome,"#
        );
        assert_eq!((lines.len(), text(false).lines().count()), (3, 2));
    }
}
