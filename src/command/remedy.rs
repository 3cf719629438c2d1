//! What to do about a broken rule, in words that name a command. One line a rule, chosen here because only this room
//! knows that its reader sits at a command line; the rules themselves are in `settings`.

use crate::settings::rule::{Refusal, Rule};

/// As `of`; to see which names and numbers are taken is no help where the form of one is wrong.
pub(crate) fn of_refusal(refusal: &Refusal) -> Option<&'static str> {
    let shows_what_is_taken = matches!(refusal.rule, Rule::U1 | Rule::U3 | Rule::C1 | Rule::C2 | Rule::F1 | Rule::Q1);
    if shows_what_is_taken && refusal.message.starts_with("must be ") {
        return Some("repeat the command with such a value; nothing was changed");
    }
    of(refusal.rule)
}

/// None where the message itself says all there is to do.
pub(crate) fn of(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::P1 => "`ctibox presence group list` shows the names that are taken, in any case of letters",
        Rule::P2 | Rule::P3 | Rule::H1 => "use letters, digits, `_` and `-`, like `out-to-lunch`",
        Rule::P4 => "`ctibox presence edit NAME --group GROUP` changes the one that is there",
        Rule::P5 => "`--display TEXT` is what people read; leave it out to show the name itself",
        Rule::P6 | Rule::H3 => "give `--color '#9BC920'`, `--color '#9C2'` or `--color green`",
        Rule::P7 => "`ctibox presence list --group GROUP` shows the presences that can be reached",
        Rule::P8 => "a presence always reaches itself; leave it out of `--reachable`",
        Rule::P9 | Rule::P10 => {
            "`ctibox presence edit` changes its display text, color, actions and what is reachable from it"
        }
        Rule::P13 => "move those profiles first: `ctibox profile edit PROFILE --presences OTHER`",
        Rule::P14 => "the default group stays; `ctibox presence group add` makes another beside it",
        Rule::P15 => "give `--action` once for each: enablednd=true, queuepause_all, queueunpause_all, agentlogoff",
        Rule::P16 => "take it out: `ctibox presence edit NAME --group GROUP --reachable A,B`",
        Rule::P17 => "give it a way out: `ctibox presence edit NAME --group GROUP --reachable available`",
        Rule::H2 => "`ctibox hint show GROUP` shows the numbers",
        Rule::H4 => "the default group stays; `ctibox hint add` makes another beside it",
        Rule::H5 => "move those profiles first: `ctibox profile edit PROFILE --hints OTHER`",
        Rule::H6 => "`--text TEXT` is what people read",
        Rule::F1 => "`ctibox profile list` shows the names that are taken",
        Rule::F2 => "`ctibox presence group list` and `ctibox hint list` show the groups",
        Rule::F3 => "move those users first: `ctibox user edit LOGIN --profile OTHER`",
        Rule::F4 => "`ctibox profile xlet set PROFILE XLET` with a known xlet replaces its entry",
        Rule::F5 => "add the Tabber: `ctibox profile xlet set PROFILE tabber --position grid`",
        Rule::F6 | Rule::F7 => "give `--number N`, or leave it out to stand last",
        Rule::F8 => "give `--flags` some of f (floating), c (closable), m (movable), s (scroll)",
        Rule::F9 | Rule::F10 => "add one: `ctibox profile xlet set PROFILE identity --position grid`",
        Rule::F11 => "`ctibox profile preference list PROFILE` shows every preference and its values",
        Rule::F12 => "`ctibox profile service list PROFILE` shows every service",
        Rule::F14 => {
            "`ctibox user edit LOGIN --profile Client` gives a profile, `ctibox user password LOGIN` a password"
        }
        Rule::G2 | Rule::G3 => "set both at once: `ctibox certificate use CERTIFICATE KEY`",
        Rule::S1 => "`ctibox setting list` shows every key, its value and its limits",
        Rule::G5 => "`ctibox setting set encryption.mode offer` turns it on again",
        Rule::U1 => "`ctibox user list` shows the logins that are taken, in any case of letters",
        Rule::U2 => "choose another, or let one be made: `--generate-password`",
        Rule::U3 => "`ctibox user show LOGIN` shows what is there",
        Rule::C1 => "`ctibox context list` shows the contexts and what stands in them",
        Rule::C2 => "`ctibox line list` and `ctibox conference list` show the numbers in use",
        Rule::C3 => "`ctibox user show LOGIN` shows his lines, voicemail and agent",
        Rule::Q1 => "`ctibox queue list`, `ctibox agent list` and `ctibox voicemail list` show what is taken",
        Rule::D1 => "`ctibox export` shows the form of a document",
        Rule::V1 => "look again and repeat the change",
    })
}
