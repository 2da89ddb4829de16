//! What a client of the local stage needs to know, as a file that appears once everything answers.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::{Error, emulator::Emulator};

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
    pub(super) fn new(url: &str, api_key: &SecretString, emulator: &Emulator) -> Self {
        let key = api_key.expose_secret();
        let credentials = emulator.credentials();
        let document = json!({
            "url": url,
            "api_key": key,
            "emulators": {
                emulator.kind().as_str(): {
                    "url": emulator.url(),
                    "credential": credentials.first(),
                    "credentials": credentials,
                    "connection": emulator.connection(),
                },
            },
            "targets": { "directory": { "kind": "directory" } },
        });
        let site = emulator.site_of(0).map(|site| format!("\n  export HR_SITE={site}"));
        let introduction = format!(
            "Rollcall at {url}, with an emulated {system} at {hr}.\n\
             \n  export URL={url}\
             \n  export KEY={key}\
             \n  export HR={hr}\
             \n  export HR_KEY={hr_key}{site}\n\
             \nREADME.md walks through it with curl. It answers until it is interrupted (Ctrl-C).\n",
            system = emulator.label(),
            hr = emulator.url(),
            hr_key = emulator.running().api_key(),
            site = site.unwrap_or_default(),
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
