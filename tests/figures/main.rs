//! The night's work without a network, for `tests/measure`: pages → roster → certificate → diff → guards → plan written.
//!
//! `figures pages FOLDER EMPLOYEES` writes the pages of two days of an emulated company and tells what a read costs in calls.
//! `figures first FOLDER STATE` plans the pages of FOLDER on an empty target and writes the state that applying the plan
//! leaves. `figures night FOLDER STATE` loads that state, plans, and writes roster and plan. `figures long EMPLOYEES` reads a company
//! in slices. `figures folders` counts the lines of HR systems' folders. `figures scim-server MILLISECONDS`
//! is an emulated SCIM server, and `figures scim target|bare|apply BASE PEOPLE AT_ONCE` writes to it. One line of JSON tells
//! what each command took.

mod fetch;
mod long;
mod pages;
mod parts;
mod scim;
mod state;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::Path,
    process::ExitCode,
    time::Instant,
};

use acceptance::folder::{folders, shared};
use jiff::Timestamp;
use parts::{Parts, People};
use rollcall::{
    account::{Abilities, TargetIdentity},
    connection::{Configuration, Preset},
    mapping::Mapper,
    plan::{Basis, Differ, Fingerprints, Lines, Outcome, Past, Plan, PlanId, assemble},
    roster::{Baseline, judge},
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["first", folder, state] => run(Path::new(folder), Path::new(state), true),
        ["night", folder, state] => run(Path::new(folder), Path::new(state), false),
        ["pages", folder, employees] => fetch(Path::new(folder), employees),
        ["folders"] => tell_folders(),
        ["long", employees] => wait(tell_night(employees)),
        ["scim-server", latency] => wait(scim::serve(latency)),
        ["scim", by, base, people, at_once] => wait(scim::write(by, base, people, at_once)),
        _ => Err("expected: figures pages FOLDER EMPLOYEES, first|night FOLDER STATE, folders, long EMPLOYEES, scim-server MILLISECONDS, or scim target|bare|apply BASE PEOPLE AT_ONCE".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "figures: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Works on one thread, as a function does.
fn wait(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

async fn tell_night(employees: &str) -> Result<(), Failure> {
    let night = long::night(employees).await?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&night)?)?;
    Ok(())
}

fn tell_folders() -> Result<(), Failure> {
    let folders = folders(Path::new("."))?;
    let lines: BTreeMap<&String, usize> = folders.iter().map(|(name, folder)| (name, folder.lines())).collect();
    let told = serde_json::json!({ "lines": lines, "shared": shared(&folders).len() });
    writeln!(std::io::stdout(), "{told}")?;
    Ok(())
}

fn fetch(folder: &Path, employees: &str) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let calls = runtime.block_on(fetch::two_days(folder, employees.parse()?))?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&calls)?)?;
    Ok(())
}

fn run(folder: &Path, state_folder: &Path, is_first: bool) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "this program measures time")]
    let began = Instant::now();
    let now: Timestamp = std::fs::read_to_string(folder.join("now"))?.trim().parse()?;
    let before = if is_first {
        state::State::default()
    } else {
        state::load(state_folder)?
    };
    let output = folder.join("written");
    let mut parts = Parts::new(&output)?;
    let last = pages::read(folder, &mut parts)?;
    let people = parts.sum_up(last)?;
    let configuration = Preset::Stakeholders.configuration();
    let (outcome, plan, lines) = plan(&people, &before, &configuration, now, is_first)?;
    let plan_bytes = write_all(&output, "plan", lines.chunks.iter().map(Vec::as_slice))?;
    let roster_bytes = people.write(&output, &outcome.outside)?;
    let seconds = began.elapsed().as_secs_f64();
    let peak_bytes = peak()?;
    if is_first {
        state::save(state_folder, &state::after(&outcome.changes, &fingerprints(), now))?;
    }
    let state_bytes = roster_bytes + state::size(state_folder)?;
    let line = serde_json::json!({
        "employees": people.header.employees, "changes": outcome.changes.len(), "seconds": seconds,
        "peak_bytes": peak_bytes, "roster_bytes": roster_bytes, "plan_bytes": plan_bytes, "state_bytes": state_bytes,
        "counts": plan.counts, "holds": plan.holds.iter().map(|hold| hold.code).collect::<Vec<_>>(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn fingerprints() -> Fingerprints {
    Fingerprints::new(&[7; Fingerprints::KEY_BYTES])
}

fn plan(
    people: &People,
    before: &state::State,
    configuration: &Configuration,
    now: Timestamp,
    is_first: bool,
) -> Result<(Outcome, Plan, Lines), Failure> {
    let baseline = Baseline::default();
    let completeness = judge(&people.header, &people.header.company, &baseline, now);
    let mapper = Mapper::new(configuration)?;
    let target = TargetIdentity::new("directory", "figures");
    let decisions = BTreeMap::new();
    let fingerprints = fingerprints();
    let basis = Basis {
        provider: "factorial",
        is_provider: |word| word == "factorial",
        header: &people.header,
        completeness: &completeness,
        baseline: &baseline,
        accounts: &before.accounts,
        links: &before.links,
        configuration,
        mapper: &mapper,
        decisions: &decisions,
        protected: &BTreeSet::new(),
        erased: &BTreeSet::new(),
        elsewhere: &BTreeSet::new(),
        fingerprints: &fingerprints,
        target: &target,
        abilities: Abilities {
            list: true,
            look_up: true,
            deactivate: true,
            invite: false,
            groups: true,
            logins: false,
            together: true,
        },
        past: Past {
            applied_once: !is_first,
            applied_configuration: configuration.version,
            recent_leavers: 0,
        },
        read_from: now,
        now,
    };
    let mut differ = Differ::new(&basis).ok_or("the company is another one")?;
    people.each(|row| differ.walk(row))?;
    if differ.end_walk() {
        people.each(|row| {
            differ.look(row);
            Ok(())
        })?;
    }
    let outcome = differ.finish();
    let (plan, lines) = assemble(&basis, &outcome, PlanId::parse("plan-figures")?, now)?;
    Ok((outcome, plan, lines))
}

fn write_all<'a>(folder: &Path, name: &str, chunks: impl Iterator<Item = &'a [u8]>) -> Result<usize, Failure> {
    let mut bytes = 0;
    for (number, chunk) in chunks.enumerate() {
        std::fs::write(folder.join(format!("{name}-{number}")), chunk)?;
        bytes += chunk.len();
    }
    Ok(bytes)
}

/// Returns the most memory that this process held, in bytes (`VmHWM`).
fn peak() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024)
}
