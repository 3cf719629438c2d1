//! Services as the telephone system has them: the keys in AstDB by which the dial plan acts, the lamps on telephones, and
//! what telephones switch by feature codes (telephony §5).

use crate::live::messages::{Effects, Moment, TelephonyEvent, TelephonyReply, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::settings::id::UserId;

pub(super) fn take_over(_state: &mut LiveState, _snapshot: &TelephonySnapshot, _out: &mut Effects) {}

pub(super) fn happened(_state: &mut LiveState, _now: Moment, _event: &TelephonyEvent, _out: &mut Effects) {}

pub(super) fn replied(_state: &mut LiveState, _user: UserId, _reply: TelephonyReply, _out: &mut Effects) {}
