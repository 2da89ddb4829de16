//! What mapping says about one person.

use std::fmt;

use crate::employee::{Attribute, Attributes, Canonical, EmployeeId, Field};

/// What mapping says about one person. Only [`Mapped::Desired`] carries values: of people outside the scope filter
/// nothing is kept but the condition that failed (R35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// In scope and complete: this is the account that HR wants.
    Desired(Desired),
    /// Outside the scope filter.
    Filtered {
        /// Which condition of `sync_if` failed, counted from 0.
        condition: usize,
        /// The field that the condition looked at.
        field: Attribute,
    },
    /// Lacks required attributes; a linked account is left as it is (R12).
    Skipped {
        /// What is missing, in order.
        missing: Vec<Canonical>,
    },
    /// In scope, and all that is required has a text, but some of it cannot be read: a linked account gets everything else, and no
    /// account is made.
    Unreadable {
        /// What cannot be read, in order.
        invalid: Vec<Canonical>,
        /// The account as far as it can be read.
        desired: Desired,
    },
    /// A condition looks at a field that was not seen: neither in nor out, a linked account is left as it is (R07).
    Unjudged {
        /// The field.
        field: Attribute,
    },
}

/// The account that HR wants for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The managed attributes of the account but for `manager`, in canonical text: a value, or empty. What was unseen,
    /// invalid or not to be mapped is not among them and stays as the target has it (R07).
    pub attributes: Attributes,
    /// The manager as an employee; unseen where managers are not carried over. Whether they have an account is for the
    /// plan to find out.
    pub manager: Field<EmployeeId>,
    /// What was held back, and why.
    pub warnings: Vec<Warning>,
}

impl Desired {
    /// Notes that attributes cannot be read, each once.
    pub(crate) fn warn_of(&mut self, invalid: impl IntoIterator<Item = Canonical>) {
        for attribute in invalid {
            let attribute = Attribute::Canonical(attribute);
            let warning = Warning::Invalid { attribute };
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }
}

/// One attribute of one person was held back; everything else of the person goes on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// The HR system's text is not of the attribute's kind, such as a telephone number without country code.
    Invalid {
        /// The employee attribute.
        attribute: Attribute,
    },
    /// The target has no such value, such as a department that is not set up there.
    UnknownValue {
        /// The account attribute.
        attribute: Attribute,
        /// The value. For previews, not for logs.
        value: Box<str>,
    },
}

impl Warning {
    /// Returns the attribute that was held back.
    pub const fn attribute(&self) -> &Attribute {
        match self {
            Self::Invalid { attribute } | Self::UnknownValue { attribute, .. } => attribute,
        }
    }

    /// Returns the code in documents.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::UnknownValue { .. } => "unknown_value",
        }
    }
}

impl fmt::Display for Warning {
    /// Writes the sentence of a preview. It names an unknown value.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { attribute } => write!(formatter, "{attribute} cannot be read and is left as it is"),
            Self::UnknownValue { attribute, value } => {
                write!(
                    formatter,
                    "{attribute} \u{201c}{value}\u{201d} does not exist in the target"
                )
            }
        }
    }
}

impl fmt::Debug for Warning {
    /// Writes the warning without the value, which may be personal (R38).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}({})", self.code(), self.attribute())
    }
}
