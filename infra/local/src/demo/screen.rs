//! The terminal: headings, lines, tables and progress bars. Plain words, and colour only where it is wanted.

use std::{future::Future, io::Write, time::Duration};

use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rollcall::runtime::wants_colour;

use crate::Error;

/// How wide tables are at most.
const WIDTH: u16 = 120;
/// How often a progress bar is drawn again.
const TICK: Duration = Duration::from_millis(80);

/// The terminal to which the demo writes.
pub(super) struct Screen<'a> {
    out: &'a mut (dyn Write + Send),
    speaks: bool,
    live: bool,
    colour: bool,
    /// What comes before the next text: an empty line after a table.
    air: &'static str,
}

impl<'a> Screen<'a> {
    /// Returns a screen. `speaks`: whether anything is written; `live`: whether bars and colours may be shown.
    pub(super) fn new(out: &'a mut (dyn Write + Send), speaks: bool, live: bool) -> Self {
        Self {
            out,
            speaks,
            live,
            colour: live && wants_colour(),
            air: "",
        }
    }

    /// Writes a line at the margin that opens a part.
    pub(super) fn heading(&mut self, text: &str) -> Result<(), Error> {
        self.air = "";
        let text = self.bold(text);
        self.write(&format!("\n{text}\n"))
    }

    /// Writes a line of text.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Error> {
        let air = std::mem::take(&mut self.air);
        self.write(&format!("{air}  {text}\n"))
    }

    /// Writes a table with a header.
    pub(super) fn table(&mut self, header: &[&str], rows: &[Vec<String>]) -> Result<(), Error> {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(WIDTH);
        table.set_header(header.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        for row in rows {
            table.add_row(row.clone());
        }
        let mut text = String::new();
        for (number, line) in table.trim_fmt().lines().enumerate() {
            let line = if number == 0 { self.dim(line) } else { line.to_owned() };
            text.push_str("   ");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        self.air = "\n";
        self.write(&format!("\n{text}"))
    }

    /// Writes whether a claim of the demo held or failed.
    pub(super) fn verdict(&mut self, holds: bool, claim: &str) -> Result<(), Error> {
        let word = if holds { "ok    " } else { "FAILED" };
        let word = match (self.colour, holds) {
            (true, true) => format!("\u{1b}[32m{word}\u{1b}[0m"),
            (true, false) => format!("\u{1b}[31m{word}\u{1b}[0m"),
            (false, _) => word.to_owned(),
        };
        self.write(&format!("  {word}  {claim}\n"))
    }

    /// Waits for work, with something that turns where the terminal shows it.
    pub(super) async fn wait<T>(&self, doing: String, work: impl Future<Output = T>) -> T {
        let bar = self.bar(ProgressBar::new_spinner(), "  {spinner} {msg} {elapsed}");
        bar.set_message(doing);
        watch(&bar, work, ProgressBar::tick).await
    }

    /// Waits for work of `steps` steps; `done` says how many of them are done.
    pub(super) async fn follow<T>(
        &self,
        doing: &'static str,
        steps: u64,
        done: impl Fn() -> u64,
        work: impl Future<Output = T>,
    ) -> T {
        let bar = self.bar(ProgressBar::new(steps), "  {msg} {bar:40} {pos}/{len}");
        bar.set_message(doing);
        watch(&bar, work, |bar| bar.set_position(done())).await
    }

    fn bar(&self, bar: ProgressBar, template: &str) -> ProgressBar {
        if self.live {
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.with_style(style.progress_chars("━╸─"))
        } else {
            bar.set_draw_target(ProgressDrawTarget::hidden());
            bar
        }
    }

    fn bold(&self, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn dim(&self, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[2m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        if self.speaks { self.write_always(text) } else { Ok(()) }
    }

    /// Writes even where nothing else is written.
    pub(super) fn write_always(&mut self, text: &str) -> Result<(), Error> {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        written.map_err(|source| Error::Io {
            what: "the terminal",
            source,
        })
    }
}

/// Draws a bar again and again until the work is done.
async fn watch<T>(bar: &ProgressBar, work: impl Future<Output = T>, look: impl Fn(&ProgressBar)) -> T {
    let mut work = std::pin::pin!(work);
    let mut ticks = tokio::time::interval(TICK);
    let result = loop {
        tokio::select! {
            result = &mut work => break result,
            _ = ticks.tick() => look(bar),
        }
    };
    bar.finish_and_clear();
    result
}
