//! Not compiled: a library that breaks every rule about rooms, so that the checker can prove that it notices.

pub mod employee;
pub mod plan;
