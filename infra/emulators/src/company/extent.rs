//! What an HR system has room for: which attributes it holds, and which changes of a day show in it.

/// One way in which a person's life changes on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// Another team, and often another manager.
    Team,
    /// Another department.
    Department,
    /// Another address.
    House,
    /// Another job title and more pay.
    Promotion,
    /// Another family name.
    Marriage,
    /// Another personal e-mail address.
    Mailbox,
    /// Another workplace.
    Office,
}

/// What an HR system has room for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// The canonical attributes that the truth states, beside `employee_id`, `status` and custom fields.
    pub(crate) attributes: &'static [&'static str],
    /// The moves of a day, taken in turn.
    pub(crate) moves: &'static [Move],
    /// What nobody is without in this HR system, of names and workplace.
    pub(crate) required: &'static [&'static str],
    /// Whether some ids lie beyond what a float can hold.
    pub(crate) has_large_ids: bool,
    /// Whether people may be listed whom nobody employs, as administrators are.
    pub(crate) has_people_without_contract: bool,
}
