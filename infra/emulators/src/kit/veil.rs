//! What is taken out of the rows of one resource: fields that a caller may not see, and fields that a fault drops.

use super::caller::Caller;
use super::dialect::Dialect;
use super::fault::armed::Faults;

/// How hidden members show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hiding {
    /// The hidden member is `null`.
    #[default]
    Null,
    /// The hidden member is left out.
    Absence,
}

/// What is taken out of the rows of one resource.
#[derive(Debug, Default)]
pub(crate) struct Veil {
    hidden: Vec<&'static str>,
    dropped: Vec<&'static str>,
    hiding: Hiding,
}

impl Veil {
    /// What `caller` may not see of `resource`, and what `faults` take.
    pub(crate) fn over(
        dialect: &dyn Dialect,
        resource: &str,
        caller: &Caller,
        faults: &Faults,
        hiding: Hiding,
    ) -> Self {
        let members = |name: &String| {
            let places = dialect.places(name).into_iter();
            places
                .filter(|(path, _)| *path == resource)
                .map(|(_, member)| member)
                .collect::<Vec<_>>()
        };
        let own = caller.user.iter().flat_map(|user| &user.group.hidden_fields);
        Self {
            hidden: own.chain(&faults.narrow).flat_map(members).collect(),
            dropped: faults.dropped.iter().flat_map(members).collect(),
            hiding,
        }
    }

    /// Whether a member may not be seen.
    pub(crate) fn hides(&self, member: &str) -> bool {
        self.hidden.contains(&member)
    }

    /// Whether a member is not sent.
    pub(crate) fn drops(&self, member: &str) -> bool {
        self.dropped.contains(&member) || (self.hiding == Hiding::Absence && self.hides(member))
    }
}
