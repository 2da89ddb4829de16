//! The rules about rooms: what each room may use, and the name under which a breach is reported.

use std::fmt;

use super::plan::{House, Kind, Place};

/// The rule that a finding breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Law {
    /// A file that belongs to no room of the plan.
    Room,
    /// An arrow to a higher layer, or to another room of its own layer.
    Arrow,
    /// One adapter that sees another.
    Neighbour,
    /// Test builders in production code.
    Testing,
    /// An external crate, or a part of `std`, that the core may not use.
    Core,
    /// Asynchronous code in the core or in a conversion.
    Async,
    /// A collection without an order in the core.
    Order,
    /// The clock, outside `runtime`.
    Clock,
    /// The environment, outside `runtime`.
    Environment,
    /// Randomness, outside `runtime`.
    Randomness,
    /// AWS SDK types outside their adapter.
    Sdk,
    /// `reqwest` outside `http`.
    Client,
    /// Lambda's or the server's types outside the edge.
    Door,
    /// Wire types in the use cases.
    Wire,
    /// Logging where secrets are held.
    Logging,
    /// Printing instead of logging.
    Print,
    /// A provider's name where every provider looks the same.
    Provider,
}

impl fmt::Display for Law {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Room => "belongs to no room",
            Self::Arrow => "points up or sideways",
            Self::Neighbour => "sees another adapter",
            Self::Testing => "uses test code in production",
            Self::Core => "is not for the core",
            Self::Async => "is asynchronous where code is pure",
            Self::Order => "has no order",
            Self::Clock => "reads the clock",
            Self::Environment => "reads the environment",
            Self::Randomness => "draws randomness",
            Self::Sdk => "carries an SDK type out of its adapter",
            Self::Client => "uses reqwest outside `http`",
            Self::Door => "knows a door's types",
            Self::Wire => "knows a wire type in a use case",
            Self::Logging => "logs beside secrets",
            Self::Print => "prints",
            Self::Provider => "names a provider",
        })
    }
}

/// External crates of the core: each is pure, and each serves one purpose.
const CORE_CRATES: [&str; 15] = [
    "serde",                    // decode and encode
    "serde_json",               // one line of a plan or roster
    "serde_json_canonicalizer", // RFC 8785, for hashes
    "thiserror",                // one error type per room
    "jiff",                     // civil dates and time zones, compiled in; never its clock
    "sha2",                     // the plan's hash
    "hmac",                     // the links' keyed hashes
    "hex",                      // hashes as text
    "base64",                   // cursors and keys as text
    "zstd",                     // roster and plan chunks
    "unicode_normalization",    // names compared across spellings
    "caseless",                 // words compared without case
    "email_address",            // e-mail syntax
    "idna",                     // domains of e-mail addresses in one spelling
    "secrecy",                  // values that must not be printed
];

/// Parts of the standard library that the core may use; everything that reaches outside the process is missing.
const CORE_STD: [&str; 37] = [
    "any",
    "array",
    "ascii",
    "assert",
    "assert_eq",
    "borrow",
    "boxed",
    "cell",
    "char",
    "cmp",
    "collections",
    "convert",
    "default",
    "error",
    "f64",
    "fmt",
    "format",
    "hash",
    "i64",
    "iter",
    "marker",
    "matches",
    "mem",
    "num",
    "ops",
    "option",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "u8",
    "u16",
    "u32",
    "u64",
    "usize",
    "vec",
];

/// Single items of `std` that the core may use although their module is not listed.
const CORE_STD_ITEMS: [&str; 11] = [
    "std::io::Read",
    "std::io::Write",
    "std::io::BufRead",
    "std::io::Cursor",
    "std::io::Error",
    "std::io::ErrorKind",
    "std::io::Result",
    "std::sync::Arc",
    "std::sync::LazyLock",
    "std::sync::OnceLock",
    "std::time::Duration",
];

/// Reads of the clock.
const CLOCKS: [&str; 7] = [
    "std::time::SystemTime",
    "std::time::Instant",
    "std::time::UNIX_EPOCH",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "jiff::tz::TimeZone::system",
    "jiff::tz::TimeZone::try_system",
];

/// Crates whose only use is chance.
const CHANCE: [&str; 5] = ["getrandom", "rand", "rand_chacha", "fastrand", "uuid"];

/// Crates of the inbound side.
const DOORS: [&str; 5] = ["lambda_runtime", "lambda_http", "aws_lambda_events", "axum", "hyper"];

/// Returns whether `path` is `prefix` or something inside it.
fn is_within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn is_within_any(path: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| is_within(path, prefix))
}

/// Returns the rule that `path` breaks when it is used in `place`, if any. Paths begin with `crate` or an external crate.
pub(crate) fn judge(house: &House, place: &Place, path: &[String]) -> Option<Law> {
    let first = path.first()?.as_str();
    if *place == Place::Root {
        return None;
    }
    if first == "crate" {
        return judge_arrow(place, &house.destination(path.get(1..)?)?);
    }
    let standard = matches!(first, "core" | "alloc");
    let joined = if standard {
        format!("std::{}", path.get(1..)?.join("::"))
    } else {
        path.join("::")
    };
    judge_outside(place, &joined)
}

