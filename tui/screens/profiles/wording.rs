//! What xlets, services and preferences are, in words: beside the historic names, which say little to who has not grown
//! up with them.

use crate::settings::preference::{Preference, PreferenceType};
use crate::settings::profile::{Service, Xlet};

pub(super) fn xlet(xlet: Xlet) -> &'static str {
    match xlet {
        Xlet::AgentDetails => "one agent, closely",
        Xlet::Agents => "all agents as a list",
        Xlet::AgentStatusDashboard => "all agents at a glance",
        Xlet::Conference => "conference rooms",
        Xlet::CustomerInfo => "sheets about callers",
        Xlet::DateTime => "a clock",
        Xlet::Directory => "the operator's search",
        Xlet::Fax => "send a fax",
        Xlet::Features => "forwards and other services",
        Xlet::History => "calls made, taken, missed",
        Xlet::Identity => "oneself: name, presence, line",
        Xlet::People => "search, favourites, contacts",
        Xlet::QueueEntryDetails => "who waits in a queue",
        Xlet::QueueMembers => "who answers a queue",
        Xlet::Queues => "all queues as a list",
        Xlet::Switchboard => "the operator's calls",
        Xlet::Tabber => "the stand of all xlets in tab",
    }
}

pub(super) fn service(service: Service) -> &'static str {
    match service {
        Service::EnableVoicemail => "switch the voicemail box",
        Service::CallRecord => "record calls",
        Service::IncallRecord => "record a call that goes on",
        Service::IncallFilter => "filter incoming calls",
        Service::EnableDnd => "switch do-not-disturb",
        Service::ForwardUnconditional => "forward every call",
        Service::ForwardBusy => "forward when busy",
        Service::ForwardNoAnswer => "forward when not answering",
    }
}

/// What it changes in the client, and in which clients.
pub(super) fn preference(preference: Preference) -> &'static str {
    match preference {
        Preference::GuiLoginWindowUrl => "a page to open after login",
        Preference::GuiNoQueueAction => "no actions on queues at agents",
        Preference::TryToReconnect => "comes back by itself after a lost connection",
        Preference::TryToReconnectInterval => "milliseconds until it tries to come back",
        Preference::LoginWindowUrl => "a page to open after login; 2016 clients read another key",
        Preference::PresenceAutoChangeState => "changes of presence by itself; gone since mid-2016",
        Preference::AgentDetailsHideAstId => "hides the server's name at agents; 2016 clients ignore it",
        Preference::AgentDetailsHideContext => "hides the context at agents; 2016 clients ignore it",
        Preference::AgentDetailsNoQueueAction => "no actions on queues at agents; 2016 clients read another key",
        Preference::AgentsFontName => "the font of the list of agents; 2016 clients ignore it",
        Preference::AgentsFontSize => "the size of that font; 2016 clients ignore it",
        Preference::AgentsIconSize => "the size of icons in the list of agents; 2016 clients ignore it",
        Preference::IdentityLogAgent => "agents log in and out in Identity",
        Preference::IdentityPauseAgent => "agents pause in Identity",
        Preference::QueuesStatsFetchPeriod => "seconds between two looks at the figures of queues",
    }
}

/// The type of a preference's value.
pub(super) fn value_type(kind: PreferenceType) -> String {
    match kind {
        PreferenceType::Bool => "true or false".to_owned(),
        PreferenceType::Integer { least, most } => format!("{least} to {most}"),
        PreferenceType::Url => "a URL, http or https".to_owned(),
        PreferenceType::Font => "a font's name".to_owned(),
    }
}
