//! Certificates: the pair that clients get, in full, and what is wrong with it; another pair, ctibox's own again, a new
//! one of ctibox's own, and making the running server read it now.

mod form;
mod stored;
mod stored_forms;
mod told;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::certificate::renew_fallback;
use crate::control;
use crate::settings::configuration::Configuration;
use crate::settings::setting::Key as Setting;
use crate::tui::app::{App, Transition, Undoable};
use crate::tui::ask::Question;
use crate::tui::command_line::certificate_renew;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::latest::Latest;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::list::{MOVES, moved};

use super::pair::{Pair, PairChoice};
use form::PairModel;
use stored::StoredPairs;

/// Characters of half a fingerprint, with its colons.
const HALF_FINGERPRINT: usize = 48;

/// Shown until the files were read.
const LOOKING: &str = " Looking at the files…";

pub(super) struct Certificates {
    pair: Latest<Pair>,
    top: usize,
    /// As it was drawn last.
    height: usize,
}

impl Certificates {
    pub(super) fn open() -> Self {
        Self { pair: Latest::default(), top: 0, height: 0 }
    }

    fn choice(&self) -> PairChoice {
        self.pair.get().map_or(PairChoice::Own, |pair| pair.choice)
    }

    fn look(&mut self, app: &mut App) {
        self.pair.look(Pair::looking(app), app);
    }

    fn scroll(&mut self, key: Key, _app: &mut App) -> Transition {
        let page = self.height.max(2) - 1;
        // Drawing knows where the end is.
        self.top = moved(self.top, usize::MAX, page, key).unwrap_or(self.top);
        Transition::Stay
    }

    fn fingerprint(&self) -> Option<String> {
        let description = self.pair.get()?.description.as_ref()?;
        Some(description.fingerprint.clone())
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        if let Some(fingerprint) = self.fingerprint() {
            app.copy("the fingerprint", fingerprint);
        }
        Transition::Stay
    }

    fn name(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(Form::open(PairModel, app)))
    }

    fn stored(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(StoredPairs::open(app)))
    }

    fn own(&mut self, _app: &mut App) -> Transition {
        let question = Question::new(
            "Drop the named pair?",
            "ctibox's own pair is used again. The settings will no longer name a certificate and key; the files stay \
             where they are. Clients that only trust that certificate, or its authority, refuse ctibox's own until \
             they are told to trust it.",
        )
        .choice('y', "use ctibox's own", |app| {
            let words = "ctibox's own pair is in use";
            let keys = [Setting::EncryptionCertificate, Setting::EncryptionKeyFile];
            let unset = move |c: &mut Configuration| keys.into_iter().try_for_each(|key| c.unset_setting(key));
            app.change(words, None, Undoable::Yes, unset, move |app, outcome| {
                let is_saved = outcome.is_ok();
                app.tell_outcome(words, outcome);
                if is_saved { take_over(words, app) } else { Transition::Stay }
            })
        })
        .stay("leave it");
        Transition::Push(Box::new(question))
    }

    fn renew(&mut self, _app: &mut App) -> Transition {
        let mut text =
            "A certificate with the names and addresses that this host has now replaces the old one; the key \
         stays the same. Its fingerprint is new: clients that trust the old one ask, or refuse, until \
         they are told to trust the new one."
                .to_owned();
        if self.choice() == PairChoice::Named {
            text.push_str("\nIt is not in use now: the settings name another pair.");
        }
        let question = Question::new("Make a new certificate of ctibox's own?", text)
            .choice('y', "make it", make_own)
            .stay("leave it");
        Transition::Push(Box::new(question))
    }

    fn reload(&mut self, app: &mut App) -> Transition {
        app.ask_server(control::Request::ReloadCertificate, |app, reply| {
            match reply.map(|reply| fingerprint(&reply)) {
                Ok(fingerprint) => app.tell(format!("the server has read it: {fingerprint}")),
                Err(error) => app.fail(format!("not read: {error}")),
            }
            Transition::Stay
        })
    }
}

