//! The certificate and key that clients get, looked at for the overview and the place of certificates: the files as they
//! are, what is wrong with them, and whether the running server uses them. Reads them off the thread that draws; changes
//! nothing.

use std::path::Path;

use time::OffsetDateTime;

use crate::certificate::{Description, PairPaths, findings_of, load_pair};
use crate::control::Discrepancy;
use crate::settings::rule::Finding;
use crate::settings::setting::EncryptionMode;
use crate::tui::app::App;
use crate::tui::server::Server;

pub(super) struct Pair {
    pub(super) paths: PairPaths,
    pub(super) choice: PairChoice,
    pub(super) mode: EncryptionMode,
    /// None: it cannot be read, and the findings say why; or ctibox has not made it yet.
    pub(super) description: Option<Description>,
    /// Of those that come after it in its file.
    pub(super) chain: Vec<Description>,
    pub(super) findings: Vec<Finding>,
}

/// Who chose the pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PairChoice {
    /// Nobody: it is the one that ctibox makes.
    Own,
    Named,
}

/// What the running server does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    NotRunning,
    /// It encrypts nothing.
    Nothing,
    This,
    Another,
}

impl Pair {
    /// A look at the pair that the settings want now, for a thread beside.
    pub(super) fn looking(app: &App) -> impl FnOnce() -> Self + Send + use<> {
        let general = app.effective().general();
        let named = general.encryption_pair.as_ref();
        let choice = if named.is_some() { PairChoice::Named } else { PairChoice::Own };
        let paths = PairPaths::effective(named, &app.folder);
        let (mode, now) = (general.encryption_mode, app.now);
        move || Self::look(choice, paths, mode, now)
    }

    fn look(choice: PairChoice, paths: PairPaths, mode: EncryptionMode, now: OffsetDateTime) -> Self {
        // The server makes its own certificate at its first start: that none is there yet is no fault.
        let is_there = choice == PairChoice::Named || paths.certificate.exists();
        let loaded = load_pair(&paths);
        let findings = match &loaded {
            Ok(pair) => findings_of(pair, &paths, now),
            Err(error) if is_there => vec![error.finding_in(&paths)],
            Err(_) => Vec::new(),
        };
        let (description, chain) = loaded.map_or((None, Vec::new()), |pair| (Some(pair.description), pair.chain));
        Self { paths, choice, mode, description, chain, findings }
    }

    pub(super) fn is_made(&self) -> bool {
        self.choice == PairChoice::Named || self.description.is_some() || !self.findings.is_empty()
    }

    /// `ctibox's own` or where it was named.
    pub(super) fn chosen(&self) -> &'static str {
        match self.choice {
            PairChoice::Own => "ctibox's own",
            PairChoice::Named => "named in the settings",
        }
    }

    pub(super) fn used(&self, app: &App) -> Use {
        let Server::Running(status, _) = &app.server else { return Use::NotRunning };
        let own = self.description.as_ref().map(|description| &description.fingerprint);
        match (&status.fingerprint, own) {
            (None, _) => Use::Nothing,
            (Some(used), Some(own)) if used == own => Use::This,
            (Some(_), _) => Use::Another,
        }
    }

    /// Why the running server does not use the pair that the settings want, and what it uses instead.
    pub(super) fn refused(app: &App) -> Option<String> {
        let Server::Running(status, _) = &app.server else { return None };
        let of_pair = |one: &&Discrepancy| matches!(one, Discrepancy::Certificate { .. });
        status.discrepancies.iter().find(of_pair).map(ToString::to_string)
    }

    /// A path as it is told: below the data folder from there on.
    pub(super) fn told(path: &Path, app: &App) -> String {
        match path.strip_prefix(&app.folder) {
            Ok(below) => format!("{} in the data folder", below.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
