//! Gives each input to the handler of its feature, and has published what was touched. Both matches are complete: an input or a
//! request that nobody answers does not compile.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::protocol::notice::Notice;
use crate::protocol::request::{ClientLine, Request};

use super::handlers::agents::{administration, commands as agents};
use super::handlers::{
    callers, calls, chat, lamps, lists, pace, people, presence, queues, registrations, resync, services, sessions,
    settings_change, telephony, unsupported,
};
use super::messages::{Cause, EndReason, Moment, Requester, SessionId, StoreReply, Subject, TimerKey};
use super::state::answer_cache::Lookup;
use super::state::paces::PacedChange;
use super::state::publish::{publish, publish_more};
use super::state::{Effects, Follow, Input, LiveState};

/// Takes what happened.
pub(super) fn dispatch(state: &mut LiveState, now: Moment, input: Input) -> Effects {
    let mut out = Effects::default();
    state.set_cause(cause(&input));
    state.begin_slice();
    take(state, now, input, &mut out);
    publish(state, now, &mut out);
    out.timers = state.take_timers();
    out
}

fn cause(input: &Input) -> Cause {
    match input {
        Input::LoggedIn { session, .. } => Cause::Login(*session),
        Input::Asked { session, .. } => Cause::Request(*session),
        Input::Gone { session } | Input::ConnectionOver { session } => Cause::ConnectionEnd(*session),
        Input::Settings(_) | Input::Continue => Cause::Settings,
        Input::End { .. } | Input::ChangeAgent { .. } | Input::SwitchOff { .. } => Cause::Administrator,
        Input::Committed(_) | Input::CommitFailed(_) | Input::StoreReplied(_) => Cause::Store,
        Input::ChatAcknowledged { session, .. } => Cause::Acknowledgement(*session),
        Input::Telephony(_) | Input::TelephonyReplied(_) | Input::CallerAsked { .. } => Cause::Telephony,
        Input::Stopping => Cause::Stop,
        Input::ChecksWait | Input::Followed | Input::Unfollowed | Input::TimerFired(_) => Cause::Timer,
    }
}

fn take(state: &mut LiveState, now: Moment, input: Input, out: &mut Effects) {
    match input {
        Input::LoggedIn { session, admission } => {
            sessions::log_in(state, now, session, &admission, out);
        }
        Input::Asked { session, line, permit } => {
            out.permit = permit;
            answer(state, now, session, line, out);
        }
        Input::Gone { session } => sessions::end_session(state, now, session, EndReason::ConnectionLost, out),
        Input::Settings(change) => settings_change::change(state, now, *change, out),
        Input::End { session, how } => sessions::end(state, now, session, how, out),
        Input::ChangeAgent { id, change } => administration::change(state, now, (id, &change), out),
        Input::SwitchOff { id, order } => services::switch_off(state, id, &order, out),
        Input::Committed(committed) => {
            for change in &committed {
                // It was made when it was asked for, and is told now.
                state.set_cause(change.cause);
                services::commit(state, change, out);
                lamps::committed(state, change, out);
                publish(state, now, out);
            }
        }
        Input::CommitFailed(lost) => {
            for change in &lost {
                services::revert(state, now, change, out);
                lamps::reverted(state, change, out);
            }
        }
        Input::StoreReplied(reply) => hear_store(state, now, reply, out),
        Input::Telephony(input) => resync::hear(state, now, input, out),
        Input::TelephonyReplied(reply) => resync::replied(state, now, reply, out),
        Input::CallerAsked { id, question } => callers::asked(state, id, &question, out),
        Input::ChatAcknowledged { session, chat } => chat::acknowledged(state, session, chat, out),
        Input::ConnectionOver { session } => chat::connection_over(state, now, session, out),
        Input::Stopping => chat::keep_all(state, now, out),
        Input::ChecksWait => state.wait_for_returning(now),
        Input::Continue => {
            publish_more(state, now, out);
            lamps::bring_due(state, out);
            settings_change::take_over_next(state, now, out);
            resync::go_on(state, now, out);
        }
        Input::Followed => state.set_follow(Follow::Somebody),
        Input::Unfollowed => state.set_follow(Follow::Nobody),
        Input::TimerFired(TimerKey::Grace(uuid)) => presence::leave(state, now, uuid, EndReason::ConnectionLost, out),
        Input::TimerFired(TimerKey::ChatDeadline(session)) => chat::open(state, now, session, out),
        Input::TimerFired(TimerKey::Pace(session)) => pace::take_turn(state, now, session, out),
        Input::TimerFired(TimerKey::Telephony(timer)) => telephony::timer(state, now, timer, out),
    }
}

