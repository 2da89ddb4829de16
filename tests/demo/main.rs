//! The demo as a new reader runs it, in this process: its report, its proofs, its log; and its first morning lived twice.

#[cfg(test)]
mod log;
#[cfg(test)]
mod morning;
#[cfg(test)]
mod report;
#[cfg(test)]
mod support;
