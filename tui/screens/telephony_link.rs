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

/// Where a remedy is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadOn {
    /// The screen of the link itself: its settings and its test are there.
    Telephony,
    Elsewhere,
}

/// What to do where there is no link; none where there is one, or is about to be.
pub(super) fn remedy(read_on: ReadOn, app: &App) -> Option<&'static str> {
    let no_secret = match read_on {
        ReadOn::Telephony => {
            "Enter on Manager secret below sets it; `ctibox asterisk dialplan --to DIR` makes one and writes the account"
        }
        ReadOn::Elsewhere => {
            "T shows Telephony: set Manager secret there; `ctibox asterisk dialplan --to DIR` makes one and writes the \
             account"
        }
    };
    let test = match read_on {
        ReadOn::Telephony => "t tests the connection and says what is missing; the server goes on trying",
        ReadOn::Elsewhere => "T, then t tests the connection and says what is missing; the server goes on trying",
    };
    match link(app) {
        Some(TelephonyLink::Up { .. } | TelephonyLink::Connecting | TelephonyLink::Resyncing) => None,
        Some(TelephonyLink::Off) => Some(no_secret),
        Some(TelephonyLink::Down { .. } | TelephonyLink::Refused { .. }) => Some(test),
        None if is_without_secret(app) => Some(no_secret),
        None => Some("start the server: `systemctl start ctibox` or `ctibox serve`"),
    }
}

fn link(app: &App) -> Option<&TelephonyLink> {
    match &app.server {
        Server::Running(status, _) => status.telephony.as_ref(),
        _ => None,
    }
}

fn is_without_secret(app: &App) -> bool {
    app.effective().general().ami.secret.is_none()
}
