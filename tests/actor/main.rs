//! One process of a journey. It plays its part on a folder that holds the table's file and the queue's messages. It stands
//! still at the write that its arguments name, and is killed there.
//!
//! `actor FOLDER PLOT prepare` lets the nights before the plot's night pass. `actor FOLDER PLOT WORD MINUTES [WRITE
//! before|after]` plays the rest, with ids of its own by WORD and with its clock MINUTES later, and prints the picture of the
//! end.

use std::{
    io::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use acceptance::journey::{Failure, Folder, Ground, Place, Plot, Stage, Verdict, Watch, picture, play};
use async_trait::async_trait;
use jiff::SignedDuration;
use local::embedded::{Embedded, TABLE};
use rollcall::store::dynamodb::DynamoStore;

/// A watch that counts writes, and stands still at one of them.
#[derive(Debug, Default)]
struct Counted {
    writes: AtomicU64,
    done: AtomicU64,
    stands_before: Option<u64>,
    stands_after: Option<u64>,
}

#[async_trait]
impl Watch for Counted {
    async fn before(&self, place: Place) -> Verdict {
        let write = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        if self.stands_before == Some(write) {
            stand_still(place);
        }
        Verdict::Go
    }

    async fn after(&self, place: Place) {
        if self.stands_after == Some(self.done.fetch_add(1, Ordering::SeqCst) + 1) {
            stand_still(place);
        }
    }
}

/// Says that the process stands still, and stops all work of this process for ever.
fn stand_still(place: Place) {
    say(&format!("here {place:?}"));
    loop {
        std::thread::park();
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // The line may have no reader: no process listens to a process whose journey has ended.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, plot, rest @ ..] = arguments.as_slice() else {
        return Err("expected FOLDER PLOT prepare, or FOLDER PLOT WORD MINUTES [WRITE before|after]".into());
    };
    let plot = Plot::from_name(plot).ok_or("there is no such plot")?;
    match rest {
        [prepare] if prepare == "prepare" => {
            let mut stage = stage(Path::new(folder), plot, "a", Arc::default()).await?;
            plot.prepare(&mut stage).await?;
            Ok(())
        }
        [word, minutes, at @ ..] => {
            let watch = Arc::new(watch(at)?);
            let mut stage = stage(Path::new(folder), plot, word, Arc::clone(&watch)).await?;
            plot.bound(&mut stage);
            stage.take_up().await?;
            stage.pass_hours(plot.hours());
            stage.clock.advance(SignedDuration::from_mins(minutes.parse()?));
            play(&stage).await?;
            say(&format!("writes {}", watch.writes.load(Ordering::SeqCst)));
            for line in picture(&stage).await? {
                say(&format!("= {line}"));
            }
            Ok(())
        }
        _ => Err("expected what is to be played".into()),
    }
}

fn watch(at: &[String]) -> Result<Counted, Failure> {
    let mut watch = Counted::default();
    match at {
        [] => {}
        [write, side] if side == "before" => watch.stands_before = Some(write.parse()?),
        [write, side] if side == "after" => watch.stands_after = Some(write.parse()?),
        _ => return Err("expected WRITE before or WRITE after".into()),
    }
    Ok(watch)
}

/// Returns the stage on the table and the queue in the folder.
async fn stage(folder: &Path, plot: Plot, word: &str, watch: Arc<Counted>) -> Result<Stage, Failure> {
    let embedded = Embedded::start(Some(folder)).await?;
    let store = Arc::new(DynamoStore::new(embedded.dynamodb.clone(), TABLE));
    // The table's server runs until the process ends.
    std::mem::forget(embedded);
    let ground = Ground {
        directory: Arc::clone(&store) as _,
        store,
        letters: Some(Arc::new(Folder::open(&folder.join("queue"))?)),
        watch,
        process: word.to_owned(),
        ..Ground::memory()
    };
    Stage::new(ground, &plot.office())
}
