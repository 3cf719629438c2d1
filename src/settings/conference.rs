//! Conference rooms: a number in a context, which nobody owns.

use super::id::{ConferenceId, ContextId};
use super::name::{ConferenceName, ConferenceNumber, ConferencePin};
use super::table::object;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conference {
    pub(crate) id: ConferenceId,
    pub(crate) version: u32,
    pub(crate) number: ConferenceNumber,
    pub(crate) name: ConferenceName,
    pub(crate) context: ContextId,
    pub(crate) pin: Option<ConferencePin>,
}

object!(Conference, ConferenceId, "conference room", in |conference, context| conference.context == context);
