//! The plan of the house: rooms with their layers, and the place that a file or a path belongs to.

use std::collections::BTreeSet;

/// The kind of a room, which decides its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Pure, synchronous, deterministic code.
    Core,
    /// A port: its own files hold traits and plain types, its folders and `memory.rs` are adapters.
    Port,
    /// The use cases.
    UseCase,
    /// The one outbound HTTP client.
    Outbound,
    /// The code that adapters of HR systems and adapters of targets share.
    Kit,
    /// Inbound HTTP.
    Edge,
    /// The room where adapters are put together, with the clock and the environment.
    Assembly,
    /// Builders and contract suites, for tests only.
    Testing,
}

/// Every room of `rollcall`. A folder or file that is not listed is a finding: a new room is a decision. Rooms of the core
/// stand in the order in which they build on each other.
const ROOMS: [(&str, Kind); 20] = [
    ("clock", Kind::Core),
    ("allowance", Kind::Core),
    ("employee", Kind::Core),
    ("roster", Kind::Core),
    ("account", Kind::Core),
    ("connection", Kind::Core),
    ("mapping", Kind::Core),
    ("plan", Kind::Core),
    ("source", Kind::Port),
    ("target", Kind::Port),
    ("store", Kind::Port),
    ("secret", Kind::Port),
    ("queue", Kind::Port),
    ("event", Kind::Port),
    ("run", Kind::UseCase),
    ("http", Kind::Outbound),
    ("connector", Kind::Kit),
    ("api", Kind::Edge),
    ("runtime", Kind::Assembly),
    ("testing", Kind::Testing),
];

/// Files of a port that count as an adapter although they are no folder, by the first word of their name.
const ADAPTER_FILES: [&str; 4] = ["memory", "dynamodb", "secretsmanager", "sqs"];

/// The place of a file, or the place that a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// `lib.rs`, which only names the rooms.
    Root,
    /// A file of unit tests, which may use anything.
    Test,
    /// A place in a room.
    Room {
        /// The room's name.
        room: String,
        /// The room's kind.
        kind: Kind,
        /// The adapter inside a port, such as `dynamodb`.
        adapter: Option<String>,
        /// Whether SDK types belong here: in an adapter to an AWS service.
        sdk: bool,
    },
}

impl Place {
    /// Returns the layer: 0 for the core, 1 for a port, 2 for use cases, 3 for outbound and the kit, 4 for adapters, 5 for the
    /// edge, 6 for the assembly, 7 for testing.
    pub(crate) fn layer(&self) -> u8 {
        match self {
            Self::Room { adapter: Some(_), .. } => 4,
            Self::Room { kind: Kind::Core, .. } => 0,
            Self::Room { kind: Kind::Port, .. } => 1,
            Self::Room {
                kind: Kind::UseCase, ..
            } => 2,
            Self::Room {
                kind: Kind::Outbound | Kind::Kit,
                ..
            } => 3,
            Self::Room { kind: Kind::Edge, .. } => 5,
            Self::Room {
                kind: Kind::Assembly, ..
            } => 6,
            Self::Room {
                kind: Kind::Testing, ..
            }
            | Self::Root
            | Self::Test => 7,
        }
    }

    /// Returns the room's number among all rooms. A room of the core sees only the rooms of the core with a smaller number.
    pub(crate) fn rank(&self) -> Option<usize> {
        ROOMS.iter().position(|(name, _)| *name == self.room())
    }

    /// Returns the room's name; empty for the root and for tests.
    pub(crate) fn room(&self) -> &str {
        match self {
            Self::Room { room, .. } => room,
            Self::Root | Self::Test => "",
        }
    }
}

/// The rooms as the library has them: which adapters there are, and which providers.
pub(crate) struct House {
    adapters: BTreeSet<(String, String)>,
    providers: BTreeSet<String>,
}

impl House {
    /// Looks at all files of the library, by path below `src`. Returns the house.
    pub(crate) fn survey<'a>(files: impl Iterator<Item = &'a str>) -> Self {
        let mut house = Self {
            adapters: BTreeSet::new(),
            providers: BTreeSet::new(),
        };
        for file in files {
            let parts = file.split('/').collect::<Vec<_>>();
            let (Some(room), Some(next)) = (parts.first(), parts.get(1)) else {
                continue;
            };
            let name = next.trim_end_matches(".rs");
            let is_folder = parts.len() > 2;
            let is_adapter = is_folder || ADAPTER_FILES.contains(&first_word(name));
            if kind_of(room) == Some(Kind::Port) && is_adapter && name != "tests" {
                house.adapters.insert(((*room).to_owned(), name.to_owned()));
                if *room == "source" && !ADAPTER_FILES.contains(&first_word(name)) {
                    house.providers.insert(name.to_owned());
                }
            }
        }
        house
    }

    /// Returns the HR systems that have a folder below `source`.
    pub(crate) fn providers(&self) -> &BTreeSet<String> {
        &self.providers
    }

    /// Returns the place of a file; `None` when the file belongs to no listed room.
    pub(crate) fn place(&self, file: &str) -> Option<Place> {
        let parts = file.trim_end_matches(".rs").split('/').collect::<Vec<_>>();
        if parts == ["lib"] {
            return Some(Place::Root);
        }
        if parts.contains(&"tests") {
            return Some(Place::Test);
        }
        self.place_of(&parts)
    }

    /// Returns the place that a path below `crate::` leads to; `None` when the path names no room.
    pub(crate) fn destination(&self, path: &[String]) -> Option<Place> {
        self.place_of(&path.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn place_of(&self, parts: &[&str]) -> Option<Place> {
        let room = (*parts.first()?).to_owned();
        let kind = kind_of(&room)?;
        let adapter = parts
            .get(1)
            .map(|next| (room.clone(), (*next).to_owned()))
            .filter(|adapter| self.adapters.contains(adapter))
            .map(|(_, name)| name);
        let sdk = room == "runtime"
            || parts
                .iter()
                .skip(1)
                .any(|part| ADAPTER_FILES.iter().skip(1).any(|name| first_word(part) == *name));
        Some(Place::Room {
            room,
            kind,
            adapter,
            sdk,
        })
    }
}

fn first_word(name: &str) -> &str {
    name.split('_').next().unwrap_or_default()
}

fn kind_of(room: &str) -> Option<Kind> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, kind)| *kind)
}
