//! What is asked when a link begins, and the snapshot that the answers are. Pure; the session asks it all at once, and what
//! happens meanwhile is told behind the snapshot.

use super::action::Action;
use super::answer::CollectedList;
use crate::live::messages::TelephonySnapshot;

/// In the order in which they are sent; each is answered, by an error if it must be.
pub(crate) fn actions() -> Vec<Action> {
    vec![Action::new("CoreSettings")]
}

/// In the order of the actions.
pub(crate) fn snapshot(lists: &[CollectedList]) -> TelephonySnapshot {
    let version = lists.iter().find(|list| list.action.name() == "CoreSettings");
    let version = version.map(|list| list.answer.response.text("AsteriskVersion")).unwrap_or_default();
    TelephonySnapshot { version: version.into(), ..TelephonySnapshot::default() }
}