fn judge_arrow(from: &Place, to: &Place) -> Option<Law> {
    let (
        Place::Room {
            room, kind, adapter, ..
        },
        Place::Room {
            room: to_room,
            kind: to_kind,
            adapter: to_adapter,
            ..
        },
    ) = (from, to)
    else {
        return None;
    };
    let is_sibling_port = matches!(
        (room.as_str(), to_room.as_str()),
        ("source", "target" | "store") | ("target", "source")
    );
    if from.layer() == 7 {
        None
    } else if to.layer() == 7 {
        Some(Law::Testing)
    } else if adapter.is_some() && to_adapter.is_some() {
        (room != to_room || adapter != to_adapter).then_some(Law::Neighbour)
    } else if is_sibling_port {
        Some(Law::Arrow)
    } else if *to_kind == Kind::Kit {
        let is_connector = adapter.is_some() && matches!(room.as_str(), "source" | "target");
        (*kind != Kind::Kit && !is_connector).then_some(Law::Arrow)
    } else if *kind == Kind::Kit && *to_kind == Kind::Outbound {
        None
    } else if *to_kind == Kind::UseCase && matches!(from.layer(), 3 | 4) {
        // Use cases call adapters through ports. No adapter, and no room that an adapter stands on, may use the use cases.
        Some(Law::Arrow)
    } else if room == to_room {
        // Inside a room the port's own files may not lean on an adapter.
        (to.layer() > from.layer()).then_some(Law::Arrow)
    } else if from.layer() == 0 && to.layer() == 0 {
        (to.rank() > from.rank()).then_some(Law::Arrow)
    } else {
        (to.layer() >= from.layer()).then_some(Law::Arrow)
    }
}

fn judge_outside(place: &Place, path: &str) -> Option<Law> {
    let Place::Room { room, kind, sdk, .. } = place else {
        return None;
    };
    let name = path.split("::").next().unwrap_or_default();
    let is_runtime = room == "runtime";
    let is_edge = matches!(kind, Kind::Edge | Kind::Assembly);
    if is_within_any(path, &CLOCKS) && !is_runtime {
        Some(Law::Clock)
    } else if is_within(path, "std::env") && !is_runtime {
        Some(Law::Environment)
    } else if CHANCE.contains(&name) && !is_runtime {
        Some(Law::Randomness)
    } else if DOORS.contains(&name) && !is_edge {
        Some(Law::Door)
    } else if name.starts_with("aws_") && !sdk && !DOORS.contains(&name) {
        Some(Law::Sdk)
    } else if name == "reqwest" && *kind != Kind::Outbound {
        Some(Law::Client)
    } else if matches!(name, "http" | "url" | "webpki_roots" | "rustls") && *kind == Kind::UseCase {
        Some(Law::Wire)
    } else if name.starts_with("tracing") && room == "secret" {
        Some(Law::Logging)
    } else if *kind == Kind::Core {
        judge_core(path, name)
    } else {
        None
    }
}

fn judge_core(path: &str, name: &str) -> Option<Law> {
    let module = path.split("::").nth(1).unwrap_or_default();
    if path.contains("collections::Hash") || path.contains("collections::hash_") || path == "std::collections::*" {
        Some(Law::Order)
    } else if name == "std" {
        // A module on the way to an allowed item may be imported; each item that is then used of it is judged by its own path.
        let is_allowed = CORE_STD_ITEMS
            .iter()
            .any(|item| is_within(path, item) || is_within(item, path));
        (!CORE_STD.contains(&module) && !is_allowed).then_some(Law::Core)
    } else {
        (!CORE_CRATES.contains(&name) || path == format!("{name}::*")).then_some(Law::Core)
    }
}

/// The parts that may wait for others, by the first word of their path: in a provider's folder, and in the room that providers
/// share.
const WAITS_AT_A_PROVIDER: [&str; 2] = ["mod", "client"];
const WAITS_IN_THE_KIT: [&str; 7] = [
    "adapter",
    "application",
    "caller",
    "census",
    "failures",
    "grant",
    "linked",
];

/// Returns the rule that asynchronous code breaks in this file, if any. The core is synchronous. A provider's folder and the
/// room that providers share are synchronous too, except for the parts whose purpose is to wait for others. Files in subfolders
/// are judged as well.
pub(crate) fn judge_async(place: &Place, file: &str) -> Option<Law> {
    let parts: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    let is_pure = match place {
        Place::Room { kind: Kind::Core, .. } => true,
        Place::Room { kind: Kind::Kit, .. } => !parts.get(1).is_some_and(|part| WAITS_IN_THE_KIT.contains(part)),
        Place::Room {
            room, adapter: Some(_), ..
        } if room == "source" => !parts.get(2).is_some_and(|part| WAITS_AT_A_PROVIDER.contains(part)),
        Place::Room { .. } | Place::Root | Place::Test => false,
    };
    is_pure.then_some(Law::Async)
}

/// Returns the rule that printing breaks in this place, if any. A library logs; only a program prints.
pub(crate) fn judge_print(place: &Place) -> Option<Law> {
    (place.layer() < 7).then_some(Law::Print)
}

/// Returns the rule that a provider's name breaks in this place, if any. `employee`, `mapping`, `http` and `connector` treat
/// all providers alike, and therefore name none.
pub(crate) fn judge_word(house: &House, place: &Place, word: &str) -> Option<Law> {
    let names_one = words_of(word).any(|word| house.providers().contains(&word));
    (names_one && matches!(place.room(), "employee" | "mapping" | "http" | "connector")).then_some(Law::Provider)
}

/// Returns the words of a name or of a text, in lower case: `PersonioSource` has two words, and so has `personio_source`.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for character in text.chars() {
        if !character.is_alphanumeric() || (character.is_uppercase() && was_small) {
            words.push(String::new());
        }
        was_small = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}
