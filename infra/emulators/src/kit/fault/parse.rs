//! Reading break modes: as text on a command line and as JSON in `POST /_emulator/break`.

use super::{Break, MODES, Mode, RetryAfter, Shape};
use crate::Error;
use serde_json::{Map, Value};

/// Members that every mode takes.
const COMMON: [&str; 2] = ["path", "times"];

impl Break {
    /// Returns a mode and its members as on the command line: `html`, `status:status=503,page=2`,
    /// `narrow:fields=work_email+birth_date`. Errors name what was expected.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (mode, rest) = text.split_once(':').unwrap_or((text, ""));
        let mut members = Map::new();
        for pair in rest.split(',').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = match (name, value.parse::<serde_json::Number>()) {
                ("fields", _) => value.split('+').map(Value::from).collect(),
                ("path" | "field", _) | (_, Err(_)) => Value::from(value),
                (_, Ok(number)) => Value::Number(number),
            };
            members.insert(name.to_owned(), value);
        }
        Self::from_members(mode, members)
    }

    /// Returns a mode and its members as in a request: `{"mode": "status", "status": 503, "page": 2}`.
    pub(crate) fn from_json(mut members: Map<String, Value>) -> Result<Self, Error> {
        let mode = members.remove("mode").unwrap_or_default();
        Self::from_members(mode.as_str().unwrap_or_default(), members)
    }

    fn from_members(mode: &str, values: Map<String, Value>) -> Result<Self, Error> {
        let Some((mode, own)) = MODES.iter().find(|(name, _)| *name == mode) else {
            let expected = MODES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            return Err(Error::UnknownMode {
                mode: mode.to_owned(),
                expected,
            });
        };
        if let Some(stranger) = values
            .keys()
            .find(|name| !own.contains(&name.as_str()) && !COMMON.contains(&name.as_str()))
        {
            return Err(Error::UnknownMember {
                mode: (*mode).to_owned(),
                member: stranger.clone(),
                expected: own.iter().chain(&COMMON).copied().collect::<Vec<_>>().join(", "),
            });
        }
        let members = Members { mode, values };
        Ok(Self {
            mode: members.mode()?,
            path: members.find_text("path")?,
            times: members
                .find_number("times", 1, u64::from(u32::MAX))?
                .and_then(|times| u32::try_from(times).ok()),
        })
    }
}

/// The members of one mode.
struct Members<'a> {
    mode: &'a str,
    values: Map<String, Value>,
}

impl Members<'_> {
    fn mode(&self) -> Result<Mode, Error> {
        Ok(match self.mode {
            "status" => Mode::Status {
                status: u16::try_from(self.number("status", 300, 599)?).unwrap_or(500),
                page: self.page()?,
                retry_after: self.retry_after()?,
            },
            "truncate" => Mode::Truncate { page: self.page()? },
            "short_list" => Mode::ShortList { share: self.share()? },
            "vanish" => Mode::Vanish { share: self.share()? },
            "token_dies" => Mode::TokenDies {
                after: self.number("after", 0, u64::MAX)?,
            },
            "narrow" => Mode::Narrow { fields: self.fields()? },
            "drop_field" => Mode::DropField { field: self.field()? },
            "odd_value" => Mode::OddValue {
                field: self.field()?,
                shape: self.shape()?,
                rows: self.find_number("rows", 1, u64::MAX)?,
            },
            "slow" => Mode::Slow {
                ms: self.number("ms", 0, 600_000)?,
            },
            "empty" => Mode::Empty,
            "html" => Mode::Html,
            "xml" => Mode::Xml,
            "no_body" => Mode::NoBody,
            "error_inside" => Mode::ErrorInside,
            "empty_page" => Mode::EmptyPage,
            "repeat_cursor" => Mode::RepeatCursor,
            "duplicate_row" => Mode::DuplicateRow,
            "wrong_total" => Mode::WrongTotal,
            "other_company" => Mode::OtherCompany,
            "id_reused" => Mode::IdReused,
            _ => Mode::LostReply,
        })
    }

    fn bad(&self, member: &str, expected: impl Into<String>) -> Error {
        Error::BadMember {
            mode: self.mode.to_owned(),
            member: member.to_owned(),
            expected: expected.into(),
        }
    }

    fn find_number(&self, member: &str, least: u64, most: u64) -> Result<Option<u64>, Error> {
        let expected = || {
            if most == u64::MAX {
                format!("a whole number from {least}")
            } else {
                format!("a whole number from {least} to {most}")
            }
        };
        match self.values.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
                Some(_) | None => Err(self.bad(member, expected())),
            },
        }
    }

    fn number(&self, member: &str, least: u64, most: u64) -> Result<u64, Error> {
        self.find_number(member, least, most)?
            .ok_or_else(|| self.bad(member, format!("a whole number from {least}, and it must be given")))
    }

    fn page(&self) -> Result<Option<u64>, Error> {
        self.find_number("page", 1, u64::MAX)
    }

    fn find_text(&self, member: &str) -> Result<Option<String>, Error> {
        match self.values.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
            Some(_) => Err(self.bad(member, "a text")),
        }
    }

    fn share(&self) -> Result<f64, Error> {
        match self.values.get("share").and_then(Value::as_f64) {
            Some(share) if share > 0.0 && share <= 1.0 => Ok(share),
            Some(_) | None => Err(self.bad("share", "a number above 0 and at most 1")),
        }
    }

    fn fields(&self) -> Result<Vec<String>, Error> {
        let texts = |values: &Vec<Value>| {
            values
                .iter()
                .map(|value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        };
        match self.values.get("fields").and_then(Value::as_array).and_then(texts) {
            Some(fields) if !fields.is_empty() => Ok(fields),
            Some(_) | None => Err(self.bad("fields", "a list of field names")),
        }
    }

    fn field(&self) -> Result<String, Error> {
        let field = self.find_text("field")?;
        field.ok_or_else(|| self.bad("field", "the name of a field"))
    }

    fn shape(&self) -> Result<Shape, Error> {
        let text = self.find_text("shape")?.unwrap_or_default();
        let known = Shape::ALL.iter().find(|(name, _)| *name == text);
        known
            .map(|(_, shape)| *shape)
            .ok_or_else(|| self.bad("shape", Shape::ALL.map(|(name, _)| name).join(", ")))
    }

    fn retry_after(&self) -> Result<Option<RetryAfter>, Error> {
        match self.values.get("retry_after") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text == "date" => Ok(Some(RetryAfter::Date)),
            Some(Value::String(text)) if text == "own" => Ok(Some(RetryAfter::Own)),
            Some(value) => {
                let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
                let fraction = value
                    .as_f64()
                    .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
                    .and_then(|wait| u32::try_from(wait.as_millis()).ok());
                match (seconds, fraction) {
                    (Some(seconds), _) => Ok(Some(RetryAfter::Seconds(seconds))),
                    (None, Some(milliseconds)) => Ok(Some(RetryAfter::Milliseconds(milliseconds))),
                    (None, None) => Err(self.bad("retry_after", "seconds, \"date\" or \"own\"")),
                }
            }
        }
    }
}
