//! A process may be killed anywhere: at every single write to the store, the target and the queue. The process that gets its
//! message next brings the journey to the end that it would have had (R29).
//!
//! The processes here are really killed, with SIGKILL. Their table is a file, their queue a folder. One night is killed before
//! each of its writes, the other nights after each of their writes: a process that dies after a write leaves behind what it
//! leaves when it dies before the next write, or while it reads a page. `fault` tries both sides of every write for both nights, in one process.

use std::{
    fs, io,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use acceptance::journey::Plot;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::support::assert_same_end;

/// How many processes play at once.
const AT_ONCE: usize = 2;

/// The signal that no process can catch.
const SIGKILL: i32 = 9;

/// How a journey ended.
#[derive(Debug, PartialEq, Eq)]
struct End {
    writes: usize,
    picture: Vec<String>,
}

/// Where a process is killed.
#[derive(Clone, Copy, Debug)]
struct Point {
    write: usize,
    side: &'static str,
}

fn actor(folder: &Path, plot: Plot, part: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_actor"));
    command.arg(folder).arg(plot.name()).args(part);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

/// Returns a folder in which the nights before the plot's night have passed.
async fn prepare(plot: Plot) -> TempDir {
    let folder = TempDir::new().unwrap();
    let status = actor(folder.path(), plot, &["prepare"]).status().await.unwrap();
    assert!(status.success());
    folder
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (from, to) = (
            entry.as_ref().map_or_else(|_| PathBuf::new(), fs::DirEntry::path),
            to.join(entry?.file_name()),
        );
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// Lets a process play to the end. Returns how the journey ended.
async fn play(folder: &Path, plot: Plot, word: &str, minutes: &str) -> End {
    let output = actor(folder, plot, &[word, minutes]).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let writes = text.lines().find_map(|line| line.strip_prefix("writes "));
    let picture = text.lines().filter_map(|line| line.strip_prefix("= "));
    End {
        writes: writes.unwrap().parse().unwrap(),
        picture: picture.map(str::to_owned).collect(),
    }
}

/// Lets a process play until the point, and kills it there.
async fn kill(folder: &Path, plot: Plot, point: Point) {
    let write = point.write.to_string();
    let mut child: Child = actor(folder, plot, &["b", "0", &write, point.side]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap_or_default();
    assert!(line.starts_with("here "), "{point:?} {line}");
    child.start_kill().unwrap();
    assert_eq!(child.wait().await.unwrap().signal(), Some(SIGKILL), "{point:?}");
}

/// Kills a process at one point, and has another process play to the end, when the lease of the dead process has ended. Returns
/// the end.
async fn survive(prepared: &Path, plot: Plot, point: Point) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    copy(prepared, folder.path()).unwrap();
    kill(folder.path(), plot, point).await;
    // The process that died had been at work for some minutes by its own clock.
    let minutes = if plot == Plot::Long { "60" } else { "10" };
    play(folder.path(), plot, "c", minutes).await.picture
}

/// Kills a process on one side of every write of a plot, one journey each, and compares the ends. Returns the number of writes.
async fn sweep(plot: Plot, side: &'static str) -> usize {
    let prepared = Arc::new(prepare(plot).await);
    let undisturbed = TempDir::new().unwrap();
    copy(prepared.path(), undisturbed.path()).unwrap();
    let undisturbed = Arc::new(play(undisturbed.path(), plot, "b", "0").await);
    let points = (1..=undisturbed.writes).map(|write| Point { write, side });
    let points: Arc<Vec<Point>> = Arc::new(points.collect());
    let next = Arc::new(AtomicUsize::new(0));
    let mut players = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (prepared, undisturbed) = (Arc::clone(&prepared), Arc::clone(&undisturbed));
        let (points, next) = (Arc::clone(&points), Arc::clone(&next));
        players.spawn(async move {
            while let Some(point) = points.get(next.fetch_add(1, Ordering::SeqCst)) {
                let picture = survive(prepared.path(), plot, *point).await;
                assert_same_end(&picture, &undisturbed.picture, &format!("{point:?}"));
            }
        });
    }
    players.join_all().await;
    undisturbed.writes
}

#[tokio::test]
async fn r29_a_first_night_that_is_killed_after_any_write_ends_the_same() {
    let writes = sweep(Plot::First, "after").await;
    assert!(writes > 40, "{writes}");
}

#[tokio::test]
async fn r29_a_rich_night_that_is_killed_before_any_write_ends_the_same() {
    let writes = sweep(Plot::Rich, "before").await;
    assert!(writes > 80, "{writes}");
}

#[tokio::test]
async fn r29_a_night_in_slices_that_is_killed_after_any_write_ends_the_same() {
    let writes = sweep(Plot::Long, "after").await;
    assert!(writes > 50, "{writes}");
}

#[tokio::test]
async fn r29_a_night_that_outgrows_its_memory_and_is_killed_after_any_write_ends_the_same() {
    let writes = sweep(Plot::Wide, "after").await;
    assert!(writes > 50, "{writes}");
}
