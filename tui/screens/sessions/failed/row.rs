//! Whose failed logins are counted, as the rows of a table: a login, whether or not anybody has it, or an address; and in
//! full what stands beside it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ratatui::text::Line;

use crate::control::{FailedLogins, Session};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::rule::count;
use crate::settings::user::User;
use crate::tui::app::App;
use crate::tui::clock::span;
use crate::tui::filter::Folded;
use crate::tui::table_view::TableRows;
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["kind", "user", "delay"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailedColumn {
    Kind,
    Name,
    Failures,
    Delay,
    Waiting,
}

impl TableColumn for FailedColumn {
    const ALL: &'static [Self] = &[Self::Kind, Self::Name, Self::Failures, Self::Delay, Self::Waiting];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Kind => ColumnDesign::new("kind", 9),
            Self::Name => ColumnDesign::new("login or address", 35),
            Self::Failures => ColumnDesign::new("failures", 10),
            Self::Delay => ColumnDesign::new("delay", 10),
            Self::Waiting => ColumnDesign::new("waiting", 10).need(Need::ByDesign(1)),
        }
    }
}

/// What failures are counted of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FailedKind {
    Login,
    Address,
}

impl FailedKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Address => "address",
        }
    }
}

pub(super) struct FailedRow {
    pub(super) kind: FailedKind,
    pub(super) name: String,
    pub(super) failures: u32,
    /// From how many addresses; of an address that is not told.
    addresses: Option<u32>,
    delay_seconds: u64,
    waiting: u32,
    /// When the last one was, in Unix seconds, of a login.
    last_at: Option<i64>,
    /// Who has the login.
    pub(super) user: Option<UserId>,
    /// The login and the name of that one; empty for nobody.
    user_words: String,
}

#[derive(Default)]
pub(super) struct FailedRows {
    /// All that were ever told, by the place that is their id.
    rows: Vec<FailedRow>,
    /// The ids of those.
    places: HashMap<(FailedKind, String), usize>,
    /// Those that were told last.
    told: Vec<usize>,
    /// Of which it is known who has the logins.
    known: Option<Arc<Configuration>>,
}

impl FailedRows {
    /// What the server says now; a row that was told before keeps its id.
    pub(super) fn take(&mut self, FailedLogins { logins, addresses }: FailedLogins) {
        let row = |kind, name, addresses, (failures, delay_seconds, waiting)| FailedRow {
            kind,
            name,
            failures,
            addresses,
            delay_seconds,
            waiting,
            last_at: None,
            user: None,
            user_words: String::new(),
        };
        let logins = logins.into_iter().map(|it| {
            let counted = (it.failures, it.delay_seconds, it.waiting);
            FailedRow { last_at: it.last_at, ..row(FailedKind::Login, it.login, Some(it.addresses), counted) }
        });
        let addresses = addresses
            .into_iter()
            .map(|it| row(FailedKind::Address, it.address, None, (it.failures, it.delay_seconds, it.waiting)));
        let rows: Vec<FailedRow> = logins.chain(addresses).collect();
        self.told = rows.into_iter().map(|row| self.put(row)).collect();
        self.known = None;
    }

    fn put(&mut self, row: FailedRow) -> usize {
        match self.places.entry((row.kind, row.name.clone())) {
            Entry::Occupied(known) => {
                self.rows[*known.get()] = row;
                *known.get()
            }
            Entry::Vacant(new) => {
                self.rows.push(row);
                *new.insert(self.rows.len() - 1)
            }
        }
    }

    /// Who has the logins.
    pub(super) fn know(&mut self, configuration: &Arc<Configuration>) {
        if self.known.as_ref().is_some_and(|known| Arc::ptr_eq(known, configuration)) {
            return;
        }
        self.known = Some(Arc::clone(configuration));
        let logins: HashMap<String, &Arc<User>> =
            configuration.users.iter().filter_map(|user| Some((user.folded_login()?, user))).collect();
        for row in self.rows.iter_mut().filter(|row| row.kind == FailedKind::Login) {
            let user = logins.get(&row.name.to_lowercase());
            row.user = user.map(|user| user.id);
            row.user_words = user.map_or_else(String::new, |user| format!("{}, {}", row.name, user.full_name()));
        }
    }

