//! What the telephone system is found to lack, as data: the part of it, what is wrong there, and what mends it.

use std::fmt;

use super::named;
use crate::asterisk::{InquiryError, Lacking};
use crate::settings::agent::CALLBACK_CONTEXT;
use crate::settings::prose::{Prose, prose};

/// A part of the telephone system, or of what is configured here and is to be found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SystemPart {
    /// By its address.
    Asterisk(String),
    Account(String),
    DialPlan,
    /// Each as `NUMBER@CONTEXT`, as are the following ones.
    Lines(Vec<String>),
    QueueNumbers(Vec<String>),
    Codes(Vec<String>),
    Hints(Vec<String>),
    /// One of ours.
    Queue(String),
    /// One that Asterisk alone has.
    ForeignQueue(String),
}

impl fmt::Display for SystemPart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asterisk(address) => write!(out, "Asterisk at {address}"),
            Self::Account(account) => write!(out, "account [{account}] in manager.conf"),
            Self::DialPlan => out.write_str("dial plan"),
            Self::Lines(places) => named("line", "lines", places, out),
            Self::QueueNumbers(places) => named("queue number", "queue numbers", places, out),
            Self::Codes(places) => named("code", "codes", places, out),
            Self::Hints(places) => named("hint", "hints", places, out),
            Self::Queue(name) => write!(out, "queue \"{name}\""),
            Self::ForeignQueue(name) => write!(out, "queue {name} of Asterisk"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SystemDefect {
    Unanswered(InquiryError),
    LacksClass(Lacking),
    NoAgentContext,
    NamesNotAskedFor,
    /// Lines or queues that are not in the dial plan.
    NotDialled,
    NoCode,
    NoHint,
    HintWithoutLine,
    // Of queues.
    NotKnownHere,
    NotKnownThere,
    /// But for the case of letters.
    CalledOtherwise {
        there: String,
    },
    // Of a queue's members.
    MemberHereAlone {
        device: String,
    },
    MemberThereAlone {
        name: Box<str>,
    },
    FixedAgent {
        name: Box<str>,
    },
    UnknownAgent {
        name: Box<str>,
    },
    UnknownDevice {
        interface: Box<str>,
    },
    OtherPenalty {
        name: Box<str>,
        here: u32,
        there: u32,
    },
}

impl fmt::Display for SystemDefect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(error) => error.fmt(out),
            Self::LacksClass(Lacking { line, class, needed_for }) => {
                write!(out, "`{}` lacks `{class}`, which is needed for {needed_for}", line.as_str())
            }
            Self::NoAgentContext => write!(out, "has no context `{CALLBACK_CONTEXT}`: queues cannot call agents"),
            Self::NamesNotAskedFor => out.write_str("does not ask for callers' names: telephones show numbers alone"),
            Self::NotDialled => out.write_str("cannot be dialled: not in the dial plan"),
            Self::NoCode => {
                out.write_str("not in the dial plan: telephones cannot switch by it, and its key has no lamp")
            }
            Self::NoHint => {
                out.write_str("without a hint: function keys cannot show it, and its state comes from the device alone")
            }
            Self::HintWithoutLine => out.write_str("of a device that no line has: nobody sees it"),
            Self::NotKnownHere => out.write_str("is not known here: no client sees it"),
            Self::NotKnownThere => out.write_str("is not known to Asterisk: no agent can log in there"),
            Self::CalledOtherwise { there } => {
                write!(out, "is called \"{there}\" in Asterisk, where the case of letters counts")
            }
            Self::MemberHereAlone { device } => write!(out, "its member {device} is none in Asterisk"),
            Self::MemberThereAlone { name } => write!(out, "{name} is a member in Asterisk alone"),
            Self::FixedAgent { name } => write!(out, "{name} is a member by queues.conf: it cannot log off"),
            Self::UnknownAgent { name } => write!(out, "{name} is logged in, and no agent of that number is here"),
            Self::UnknownDevice { interface } => {
                write!(out, "{interface} is a member in Asterisk, and no line has that device")
            }
            Self::OtherPenalty { name, here, there } => {
                write!(out, "{name} has the penalty {here} here and {there} in Asterisk")
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SystemRemedy {
    /// Of the link of the running server.
    FindAsterisk,
    GiveAccount,
    /// Of a question that `check` asks.
    ReachAsterisk,
    PermitAccount {
        account: String,
    },
    LookAtLoad,
    AddClass(Lacking),
    WriteDialplan,
    WriteHints,
    AddLine,
    Import,
    RenameQueue {
        here: String,
        there: String,
    },
    AddQueue {
        name: String,
    },
    AddMember {
        device: String,
        queue: String,
    },
    RemoveMember {
        interface: Box<str>,
    },
    SetPenalty,
}

impl SystemRemedy {
    pub(in crate::check) fn words(&self) -> Prose {
        match self {
            Self::FindAsterisk => prose![
                "see that Asterisk runs and its manager.conf has `enabled = yes`, and name where it is with ",
                ctibox("setting set ami.host HOST"),
                "; without telephony: ",
                ctibox("setting unset ami.secret")
            ],
            Self::GiveAccount => prose![
                "give ami.username and ami.secret as manager.conf of Asterisk has them, and see that its `permit` lets \
                 this host in: ",
                ctibox("setting set ami.secret --value-stdin")
            ],
            Self::ReachAsterisk => prose![
                "see that Asterisk runs, that manager.conf has `enabled = yes`, and that `ami.host`, `ami.port` and \
                 `ami.tls` say where it listens"
            ],
            Self::PermitAccount { account } => prose![
                "see that manager.conf has [{account}] with the secret of `ami.secret` and a `permit` for this host; ",
                ctibox("asterisk dialplan"),
                " writes it"
            ],
            Self::LookAtLoad => prose!["see how busy Asterisk and its host are"],
            Self::AddClass(Lacking { line, class, .. }) => {
                let line = line.as_str();
                prose!["add `{class}` to its line `{line} =`, then run `asterisk -rx 'manager reload'`"]
            }
            Self::WriteDialplan => prose![ctibox("asterisk dialplan"), " writes what is missing"],
            Self::WriteHints => prose![
                "add `exten => NUMBER,hint,DEVICE` in its context; ",
                ctibox("asterisk dialplan"),
                " writes hints"
            ],
            Self::AddLine => prose!["add the line with ", ctibox("line add"), ", or leave it so"],
            Self::Import => prose!["take it over with ", ctibox("asterisk import"), ", or leave it so"],
            Self::RenameQueue { here, there } => prose!["run ", ctibox("queue edit {here} --rename {there}")],
            Self::AddQueue { name } => {
                prose!["add [{name}] to queues.conf; ", ctibox("asterisk dialplan"), " writes it"]
            }
            Self::AddMember { device, queue } => prose!["add `member => {device}` to [{queue}] in queues.conf"],
            Self::RemoveMember { interface } => {
                prose!["take `member => {interface}` out of queues.conf: agents log in"]
            }
            Self::SetPenalty => prose!["set one of them: a login brings the one here"],
        }
    }
}
