//! Voicemail boxes: where messages for a user, or for nobody in particular, are kept. The telephone system fills them; here
//! stands whose they are.

use super::id::{ContextId, UserId, VoicemailId};
use super::name::Mailbox;
use super::table::object;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Voicemail {
    pub(crate) id: VoicemailId,
    pub(crate) version: u32,
    pub(crate) mailbox: Mailbox,
    pub(crate) context: ContextId,
    /// A user has at most one.
    pub(crate) user: Option<UserId>,
}

object!(Voicemail, VoicemailId, "voicemail box", in |voicemail, context| voicemail.context == context);
