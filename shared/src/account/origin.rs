//! Why an account was changed, for its history.

/// Why an account is changed: a run carries out a plan, or a person edits it by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A step of a plan.
    Plan {
        /// The plan's id.
        plan: String,
        /// The run that applied it.
        run: String,
    },
    /// A person edits it by hand.
    Person {
        /// The name of the person, as the application gave it.
        by: String,
    },
}
