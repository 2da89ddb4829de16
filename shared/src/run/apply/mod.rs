//! The use case `apply`: carry out the plan whose hash was named, or nothing. People first, references second, leavers
//! last; each step journaled on its link before and after; in slices under the function's deadline (R28–R31).

mod claim;
mod ending;
mod leaver;
mod person;
mod reader;
mod reference;
mod slice;
mod step;
mod walk;

pub use slice::apply;
