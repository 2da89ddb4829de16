//! A file that belongs to no room.
