//! What to do about a broken rule, in words that name a command. One line a rule, or one for each way to break it,
//! chosen here because only this room knows that its reader sits at a command line; the rules themselves are in
//! `settings`.

use super::placeholders::Placeholders;
use crate::settings::rule::{Refusal, Rule};

/// With the names of what was refused in place of the blanks.
pub(crate) fn of(refusal: &Refusal) -> String {
    Placeholders::called(&refusal.on).fill(words(refusal))
}

fn words(refusal: &Refusal) -> &'static str {
    // Names say so of a text that has not their form; everything else that is refused is a matter of other objects.
    if refusal.message.starts_with("must be ")
        && let Some(words) = form(refusal)
    {
        return words;
    }
    let speaks_of = |part: &str| refusal.message.contains(part);
    match refusal.rule {
        Rule::P1 => "`ctibox presence group list` shows the names that are taken, in any case of letters",
        Rule::P2 | Rule::P3 | Rule::H1 => "use letters, digits, `_` and `-`, like `out-to-lunch`",
        Rule::P4 => "`ctibox presence edit NAME --group GROUP` changes the one that is there",
        Rule::P5 => "`--display TEXT` is what people read; leave it out to show the name itself",
        Rule::P6 | Rule::H3 => "give `--color '#9BC920'`, `--color '#9C2'` or `--color green`",
        Rule::P7 => "`ctibox presence list --group GROUP` shows the presences that can be reached",
        Rule::P8 => "a presence always reaches itself; leave it out of `--reachable`",
        Rule::P9 | Rule::P10 => {
            "`ctibox presence edit NAME --group GROUP` changes its text, color, actions and what it reaches"
        }
        Rule::P13 => "move those profiles first: `ctibox profile edit PROFILE --presences OTHER`",
        Rule::P14 => "the default group stays; `ctibox presence group add OTHER` makes another beside it",
        Rule::P15 => "give `--action` once for each: enablednd=true, queuepause_all, queueunpause_all, agentlogoff",
        Rule::P16 => "leave it out: `ctibox presence edit NAME --group GROUP --reachable A,B`",
        Rule::P17 if speaks_of("dead end") => {
            "give it a way out: `ctibox presence edit NAME --group GROUP --reachable available`"
        }
        Rule::P17 => "`ctibox presence edit available --group GROUP --reachable A,B` says what can be reached",
        Rule::H2 => "`ctibox hint show GROUP` shows the numbers",
        Rule::H4 => "the default group stays; `ctibox hint add OTHER` makes another beside it",
        Rule::H5 => "move those profiles first: `ctibox profile edit PROFILE --hints OTHER`",
        Rule::H6 => "`--text TEXT` is what people read",
        Rule::F1 => "`ctibox profile list` shows the names that are taken",
        Rule::F2 => "`ctibox presence group list` and `ctibox hint list` show the groups",
        Rule::F3 => {
            "move those users first: `ctibox user list` shows them, `ctibox user edit LOGIN --profile OTHER` moves one"
        }
        Rule::F4 => "`ctibox profile xlet list PROFILE` shows what is there",
        Rule::F5 if speaks_of("no xlet in tab") => "add one: `ctibox profile xlet set PROFILE people --position tab`",
        Rule::F5 if speaks_of("in tab;") || speaks_of("in dock;") => {
            "the Tabber goes there: `ctibox profile xlet set PROFILE tabber --position grid`"
        }
        Rule::F5 => "add the Tabber: `ctibox profile xlet set PROFILE tabber --position grid`",
        Rule::F6 | Rule::F7 => "give `--number N`, or leave it out to stand last",
        Rule::F8 => "give `--flags` some of f (floating), c (closable), m (movable), s (scroll)",
        Rule::F9 | Rule::F10 => "add one: `ctibox profile xlet set PROFILE identity --position grid`",
        Rule::F11 => "`ctibox profile preference list PROFILE` shows every preference and its values",
        Rule::F12 => "`ctibox profile service list PROFILE` shows every service",
        Rule::F14 if speaks_of("without a profile") => "`ctibox user edit LOGIN --profile Client` sets one",
        Rule::F14 => "`ctibox user password LOGIN` sets one",
        Rule::G2 => pair(&speaks_of),
        Rule::G3 => {
            "set both at once: `ctibox certificate use CERTIFICATE KEY`; or none: `ctibox certificate use --fallback`"
        }
        Rule::S2 => "leave it out until a version comes that acts by it; `ctibox setting unset SETTING` takes it out",
        Rule::S1 => "`ctibox setting list` shows every key, its value and its limits",
        Rule::G5 => {
            "leave it off where all clients are released desktop clients, which speak only TLS 1.0; else \
             `ctibox setting set encryption.mode offer` turns it on again"
        }
        Rule::U1 => "`ctibox user list` shows the logins that are taken, in any case of letters",
        Rule::U2 => "choose another; `ctibox user password LOGIN --generate-password` makes one",
        Rule::U3 => "`ctibox user show LOGIN` shows what is there",
        Rule::U4 => "`ctibox user edit LOGIN --rename NEW` gives a login",
        Rule::C1 if speaks_of("to Asterisk") => "give one like `office` or `second-floor`",
        Rule::C1 => "`ctibox context list` shows the contexts and what stands in them",
        Rule::C2 if speaks_of("Asterisk") => "give one like `1001`",
        Rule::C2 => "`ctibox line list` and `ctibox conference list` show the numbers in use",
        Rule::C3 if refusal.on.starts_with("phone book") => "`ctibox context list` shows the contexts",
        Rule::C3 => "`ctibox user show LOGIN` shows their lines, voicemail and agent",
        Rule::Q1 if speaks_of("to Asterisk") => "give one like `support` for a queue, `2001` for an agent",
        Rule::Q1 if refusal.on.starts_with("queue") => "`ctibox queue list` shows what is taken",
        Rule::Q1 if refusal.on.starts_with("agent") => "`ctibox agent list` shows what is taken",
        Rule::Q1 => "`ctibox voicemail list` shows what is taken",
        Rule::B1 => "give `--last-name`, `--company` or `--number`",
        Rule::B2 => "`ctibox phonebook list` shows the entries, `ctibox phonebook remove ID` removes one",
        Rule::D1 => "`ctibox export` shows the form of a document",
        Rule::V1 => "look again and repeat the change",
    }
}

