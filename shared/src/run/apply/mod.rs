//! The use case `apply`: carries out the plan whose hash was named, or nothing. People come first, references second,
//! leavers last. Each step is journaled on its link before and after, in slices under the function's deadline
//! (R28–R31).

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
