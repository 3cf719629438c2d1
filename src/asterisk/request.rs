//! How each request becomes actions, and their answers its reply. Pure; the session runs the plans.

use super::plan::Plan;
use crate::live::messages::{TelephonyReply, TelephonyRequest};

pub(crate) fn plan(request: &TelephonyRequest) -> Plan {
    let _ = request;
    Plan::reply(TelephonyReply::Unavailable)
}
