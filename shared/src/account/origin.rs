//! Why an account was changed, for its history.

/// Why an account is changed: which run of which plan, or which person by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A step of a plan.
    Plan {
        /// The plan's id.
        plan: String,
        /// The run that applied it.
        run: String,
    },
    /// A person, by hand.
    Person {
        /// Who, as the application named them.
        by: String,
    },
}