/// About a certificate and its key, of which each kind of fault has its own way out.
fn pair(speaks_of: &impl Fn(&str) -> bool) -> &'static str {
    const REMEDIES: [(&str, &str); 20] = [
        (
            "Permission denied",
            "let the data folder's owner read it; a service sees nothing below /home, /root and /tmp: /etc/ssl is a good place",
        ),
        ("No such file", "name the files that are there: `ctibox certificate use CERTIFICATE KEY`"),
        (
            "in DER form",
            "`openssl x509 -inform der -in FILE -out NEW` makes PEM of it, of a key `openssl pkey -inform der`",
        ),
        ("PKCS#12", "`openssl pkcs12 -in FILE -nodes -out NEW` makes PEM of it, which may be named as both"),
        ("Java key store", "`keytool -importkeystore -deststoretype pkcs12` makes PKCS#12 of it, openssl PEM of that"),
        ("protected by a password", "`openssl pkey -in FILE -out NEW` takes the password off"),
        ("OPENSSH PRIVATE KEY", "`ssh-keygen -p -N '' -m PKCS8 -f FILE` makes a usable form of it"),
        (
            "cannot be used: ",
            "make another key, `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, and a certificate of it",
        ),
        ("swapped", "`ctibox certificate use CERTIFICATE KEY`: the certificate comes first"),
        ("wrong order", "put the server's own first, then the one that issued it, and so on"),
        ("in the wrong place", "put each after the one that it issued"),
        ("twice", "take the second one out of the file"),
        ("on one line", "put a line end between both"),
        ("byte order mark", "save it as plain text, without the mark"),
        ("UTF-16", "save it as plain text"),
        ("private keys", "take the other keys out of the file"),
        ("signed with", "have it issued anew, signed with SHA-256 or better"),
        ("of less than 2048 bits", "use an authority with a longer key"),
        ("verify the chain", "get the newer certificate of that authority, and put it in its place in the file"),
        (
            "expire",
            "name a newer one: `ctibox certificate use CERTIFICATE KEY`; ctibox's own is made anew by \
             `ctibox certificate renew`",
        ),
    ];
    const OTHERS: &str =
        "both must be PEM files that the data folder's owner can read; name them again when they are right";
    REMEDIES.iter().find(|(part, _)| speaks_of(part)).map_or(OTHERS, |(_, words)| words)
}

/// What a name, number or text may look like, by an example; None where the rule's own words do.
fn form(refusal: &Refusal) -> Option<&'static str> {
    let is_of = |what: &str| refusal.on.starts_with(what);
    Some(match refusal.rule {
        Rule::U1 => "give one like `alice` or `alice.martin@example.org`",
        Rule::U3 if is_of("e-mail") => "give one like `alice@example.org`, or leave it out",
        Rule::U3 if is_of("mobile") => "give one like `+33612345678`, or leave it out",
        Rule::U3 => "every user has a first name; the last name may be left out",
        Rule::C1 => "give one like `office` or `second-floor`",
        Rule::C2 if is_of("device") => "give one like `PJSIP/1001`, or leave it out",
        Rule::C2 if is_of("conference name") => "give one like `Board`",
        Rule::C2 if is_of("conference PIN") => "give one like `4711`",
        Rule::C2 => "give one like `1001`",
        Rule::Q1 if is_of("penalty") || is_of("wrap-up") => "leave it out for 0",
        Rule::Q1 if is_of("queue") => "give one like `support`",
        Rule::Q1 => "give one like `2001`",
        Rule::B1 if is_of("number") => "give one like `+33612345678`",
        Rule::B1 if is_of("e-mail") => "give one like `zoe@example.org`, or leave it out",
        Rule::F1 => "give one like `Reception`",
        Rule::F4 => "`ctibox profile xlet list PROFILE` shows those that it has",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(rule: Rule, on: &str, message: &str) -> String {
        of(&Refusal::new(rule, on, message))
    }

    #[test]
    fn a_hint_names_what_was_refused() {
        assert_eq!(
            hint(Rule::F14, "user \"bob\"", "is enabled, but cannot log in without a profile"),
            "`ctibox user edit bob --profile Client` sets one"
        );
        assert_eq!(
            hint(Rule::P4, "presence \"away\" in group \"xivo\"", "has the same name as"),
            "`ctibox presence edit away --group xivo` changes the one that is there"
        );
    }

    #[test]
    fn a_bad_form_is_answered_with_a_good_one() {
        for (rule, on, part) in [
            (Rule::U1, "login \"b\"", "`alice`"),
            (Rule::U3, "e-mail address \"x\"", "`alice@example.org`"),
            (Rule::Q1, "penalty \"999\"", "leave it out"),
            (Rule::C2, "extension \"a b\"", "`1001`"),
        ] {
            let hint = hint(rule, on, "must be something else");
            assert!(hint.contains(part) && !hint.contains("list`"), "{on}: {hint}");
        }
        assert!(hint(Rule::U1, "user \"bob\"", "has the same login as").contains("user list"));
    }
}
