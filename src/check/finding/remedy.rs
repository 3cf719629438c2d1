//! What mends a finding, as data, and its words for whoever has a shell at hand: the command line shows them, and the console
//! where it has no place of its own that mends it.

use std::fmt;
use std::path::PathBuf;

use super::defect::SecretKind;
use crate::certificate::XivoPair;
use crate::check::telephone_system::SystemRemedy;
use crate::config::FileProblem;
use crate::control::{ListenProblem, RefusedClients, WhyRefused};
use crate::settings::prose::{Prose, prose};
use crate::settings::setting::Key;
use crate::store::StoreRemedy;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// The object that breaks a rule.
    EditObject,
    NameFolder,
    LookAtCauses,
    MendStore(StoreRemedy),
    RemoveForeignObject,
    UpdateSchema,
    Restrict {
        path: PathBuf,
        kind: SecretKind,
    },
    MendFile(FileProblem),
    /// One of the two that say otherwise is to go.
    UnsetListen(Key),
    UnsetOne(Key),
    StartWithoutLogFilter,
    ReadSameFiles,
    MendPair(PairRemedy),
    ServeClients(TlsRemedy),
    Listen(ListenProblem),
    ListenForNames(ListenProblem),
    ShowSessions,
    LookAtServerLog,
    MendDatabase,
    SetBackends,
    TryBackends,
    MendTelephony(SystemRemedy),
}

/// Of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PairRemedy {
    NameOther(Key),
    UseXivo(XivoPair),
    NameGood,
    RenewOwn,
    RenewUsed,
    PutInPlace,
    NameTrusted(Key),
}

/// Of clients whose TLS is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsRemedy {
    ReplaceAndUnset,
    LowerMinVersion,
    UseOtherKey,
    /// Those that were refused for this reason. Where encryption is required, none comes in without.
    Admit {
        why: WhyRefused,
        is_clear_refused: bool,
    },
}

impl TlsRemedy {
    pub(crate) fn of(refused: &RefusedClients) -> Self {
        Self::Admit { why: refused.why, is_clear_refused: refused.is_clear_refused }
    }
}

impl From<PairRemedy> for Remedy {
    fn from(remedy: PairRemedy) -> Self {
        Self::MendPair(remedy)
    }
}

impl From<TlsRemedy> for Remedy {
    fn from(remedy: TlsRemedy) -> Self {
        Self::ServeClients(remedy)
    }
}

impl From<SystemRemedy> for Remedy {
    fn from(remedy: SystemRemedy) -> Self {
        Self::MendTelephony(remedy)
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(out)
    }
}

impl Remedy {
    pub(crate) fn words(&self) -> Prose {
        match self {
            Self::EditObject => prose!["edit that object with its command, or in the console"],
            Self::NameFolder => prose!["name the right folder with `--data`, or look at its owner and rights"],
            Self::LookAtCauses => prose!["look at the causes"],
            Self::MendStore(remedy) => remedy.words(),
            Self::RemoveForeignObject => {
                prose![
                    "take it out with the program that put it in, or bring a backup of before back with ",
                    ctibox("restore FILE")
                ]
            }
            Self::UpdateSchema => {
                prose!["start the server or run any command: a copy is kept, then it is brought up to date"]
            }
            // It is often root's: the service reads it as everybody does.
            Self::Restrict { path, kind: SecretKind::Settings } => {
                let path = path.display();
                prose!["run `chgrp ctibox '{path}' && chmod u=rw,g=r,o= '{path}'`"]
            }
            Self::Restrict { path, .. } => {
                let path = path.display();
                prose!["run `chmod u=rw,g-w,o= '{path}'`"]
            }
            Self::MendFile(problem) => problem.remedy(),
            Self::UnsetListen(key) => {
                prose!["start the server without `--listen`, or take it out: ", ctibox("setting unset {key}")]
            }
            Self::UnsetOne(key) => {
                prose!["take it out of that file, or out of the database: ", ctibox("setting unset {key}")]
            }
            Self::StartWithoutLogFilter => prose!["start the server without CTIBOX_LOG"],
            Self::ReadSameFiles => {
                prose![
                    "the server was started with other settings files: start it with the same ones, or name its main \
                     file here with `--config FILE`"
                ]
            }
            Self::MendPair(remedy) => remedy.words(),
            Self::ServeClients(remedy) => remedy.words(),
            Self::Listen(problem) => listen_words(*problem),
            Self::ListenForNames(problem) => listen_for_names_words(*problem),
            Self::ShowSessions => {
                prose![ctibox("sessions"), " shows who has them; client.connections_max and its like are the bounds"]
            }
            Self::LookAtServerLog => prose!["look at its log; if it stays so, start it again"],
            Self::MendDatabase => prose!["mend the database, or bring a backup back with ", ctibox("restore FILE")],
            Self::SetBackends => {
                prose![
                    "set what it needs, or name others with ",
                    ctibox("setting set auth.backends"),
                    "; ",
                    ctibox("auth check"),
                    " tries them"
                ]
            }
            Self::TryBackends => {
                prose![
                    ctibox("auth check"),
                    " says what is wrong; until it is mended ",
                    ctibox("user edit LOGIN --break-glass on"),
                    " lets in who has a local password"
                ]
            }
            Self::MendTelephony(remedy) => remedy.words(),
        }
    }
}

