//! The columns of the list of users: which have room, what they hold, and by what each is sorted.

use crate::settings::configuration::Configuration;
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::tui::widgets::columns::{Candidate, ColumnDesign, Need, TableColumn};

use super::live::Live;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UserColumn {
    Login,
    Name,
    /// What `Name` shows ends with it.
    LastName,
    Profile,
    Line,
    Agent,
    State,
    Presence,
    Services,
    Email,
    Mobile,
    Client,
    LastLogin,
}

impl TableColumn for UserColumn {
    const ALL: &'static [Self] = &[
        Self::Login,
        Self::Name,
        Self::LastName,
        Self::Profile,
        Self::Line,
        Self::Agent,
        Self::State,
        Self::Presence,
        Self::Services,
        Self::Email,
        Self::Mobile,
        Self::Client,
        Self::LastLogin,
    ];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Login => ColumnDesign::new("login", 13),
            Self::Name => ColumnDesign::new("name", 17),
            Self::LastName => ColumnDesign::new("last name", 9).need(Need::SortedBy),
            Self::Profile => ColumnDesign::new("profile", 10).need(Need::ByDesign(2)),
            Self::Line => ColumnDesign::new("main line", 14).need(Need::ByDesign(1)),
            Self::Agent => ColumnDesign::new("agent", 6).need(Need::ByDesign(3)),
            Self::State => ColumnDesign::new("state", 11),
            Self::Presence => ColumnDesign::new("presence", 14).need(Need::WithRoom(1)),
            Self::Services => ColumnDesign::new("services", 14).need(Need::WithRoom(2)),
            Self::Email => ColumnDesign::new("e-mail", 24).need(Need::WithRoom(3)),
            Self::Mobile => ColumnDesign::new("mobile", 13).need(Need::WithRoom(5)),
            Self::Client => ColumnDesign::new("client", 6).need(Need::WithRoom(6)),
            Self::LastLogin => ColumnDesign::new("last login", 10).need(Need::WithRoom(4)),
        }
    }
}

/// What each column holds, looked up once a configuration: the table shares its width by it.
pub(super) struct Widths {
    columns: Vec<Candidate<UserColumn>>,
    has_agents: bool,
    has_emails: bool,
    has_mobiles: bool,
}

impl Widths {
    pub(super) fn of(c: &Configuration, main_lines: impl Iterator<Item = String>) -> Self {
        let mut columns: Vec<Candidate<UserColumn>> =
            UserColumn::ALL.iter().map(|column| Candidate::of(*column)).collect();
        let mut holds = |column: UserColumn, text: &str| {
            if let Some(candidate) = columns.iter_mut().find(|candidate| candidate.column == column) {
                candidate.width.holds(text);
            }
        };
        for user in c.users.iter() {
            holds(UserColumn::Login, &user.shown_login());
            holds(UserColumn::Name, &user.full_name());
            holds(UserColumn::LastName, user.last_name.as_str());
            user.email.iter().for_each(|email| holds(UserColumn::Email, email.as_str()));
            user.mobile.iter().for_each(|mobile| holds(UserColumn::Mobile, mobile.as_str()));
        }
        c.profiles.iter().for_each(|profile| holds(UserColumn::Profile, profile.name.as_str()));
        c.agents.iter().for_each(|agent| holds(UserColumn::Agent, agent.number.as_str()));
        c.presences.iter().for_each(|presence| holds(UserColumn::Presence, &format!("  {}", presence.display)));
        main_lines.for_each(|line| holds(UserColumn::Line, &line));
        holds(UserColumn::Line, NO_LINE);
        holds(UserColumn::State, "● connected");
        holds(UserColumn::Services, "dnd, forward 1000");
        Self {
            columns,
            has_agents: c.agents.iter().any(|agent| agent.user.is_some()),
            has_emails: c.users.iter().any(|user| user.email.is_some()),
            has_mobiles: c.users.iter().any(|user| user.mobile.is_some()),
        }
    }
}

/// In the column of whoever has none.
pub(super) const NO_LINE: &str = "! no line";

/// All columns as they could be shown now: those that say nothing are not.
pub(super) fn candidates(widths: &Widths, live: &Live) -> Vec<Candidate<UserColumn>> {
    let says_something = |column| match column {
        UserColumn::Agent => widths.has_agents,
        UserColumn::Email => widths.has_emails,
        UserColumn::Mobile => widths.has_mobiles,
        UserColumn::Presence | UserColumn::Client => live.is_anybody_connected(),
        UserColumn::Services => live.is_anything_switched_on(),
        UserColumn::LastLogin => live.knows_logins(),
        UserColumn::Login
        | UserColumn::Name
        | UserColumn::LastName
        | UserColumn::Profile
        | UserColumn::Line
        | UserColumn::State => true,
    };
    let candidate = |candidate: &Candidate<UserColumn>| {
        let need = if says_something(candidate.column) { candidate.need } else { Need::Never };
        Candidate { need, ..*candidate }
    };
    widths.columns.iter().map(candidate).collect()
}

/// Whether all main lines stand in one context, which then says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContextsInUse {
    One,
    Several,
}

/// `1001@default`, or `1001` where all are in one context.
pub(super) fn line_words(line: &Line, contexts: ContextsInUse, c: &Configuration) -> String {
    match contexts {
        ContextsInUse::One => line.extension.to_string(),
        ContextsInUse::Several => format!("{}@{}", line.extension, context_name(c, line.context)),
    }
}
