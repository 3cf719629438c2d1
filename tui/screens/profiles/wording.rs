//! What xlets, services and preferences are, in words: beside the historic names, which say little to who has not grown
//! up with them.

use crate::settings::preference::{Preference, PreferenceType};
use crate::settings::profile::{Service, Xlet};

/// When a changed profile acts: the server goes by it immediately.
pub(in crate::tui::screens) const ACTS: &str =
    "what it grants holds at once; connected clients show it at their next login";

/// As the client calls it.
pub(super) fn label(xlet: Xlet) -> &'static str {
    match xlet {
        Xlet::AgentDetails => "Agents (detail)",
        Xlet::Agents => "Agents (list)",
        Xlet::AgentStatusDashboard => "Agent status dashboard",
        Xlet::Conference => "Conference rooms",
        Xlet::CustomerInfo => "Customer info",
        Xlet::DateTime => "Datetime",
        Xlet::Directory => "Directory",
        Xlet::Fax => "Fax",
        Xlet::Features => "Services",
        Xlet::History => "History",
        Xlet::Identity => "Identity",
        Xlet::People => "People",
        Xlet::QueueEntryDetails => "Queues (entries detail)",
        Xlet::QueueMembers => "Queue members",
        Xlet::Queues => "Queues (list)",
        Xlet::Switchboard => "Switchboard",
        Xlet::Tabber => "Tabber",
    }
}

/// What it is for.
pub(super) fn xlet(xlet: Xlet) -> &'static str {
    match xlet {
        Xlet::AgentDetails => "one agent in detail",
        Xlet::Agents => "all agents in a list",
        Xlet::AgentStatusDashboard => "all agents at a glance",
        Xlet::Conference => "conference rooms and who is in them",
        Xlet::CustomerInfo => "information about the caller",
        Xlet::DateTime => "a clock",
        Xlet::Directory => "the operator's directory search",
        Xlet::Fax => "send a fax",
        Xlet::Features => "call forwarding and other services",
        Xlet::History => "calls made, received and missed",
        Xlet::Identity => "your own name, presence and line",
        Xlet::People => "search, favorites and personal contacts",
        Xlet::QueueEntryDetails => "callers waiting in a queue",
        Xlet::QueueMembers => "the members of a queue",
        Xlet::Queues => "all queues in a list",
        Xlet::Switchboard => "the operator's calls",
        Xlet::Tabber => "shows the xlets in tab position as tabs",
    }
}

pub(super) fn service(service: Service) -> &'static str {
    match service {
        Service::EnableVoicemail => "turn voicemail on and off",
        Service::CallRecord => "record calls",
        Service::IncallRecord => "record a call in progress",
        Service::IncallFilter => "filter incoming calls",
        Service::EnableDnd => "turn do-not-disturb on and off",
        Service::ForwardUnconditional => "forward all calls",
        Service::ForwardBusy => "forward calls when busy",
        Service::ForwardNoAnswer => "forward unanswered calls",
    }
}

/// What it changes in the client, and in which clients.
pub(super) fn preference(preference: Preference) -> &'static str {
    match preference {
        Preference::GuiLoginWindowUrl => "web page to open after login",
        Preference::GuiNoQueueAction => "hides the queue actions in agent details",
        Preference::TryToReconnect => "reconnects by itself after a lost connection",
        Preference::TryToReconnectInterval => "milliseconds between attempts to reconnect",
        Preference::LoginWindowUrl => "web page to open after login; 2016 clients read another key",
        Preference::PresenceAutoChangeState => "changes the presence automatically; gone since mid-2016",
        Preference::AgentDetailsHideAstId => "hides the server's name in agent details; 2016 clients ignore it",
        Preference::AgentDetailsHideContext => "hides the context in agent details; 2016 clients ignore it",
        Preference::AgentDetailsNoQueueAction => {
            "hides the queue actions in agent details; 2016 clients read another key"
        }
        Preference::AgentsFontName => "font of the agent list; 2016 clients ignore it",
        Preference::AgentsFontSize => "font size of the agent list; 2016 clients ignore it",
        Preference::AgentsIconSize => "icon size of the agent list; 2016 clients ignore it",
        Preference::IdentityLogAgent => "agents can log in and out from Identity",
        Preference::IdentityPauseAgent => "agents can pause from Identity",
        Preference::QueuesStatsFetchPeriod => "seconds between updates of the queue statistics",
    }
}

/// The type of a preference's value.
pub(super) fn value_type(kind: PreferenceType) -> String {
    match kind {
        PreferenceType::Bool => "true or false".to_owned(),
        PreferenceType::Integer { least, most } => format!("{least} to {most}"),
        PreferenceType::Url => "a URL, http or https".to_owned(),
        PreferenceType::Font => "font name".to_owned(),
    }
}
