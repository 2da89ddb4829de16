//! Emulated HR systems.
