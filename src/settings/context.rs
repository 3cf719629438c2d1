//! Contexts: where numbers stand, and which other contexts are reached from one.

use super::id::ContextId;
use super::name::ContextName;
use super::table::object;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) id: ContextId,
    pub(crate) version: u32,
    pub(crate) name: ContextName,
    /// In order of priority; loops are allowed and cut where they are followed.
    pub(crate) includes: Vec<ContextId>,
}

object!(Context, ContextId, "context", in no context);