/// Writes ctibox's own certificate anew.
fn make_own(app: &mut App) -> Transition {
    let folder = app.folder.clone();
    let make = move || renew_fallback(&folder).map_err(|error| error.finding().refusal.problem.to_string());
    app.make("making a certificate", make, |app, made| match made.and_then(|made| made) {
        Ok(_) => {
            let words = "made a new certificate";
            app.remember_made_elsewhere(words.to_owned(), certificate_renew());
            app.tell(words);
            take_over(words, app)
        }
        Err(why) => {
            app.fail(format!("not made: {why}"));
            Transition::Stay
        }
    })
}

/// Makes a running server use what was changed now, and adds to the words what came of that.
fn take_over(words: impl Into<String>, app: &mut App) -> Transition {
    if !app.is_running() {
        return Transition::Stay;
    }
    let words = words.into();
    app.ask_server(control::Request::ReloadCertificate, move |app, reply| {
        match reply {
            Ok(_) => app.tell(format!("{words}; the server has read it")),
            Err(error) => app.warn(format!("{words}; but the server has not read it: {error}")),
        }
        Transition::Stay
    })
}

fn fingerprint(reply: &control::Response) -> String {
    match reply {
        control::Response::CertificateReloaded { fingerprint: Some(fingerprint) } => fingerprint.clone(),
        _ => "it uses no certificate".to_owned(),
    }
}

impl Screen for Certificates {
    fn title(&self, _app: &App) -> String {
        "certificates".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let own = (self.choice() == PairChoice::Own).then_some(
            "no pair is named: ctibox's own is in use; l shows those that are stored, and d removes one there",
        );
        let stopped = (!app.is_running()).then_some("the server is not running; it reads the pair when it starts");
        let none = self.fingerprint().is_none().then_some("there is no certificate");
        vec![
            Command::keyed(MOVES, "scroll", "Scroll", Self::scroll),
            Command::new([Action::Open, Action::Edit], "use another", "Choose another certificate and key", Self::name)
                .blocked(app.file_obstacle())
                .edits(app),
            Command::new(
                [Action::StoredPairs],
                "stored",
                "Show the pairs that are stored in the data folder",
                Self::stored,
            ),
            Command::new([Action::Remove], "drop named", "Drop the named pair and use ctibox's own again", Self::own)
                .blocked(own)
                .edits(app),
            Command::new([Action::MakePair], "renew own", "Make a new certificate of ctibox's own", Self::renew)
                .edits(app),
            Command::new([Action::Reload], "reload", "Make the running server read the pair again", Self::reload)
                .blocked(stopped)
                .edits(app),
            Command::new(
                [Action::Clipboard],
                "copy",
                "Copy the fingerprint to the clipboard of the terminal",
                Self::copy,
            )
            .blocked(none),
        ]
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn is_working(&self) -> bool {
        self.pair.is_under_way()
    }

    fn is_behind(&self, app: &App) -> bool {
        self.pair.is_behind(app)
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.pair.take(Duration::ZERO, app);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let Some(pair) = self.pair.get() else {
            frame.buffer_mut().set_stringn(area.x, area.y, LOOKING, usize::from(area.width), theme::MUTED);
            return;
        };
        let lines = told::lines(pair, app, usize::from(area.width));
        self.height = usize::from(area.height);
        self.top = self.top.min(lines.len().saturating_sub(self.height));
        for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(self.top)) {
            frame.buffer_mut().set_line(area.x, y, line, area.width);
        }
        if self.top + self.height < lines.len() {
            let more = Line::styled(" ↓ more ", theme::CHOSEN);
            let width = u16::try_from(more.width()).unwrap_or(0);
            frame.buffer_mut().set_line(area.right().saturating_sub(width), area.bottom() - 1, &more, width);
        }
    }
}