/// A line of a logged-in session; one who has gone meanwhile is not answered.
fn answer(state: &mut LiveState, now: Moment, session: SessionId, line: ClientLine, out: &mut Effects) {
    let ClientLine { request, commandid: reply } = line;
    let Some(user) = state.user_of(session) else { return };
    let by = Requester { session, user };
    match request {
        // The handshake is over: these are honoured once a connection (protocol 2.1).
        Request::StartTls { .. } | Request::LoginId(_) | Request::LoginPass { .. } | Request::LoginCapas { .. } => {}
        Request::KeepAlive => out.answer(session, Notice::KeepAlive { reply }),
        Request::Logout => sessions::log_out(state, now, session, out),
        Request::GetIpbxList => {
            chat::note_desktop_client(state, session);
            out.answer(session, Notice::IpbxList { reply });
        }
        Request::AvailState { state: name } => pace::change(state, now, by, PacedChange::Presence(name), out),
        Request::FeaturesPut(put) => pace::change(state, now, by, PacedChange::Services(put), out),
        Request::ListId { list } => lists::list_ids(&state.view(user), session, list, out),
        Request::UpdateConfig { list, tid } => {
            if lists::answer(state, by, (Lookup::Config, list, tid), out) == Some(Subject::User(user)) {
                chat::open(state, now, session, out);
            }
        }
        Request::UpdateStatus { list, tid } => drop(lists::answer(state, by, (Lookup::Status, list, tid), out)),
        Request::UnknownList { asked, name, tid } => lists::answer_unknown(session, asked, name, tid, out),
        Request::GetRelations => lists::answer_relations(&state.view(user), session, out),
        Request::Register(wanted) => registrations::register(state, by, &wanted, out),
        Request::Unregister(unwanted) => registrations::unregister(state, session, &unwanted),
        Request::Chat(chat) => pace::chat(state, now, session, chat, out),
        Request::PeopleHeaders => people::headers(state, by, out),
        Request::PeopleSearch { pattern } => people::search(state, by, pattern, out),
        Request::PeopleFavorites => people::favorites(state, by, out),
        Request::PeoplePersonalContacts => people::personal_contacts(state, by, out),
        Request::PeopleSetFavorite { entry, is_favorite } => people::set_favorite(state, by, entry, is_favorite, out),
        Request::PersonalContactRaw(id) => people::contact(state, by, id, out),
        Request::CreatePersonalContact(contact) => people::create(state, by, contact, out),
        Request::EditPersonalContact(id, contact) => people::edit(state, by, id, contact, out),
        Request::DeletePersonalContact(id) => people::delete(state, by, id, out),
        Request::PurgePersonalContacts => people::purge(state, by, out),
        Request::ExportPersonalContacts => people::export(state, by, out),
        Request::ImportPersonalContacts(table) => people::import(state, by, table, out),
        Request::Directory { pattern } => people::directory(state, by, pattern, reply, out),
        Request::SwitchboardHeaders => people::switchboard_headers(state, by, out),
        Request::SwitchboardSearch { pattern } => people::switchboard_search(state, by, pattern, out),
        Request::History { .. } => unsupported::history(session, out),
        Request::SubscribeQueuesStats => queues::subscribe_figures(state, now, by, out),
        Request::GetQueuesStats { queues } => queues::figures(state, now, (by, reply), queues, out),
        Request::SubscribeMeetmes => unsupported::conferences(state, by, out),
        Request::SubscribeCurrentCalls => unsupported::current_calls(session, out),
        Request::SubscribeQueueEntries { queue } => queues::subscribe_entries(state, by, queue, out),
        Request::FaxSend => unsupported::fax(state, by, reply, out),
        Request::AgentLogin { agent, extension } => agents::log_in(state, now, by, (agent, extension), out),
        Request::AgentLogout { agent } => agents::log_off(state, now, by, agent, out),
        Request::AgentMembership { agent, queue, is_member } => {
            agents::change_membership(state, now, by, agents::WantedMembership { agent, queue, is_member }, out);
        }
        Request::AgentPause { agent, queue, is_paused } => {
            agents::pause(state, now, by, agents::WantedPause { agent, queue, is_paused }, out)
        }
        Request::Dial { destination, text } => calls::dial(state, by, (&destination, text), out),
        Request::HangUp => calls::hang_up(state, by, out),
        Request::Listen { agent } => calls::listen(state, by, agent, out),
        Request::Telephony => unsupported::telephony(session, out),
        // Rightly without an answer.
        Request::CallFormResult | Request::Silent => {}
        Request::Unknown { class } => unsupported::unknown(state, session, class, reply, out),
    }
}

/// What the store found or did. Where it failed nobody is told (protocol 4.15), the engine has logged it; but chat flows on,
/// and whoever asks what a caller is called goes on without.
fn hear_store(state: &mut LiveState, now: Moment, reply: StoreReply, out: &mut Effects) {
    match reply {
        StoreReply::FindContacts(wanted, Some(found)) => people::found(state, wanted, &found, out),
        StoreReply::ReadContact(id, by, Some(Some(contact))) => people::read(state, by, (id, contact), out),
        StoreReply::ExportContacts(by, Some(csv)) => people::exported(state, by, csv, out),
        StoreReply::ChangeContacts(change, Some(true)) => people::changed(state, change, out),
        StoreReply::ImportContacts(by, Some(Some(imported))) => people::imported(state, by, imported, out),
        StoreReply::FindByNumber(id, found) => callers::looked_up(id, found.flatten(), out),
        StoreReply::KeepChat(Some(dropped)) => chat::kept(dropped, out),
        StoreReply::FetchChat(session, kept) => chat::fetched(state, now, session, kept, out),
        StoreReply::FindContacts(_, None)
        | StoreReply::ReadContact(_, _, None | Some(None))
        | StoreReply::ExportContacts(_, None)
        | StoreReply::ChangeContacts(_, None | Some(false))
        | StoreReply::ImportContacts(_, None | Some(None))
        | StoreReply::KeepChat(None)
        | StoreReply::ForgetChat(_) => {}
    }
}
