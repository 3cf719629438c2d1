//! What telephones show of those who call (telephony §17): the name behind a number, as far as the called one may see it, or
//! as they wrote it down themselves. Nobody waits long for it: whoever asked goes on without.

use crate::live::messages::StoreQuestion;
use crate::live::messages::telephony::{CallerQuestion, CallerQuestionId};
use crate::live::state::{Effects, LiveState};
use crate::settings::address_book::Contact;
use crate::settings::store_query::FindByNumber;

/// Whom everybody may know is known at once; the called one's own contacts are asked of the store.
pub(in crate::live) fn asked(state: &LiveState, id: CallerQuestionId, question: &CallerQuestion, out: &mut Effects) {
    let Some(called) = state.callee(&question.called) else { return out.name_caller(id, None) };
    if let Some(name) = state.caller_name(&called, &question.number) {
        return out.name_caller(id, Some(name));
    }
    match called.user.and_then(|user| state.uuid_of(user)) {
        Some(owner) => {
            let numbers = state.numbers_of_caller(&called, &question.number);
            out.ask_store(StoreQuestion::FindByNumber(FindByNumber { owner, numbers }, id));
        }
        None => out.name_caller(id, None),
    }
}

/// The contacts are looked through. None: none of them has the number, or the store failed.
pub(in crate::live) fn looked_up(id: CallerQuestionId, found: Option<Contact>, out: &mut Effects) {
    let name = found.map(|contact| contact.full_name());
    out.name_caller(id, name.filter(|name| !name.is_empty()).map(Into::into));
}
