//! The rules of the plan, each proven through [`super::diff`] on a small scene.

mod address;
mod again;
mod back;
mod come;
mod document;
mod edit;
mod guard;
mod identity;
mod incomplete;
mod leave;
mod limit;
mod link;
mod order;
mod property;
mod recognition;
mod scene;
mod size;
mod undo;