    pub(super) fn get(&self, id: usize) -> Option<&FailedRow> {
        self.rows.get(id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

impl TableRows for FailedRows {
    type Id = usize;
    type Column = FailedColumn;

    /// As the server tells them: the logins, then the addresses, those with most failures first.
    fn ids(&self) -> Vec<usize> {
        self.told.clone()
    }

    /// The name of the user, which stands beside the row.
    fn searched(&self, id: usize) -> Folded<'_> {
        self.get(id).map_or_else(Folded::default, |row| Folded::of(&row.user_words))
    }

    fn field(&self, id: usize, name: &'static str) -> Folded<'_> {
        match (self.get(id), name) {
            (None, _) => Folded::default(),
            (Some(row), "kind") => Folded::known(row.kind.as_str()),
            (Some(row), "user") => Folded::of(&row.user_words),
            (Some(row), _) if row.delay_seconds == 0 => Folded::default(),
            (Some(row), _) => Folded::of(&format!("{} s", row.delay_seconds)),
        }
    }

    fn cell(&self, id: usize, column: FailedColumn) -> Line<'static> {
        let Some(row) = self.get(id) else { return Line::default() };
        Line::raw(match column {
            FailedColumn::Kind => row.kind.as_str().to_owned(),
            FailedColumn::Name => row.name.clone(),
            FailedColumn::Failures => row.failures.to_string(),
            FailedColumn::Delay if row.delay_seconds == 0 => "none".to_owned(),
            FailedColumn::Delay => return Line::styled(format!("! {} s", row.delay_seconds), theme::WARNING),
            FailedColumn::Waiting => row.waiting.to_string(),
        })
    }

    fn sort_key(&self, id: usize, column: FailedColumn) -> SortKey<'_> {
        match (self.get(id), column) {
            (Some(row), FailedColumn::Delay) => SortKey::Number(i64::try_from(row.delay_seconds).unwrap_or(i64::MAX)),
            _ => SortKey::of_cell(&self.cell(id, column)),
        }
    }
}

impl FailedRow {
    /// What the row does not say: from where they came, what becomes of the next attempt, who is there.
    pub(super) fn in_full(&self, width: u16, app: &App) -> Foot {
        let mut foot = Foot::new(&format!("{} {}", self.kind.as_str(), self.name), width);
        if let Some(addresses) = self.addresses {
            let from = count(usize::try_from(addresses).unwrap_or(usize::MAX), "address");
            let last = self.last_at.map_or_else(String::new, |at| format!(", the last {} ago", span(at, app.now)));
            foot.say("attempts", &format!("from {from} within 15 minutes{last}"));
        }
        match self.delay_seconds {
            0 => foot.say("the next one", "is checked immediately"),
            seconds => foot.say("the next ones", &format!("are checked {seconds} s apart")),
        }
        if self.kind == FailedKind::Address {
            foot.say("connected", &self.connected_words(app));
        } else if self.user.is_none() {
            foot.say("user", "nobody has this login");
        }
        foot.say("what to do", "U forgets them: the next attempts are checked immediately; or wait 15 minutes");
        foot
    }

    /// Who is connected from the address now.
    fn connected_words(&self, app: &App) -> String {
        let is_from_here = |session: &&Session| is_within(&session.address, &self.name);
        let mut logins: Vec<&str> = app.sessions().iter().filter(is_from_here).map(|it| it.user.as_str()).collect();
        logins.sort_unstable();
        logins.dedup();
        match logins.as_slice() {
            [] => "nobody from there".to_owned(),
            logins => format!("{} from there: {}", count(logins.len(), "user"), logins.join(", ")),
        }
    }
}

/// Whether a session's address is this one, or of this network of IPv6.
fn is_within(session: &str, address: &str) -> bool {
    let Ok(session) = session.parse::<SocketAddr>().map(|socket| socket.ip().to_canonical()) else { return false };
    let network = |address: Ipv6Addr| address.segments()[..4].to_vec();
    match (address.split_once('/'), session) {
        (Some((beginning, _)), IpAddr::V6(session)) => {
            beginning.parse().is_ok_and(|beginning| network(beginning) == network(session))
        }
        (Some(_), IpAddr::V4(_)) => false,
        (None, session) => address.parse() == Ok(session),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_of_an_address_or_of_its_network() {
        for (session, address, is_of) in [
            ("192.0.2.7:5003", "192.0.2.7", true),
            ("[::ffff:192.0.2.7]:5003", "192.0.2.7", true),
            ("192.0.2.8:5003", "192.0.2.7", false),
            ("[2001:db8:1:2:3::4]:5003", "2001:db8:1:2::/64", true),
            ("[2001:db8:1:3::4]:5003", "2001:db8:1:2::/64", false),
            ("192.0.2.7:5003", "2001:db8:1:2::/64", false),
        ] {
            assert_eq!(is_within(session, address), is_of, "{session} of {address}");
        }
    }
}
