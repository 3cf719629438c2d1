//! How the link to Asterisk is, in words, and what to do where there is none: for every screen that shows what Asterisk
//! tells.

use ratatui::style::Style;

use crate::control::TelephonyLink;
use crate::tui::app::App;
use crate::tui::server::Server;
use crate::tui::theme;

/// In one line, with its sign.
pub(super) fn state(app: &App) -> (Style, String) {
    match link(app) {
        Some(link @ TelephonyLink::Up { .. }) => (theme::GOOD, format!("● {link}")),
        Some(link @ (TelephonyLink::Down { .. } | TelephonyLink::Refused { .. })) => {
            (theme::ERROR, format!("✗ {link}"))
        }
        Some(link @ (TelephonyLink::Off | TelephonyLink::Connecting | TelephonyLink::Resyncing)) => {
            (theme::MUTED, format!("○ {link}"))
        }
        None if is_without_secret(app) => (theme::MUTED, format!("○ {}", TelephonyLink::Off)),
        None => (theme::MUTED, "○ not connected: the server does not run".to_owned()),
    }
}

/// What to do where there is no link; none where there is one, or is about to be.
pub(super) fn remedy(app: &App) -> Option<&'static str> {
    match link(app) {
        Some(TelephonyLink::Up { .. } | TelephonyLink::Connecting | TelephonyLink::Resyncing) => None,
        Some(TelephonyLink::Off) => Some(NO_SECRET),
        Some(TelephonyLink::Down { .. } | TelephonyLink::Refused { .. }) => {
            Some("t on the screen Telephony tests the connection and says what is missing; the server goes on trying")
        }
        None if is_without_secret(app) => Some(NO_SECRET),
        None => Some("start the server: `systemctl start ctibox` or `ctibox serve`"),
    }
}

const NO_SECRET: &str =
    "set ami.secret on the screen Telephony; `ctibox asterisk dialplan --to DIR` makes one and writes the account";

fn link(app: &App) -> Option<&TelephonyLink> {
    match &app.server {
        Server::Running(status, _) => status.telephony.as_ref(),
        _ => None,
    }
}

fn is_without_secret(app: &App) -> bool {
    app.effective().general().ami.secret.is_none()
}
