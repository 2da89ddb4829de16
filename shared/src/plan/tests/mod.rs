//! The rules of the plan, each proven through [`super::diff`] on a small scene.

mod come;
mod document;
mod edit;
mod guard;
mod identity;
mod leave;
mod limit;
mod link;
mod order;
mod property;
mod undo;
