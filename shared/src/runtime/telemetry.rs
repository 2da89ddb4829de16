//! Logs: one JSON object a line, readable alone. No person, token or body is ever in one (R38); what other crates log is
//! left out below `warn`, because nobody promised that of them.

use std::{fs::File, io, path::Path, sync::Mutex};

use tracing::{Level, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer as _, Registry,
    filter::Targets,
    fmt::{MakeWriter, layer},
    layer::SubscriberExt as _,
};

use super::Error;

/// Crates of the product; every other one is heard from `warn` on only.
const OURS: [&str; 8] = [
    "rollcall",
    "local",
    "connect",
    "console",
    "daily_sync",
    "diff",
    "apply",
    "emulators",
];

/// Crates that warn of what is no trouble: the emulated DynamoDB, of each condition that does not hold.
const QUIET: [&str; 1] = ["dynoxide"];

/// Where the log goes.
#[derive(Clone, Copy, Debug)]
pub enum Output<'a> {
    /// Standard error, where Lambda and terminals look.
    StandardError,
    /// A file, made anew.
    File(&'a Path),
}

/// Starts logging for the whole process.
///
/// # Errors
/// [`Error::LogFile`] where the file cannot be made, [`Error::TelemetryStarted`] the second time.
pub fn start(level: Level, output: Output<'_>) -> Result<(), Error> {
    let started = match output {
        Output::StandardError => tracing::subscriber::set_global_default(subscriber(level, io::stderr)),
        Output::File(path) => {
            let file = File::create(path).map_err(Error::LogFile)?;
            tracing::subscriber::set_global_default(subscriber(level, Mutex::new(file)))
        }
    };
    started.map_err(|_| Error::TelemetryStarted)
}

/// Returns a subscriber that logs for one thread or one test.
pub fn subscriber<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours = OURS.map(|name| (name, LevelFilter::from_level(level)));
    let quiet = QUIET.map(|name| (name, LevelFilter::ERROR));
    let heard = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(quiet)
        .with_targets(ours);
    let lines = layer().json().flatten_event(true).with_current_span(false);
    Registry::default().with(lines.with_span_list(false).with_writer(writer).with_filter(heard))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut page = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            page.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(level: Level, say: impl FnOnce()) -> Vec<serde_json::Value> {
        let page = Page::default();
        let writer = page.clone();
        tracing::subscriber::with_default(subscriber(level, move || writer.clone()), say);
        let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_is_json_with_its_fields_at_the_top() {
        let found = lines(Level::INFO, || {
            tracing::info!(target: "rollcall::run", duration_ms = 12, run.id = "run_1", "run ended");
        });
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["level"], "INFO");
        assert_eq!(found[0]["message"], "run ended");
        assert_eq!(found[0]["run.id"], "run_1");
        assert_eq!(found[0]["duration_ms"], 12);
        assert!(found[0]["timestamp"].is_string());
    }

    #[test]
    fn r38_other_crates_are_heard_when_they_warn_and_never_when_they_chat() {
        let found = lines(Level::TRACE, || {
            tracing::trace!(target: "rollcall::http", "ours");
            tracing::debug!(target: "hyper::proto", "a header");
            tracing::warn!(target: "hyper::proto", "trouble");
        });
        let said: Vec<_> = found.iter().map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(said, ["ours", "trouble"]);
    }

    #[test]
    fn a_file_that_cannot_be_made_is_named_as_such() {
        let error = start(Level::INFO, Output::File(Path::new("/nowhere/at/all/log"))).unwrap_err();
        assert!(matches!(error, Error::LogFile(_)));
    }
}
