//! Times of one person with the company, each a row with a first and a last day: those that follow each other without a day between them are
//! one, and of several one counts.

use jiff::civil::Date;

use super::{
    related::{Spell, day},
    value::{Nested, Text},
};

/// The time that counts, by its rows.
#[derive(Clone, Copy, Debug)]
pub struct Time<'r> {
    /// The row that says the first day.
    pub first: Nested<'r>,
    /// The row that says the last day.
    pub last: Nested<'r>,
    /// The row that applies on the day: the current one, else the next, else the last.
    pub applies: Nested<'r>,
    /// Whether the day is known to be one of it.
    pub is_current: bool,
    /// The row that says the last day of the time before, where this one is still to come.
    pub before: Option<Nested<'r>>,
}

/// A row with its days.
#[derive(Clone, Copy)]
struct Dated<'r> {
    row: Nested<'r>,
    from: Date,
    /// Without a last day it holds until further notice.
    until: Option<Date>,
}

impl<'r> Time<'r> {
    /// Returns which time of a person counts on a day: the current one, else the next, else the last. Rows that overlap, or of which one
    /// begins the day after another one ends, are one time. `None` where there is no row, or where of several the days of one
    /// cannot be read: then it is not known which counts.
    pub fn counting(rows: &[Nested<'r>], spell: Spell, today: Date) -> Option<Self> {
        if let [only] = rows {
            let [first, last, applies] = [*only; 3];
            let dated = Dated::read(*only, spell);
            return only.is_object().then_some(Self {
                first,
                last,
                applies,
                is_current: dated.is_some_and(|row| row.holds(today)),
                before: None,
            });
        }
        let dated: Option<Vec<Dated<'r>>> = rows.iter().map(|row| Dated::read(*row, spell)).collect();
        let mut dated = dated?;
        dated.sort_by_key(|row| row.from);
        let mut times: Vec<Vec<Dated<'r>>> = Vec::new();
        for row in dated {
            let before = row.from.yesterday().unwrap_or(row.from);
            match times.last_mut() {
                Some(time) if lasts_until(time, before) => time.push(row),
                Some(_) | None => times.push(vec![row]),
            }
        }
        let is_ahead = |time: &Vec<Dated<'r>>| time.iter().all(|row| row.from > today);
        let current = times
            .iter()
            .rposition(|time| !is_ahead(time) && lasts_until(time, today));
        let next = || times.iter().position(is_ahead);
        let counting = current.or_else(next).or_else(|| times.len().checked_sub(1))?;
        let counted = times.get(counting)?;
        let before = counting.checked_sub(1).filter(|_| is_ahead(counted));
        let before = before
            .and_then(|before| times.get(before))
            .and_then(|time| last_of(time));
        let time = Self::of(counted, today)?;
        Some(Self {
            is_current: current.is_some(),
            before: before.map(|last| last.row),
            ..time
        })
    }

    fn of(rows: &[Dated<'r>], today: Date) -> Option<Self> {
        let last = last_of(rows)?;
        let current = rows.iter().rfind(|row| row.holds(today));
        let applies = current.or_else(|| rows.iter().find(|row| row.from > today));
        Some(Self {
            first: rows.first()?.row,
            last: last.row,
            applies: applies.unwrap_or(last).row,
            is_current: false,
            before: None,
        })
    }
}

/// The row of a time that holds longest.
fn last_of<'t, 'r>(rows: &'t [Dated<'r>]) -> Option<&'t Dated<'r>> {
    rows.iter().max_by_key(|row| row.until.unwrap_or(Date::MAX))
}

/// Whether one of these rows holds until a day, or beyond.
fn lasts_until(rows: &[Dated<'_>], end: Date) -> bool {
    rows.iter().any(|row| row.until.is_none_or(|until| until >= end))
}

impl<'r> Dated<'r> {
    /// Reads a row; `None` where it cannot be told when it holds.
    fn read(row: Nested<'r>, spell: Spell) -> Option<Self> {
        let until = match row.either(spell.until) {
            Text::Absent | Text::Null => None,
            said @ (Text::Odd | Text::Value(_)) => Some(day(&said)?),
        };
        let from = day(&row.at(spell.from))?;
        Some(Self { row, from, until })
    }

    /// Whether it holds on a day.
    fn holds(&self, today: Date) -> bool {
        self.from <= today && self.until.is_none_or(|until| until >= today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPELL: Spell = Spell {
        from: "from",
        until: &["until"],
    };

    /// The first day, the last day and the name of what applies on the second of March.
    fn counting(rows: &str) -> Option<[String; 3]> {
        let rows: Vec<Nested<'_>> = serde_json::from_str(rows).unwrap();
        let time = Time::counting(&rows, SPELL, "2026-03-02".parse().unwrap())?;
        let said = |row: Nested<'_>, member| row.text(member).value().unwrap_or("-").to_owned();
        Some([
            said(time.first, "from"),
            said(time.last, "until"),
            said(time.applies, "is"),
        ])
    }

    #[track_caller]
    fn assert_counts(rows: &str, expected: [&str; 3]) {
        assert_eq!(counting(rows), Some(expected.map(str::to_owned)), "{rows}");
    }

    #[test]
    fn r10_rows_that_follow_each_other_are_one_time_and_the_current_time_counts() {
        assert_counts(
            r#"[{"is":"b","from":"2025-01-01","until":null},{"is":"a","from":"2024-01-01","until":"2024-12-31"}]"#,
            ["2024-01-01", "-", "b"],
        );
        assert_counts(
            r#"[{"is":"a","from":"2024-01-01","until":"2024-12-31"},{"is":"b","from":"2025-01-02"}]"#,
            ["2025-01-02", "-", "b"],
        );
        assert_counts(
            r#"[{"is":"a","from":"2025-01-01","until":"2026-04-30"},{"is":"b","from":"2026-09-01","until":null}]"#,
            ["2025-01-01", "2026-04-30", "a"],
        );
        assert_counts(
            r#"[{"is":"a","from":"2024-01-01","until":null},{"is":"b","from":"2024-06-01","until":"2024-06-30"}]"#,
            ["2024-01-01", "-", "a"],
        );
        assert_counts(
            r#"[{"is":"a","from":"2024-01-01","until":"2026-03-31"},{"is":"b","from":"2026-04-01","until":"2026-12-31"}]"#,
            ["2024-01-01", "2026-12-31", "a"],
        );
    }

    #[test]
    fn r10_where_no_time_is_current_the_next_counts_and_else_the_last() {
        assert_counts(
            r#"[{"is":"a","from":"2024-01-01","until":"2026-03-01"},{"is":"b","from":"2026-03-10","until":null}]"#,
            ["2026-03-10", "-", "b"],
        );
        assert_counts(
            r#"[{"is":"a","from":"2019-01-01","until":"2020-12-31"},{"is":"b","from":"2022-01-01","until":"2022-06-30"}]"#,
            ["2022-01-01", "2022-06-30", "b"],
        );
    }

    #[test]
    fn r10_between_two_times_the_last_day_of_the_one_before_is_known() {
        let times = |rows: &str| {
            let rows: Vec<Nested<'_>> = serde_json::from_str(rows).unwrap();
            let time = Time::counting(&rows, SPELL, "2026-03-02".parse().unwrap()).unwrap();
            let before = time
                .before
                .map(|row| row.text("until").value().unwrap_or("-").to_owned());
            (time.is_current, before)
        };
        let earlier = r#"{"from":"2024-01-01","until":"2024-06-30"},{"from":"2025-01-01","until":"2026-02-27"}"#;
        let next = r#"{"from":"2026-03-10","until":null}"#;
        assert_eq!(
            times(&format!("[{next},{earlier}]")),
            (false, Some("2026-02-27".to_owned()))
        );
        assert_eq!(times(&format!("[{earlier}]")), (false, None), "over");
        let later = r#"{"from":"2026-09-01","until":null}"#;
        assert_eq!(times(&format!("[{next},{later}]")), (false, None), "none ended");
        let current = r#"{"from":"2026-03-02","until":null}"#;
        assert_eq!(times(&format!("[{current},{earlier}]")), (true, None));
        assert_eq!(times(&format!("[{current}]")), (true, None));
        assert_eq!(times(&format!("[{next}]")), (false, None));
    }

    #[test]
    fn r07_of_several_rows_one_whose_days_cannot_be_read_leaves_open_which_counts() {
        for odd in [
            r#"{"from":"\ud83d","until":null}"#,
            r#"{"until":"2024-12-31"}"#,
            r#"{"from":"2024-01-01","until":"soon"}"#,
            "null",
            "7",
        ] {
            let rows = format!(r#"[{{"from":"2025-01-01","until":null}},{odd}]"#);
            assert_eq!(counting(&rows), None, "{odd}");
        }
        assert_eq!(counting("[]"), None);
        assert_eq!(counting("[null]"), None);
        assert_counts(
            r#"[{"is":"a","from":"\ud83d","until":"2024-12-31"}]"#,
            ["-", "2024-12-31", "a"],
        );
    }
}
