//! What a client of the local stage needs to know, as a file that appears once everything answers.

use std::path::Path;

use emulators::factorial::Running;
use rollcall::source::Kind;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::{Error, emulator::emulated};

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The address at which the stage answers.
    pub url: String,
    document: Value,
    introduction: String,
}

impl Ready {
    /// Returns what a client needs to know about the stage at `url`, which `api_key` opens, and about its HR system.
    pub(super) fn new(url: &str, api_key: &SecretString, emulator: &Running) -> Self {
        let key = api_key.expose_secret();
        let (kind, system) = (Kind::Factorial.as_str(), emulated(Kind::Factorial).label());
        let document = json!({
            "url": url,
            "api_key": key,
            "emulators": {
                kind: {
                    "url": emulator.url(),
                    "credential": { "kind": "api_key", "key": emulator.api_key() },
                    "connection": { "provider": kind, "base_url": emulator.url() },
                },
            },
            "targets": { "directory": { "kind": "directory" } },
        });
        let introduction = format!(
            "Rollcall at {url}, with an emulated {system} at {hr}.\n\
             \n  export URL={url}\
             \n  export KEY={key}\
             \n  export HR={hr}\
             \n  export HR_KEY={hr_key}\n\
             \nREADME.md walks through it with curl. It answers until it is interrupted (Ctrl-C).\n",
            hr = emulator.url(),
            hr_key = emulator.api_key(),
        );
        Self {
            url: url.to_owned(),
            document,
            introduction,
        }
    }

    /// Returns the document of the ready file.
    pub const fn document(&self) -> &Value {
        &self.document
    }

    /// Returns the text for a person at a terminal.
    pub fn introduction(&self) -> &str {
        &self.introduction
    }

    /// Writes the file in one step: a program that sees it sees all of it.
    pub(super) fn write(&self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::Io {
            what: "the ready file",
            source,
        };
        let mut draft = path.as_os_str().to_owned();
        draft.push(".draft");
        std::fs::write(&draft, self.document.to_string() + "\n").map_err(failed)?;
        std::fs::rename(&draft, path).map_err(failed)
    }
}