impl PairRemedy {
    fn words(&self) -> Prose {
        match self {
            Self::NameOther(missing) => prose!["name {missing} there as well, or neither"],
            Self::UseXivo(pair) => pair.remedy(),
            Self::NameGood => {
                prose![
                    "name a good pair with ",
                    ctibox("certificate use CERTIFICATE KEY"),
                    ", or none to use ctibox's own"
                ]
            }
            Self::RenewOwn => prose!["make a new one with ", ctibox("certificate renew")],
            Self::RenewUsed => {
                prose![
                    "put a renewed pair in its place, which is taken up by itself, or let clients get ctibox's own: ",
                    ctibox("certificate use --fallback")
                ]
            }
            Self::PutInPlace => {
                prose![
                    "put the files where the service's user can read them, outside of /home and /tmp, and name them \
                     again with ",
                    ctibox("certificate use CERTIFICATE KEY")
                ]
            }
            Self::NameTrusted(key) => {
                prose!["name a PEM file that the service's user can read: ", ctibox("setting set {key} FILE")]
            }
        }
    }
}

impl TlsRemedy {
    pub(crate) fn words(&self) -> Prose {
        match self {
            Self::ReplaceAndUnset => {
                "replace the old clients, then take the setting out of the file that names it".into()
            }
            Self::LowerMinVersion => {
                prose![ctibox("setting set encryption.min_version 1.2"), ", or switch encryption.allow_legacy_tls off"]
            }
            Self::UseOtherKey => prose!["use a pair with an EC or RSA key: ", ctibox("certificate use")],
            Self::Admit { why: WhyRefused::MinVersion, .. } => {
                prose![ctibox("setting set encryption.min_version 1.2"), " serves them"]
            }
            Self::Admit { why, is_clear_refused } => {
                let without = match is_clear_refused {
                    true => "replace them",
                    false => "replace them, or switch their encryption off",
                };
                match served_words(*why) {
                    Some(served) => served.then("; or ").then(without),
                    None => without.into(),
                }
            }
        }
    }
}

/// What serves them, and what it costs.
fn served_words(why: WhyRefused) -> Option<Prose> {
    match why {
        WhyRefused::NotAllowed => Some(prose![
            ctibox("setting set encryption.allow_legacy_tls true"),
            " serves them, by an encryption that can be broken"
        ]),
        WhyRefused::OtherNetwork => Some(prose![
            ctibox("setting set encryption.legacy_tls_from NETWORKS"),
            " with theirs among them serves them, by an encryption that can be broken"
        ]),
        WhyRefused::NotBuilt => Some(
            "the released program serves them where encryption.allow_legacy_tls is true, this one was built without \
             `legacy-tls`"
                .into(),
        ),
        WhyRefused::MinVersion | WhyRefused::NeverSpoken | WhyRefused::Fallback => None,
    }
}

fn listen_words(problem: ListenProblem) -> Prose {
    match problem {
        ListenProblem::NoSuchFamily => {
            prose!["name the addresses that this host has with ", ctibox("setting set client.listen ADDRESSES")]
        }
        ListenProblem::Taken => {
            prose![
                "stop the program that has it (`ss -ltnp` shows it) and set it again, or set another `client.port` or \
                 `client.listen`"
            ]
        }
        ListenProblem::NotOfThisHost => prose!["set `client.listen` to addresses of this host"],
        ListenProblem::NotPermitted => prose!["set `client.port` to 1024 or higher, or let the service bind low ports"],
        ListenProblem::Other => prose!["set another `client.port` or `client.listen`"],
    }
}

fn listen_for_names_words(problem: ListenProblem) -> Prose {
    match problem {
        ListenProblem::Taken => {
            prose![
                "stop the program that has it (`ss -ltnp` shows it), or set another one: ",
                ctibox("setting set agi.listen 127.0.0.1:4574"),
                ", then ",
                ctibox("asterisk dialplan"),
                " writes it for Asterisk"
            ]
        }
        ListenProblem::NotPermitted => {
            prose!["set a port of 1024 or higher: ", ctibox("setting set agi.listen 127.0.0.1:4573")]
        }
        ListenProblem::NotOfThisHost | ListenProblem::NoSuchFamily | ListenProblem::Other => {
            prose!["name an address of this host: ", ctibox("setting set agi.listen 127.0.0.1:4573")]
        }
    }
}
