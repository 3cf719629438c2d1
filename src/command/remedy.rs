//! What to do about a broken rule, in words that name a command: the rim's text of `settings::remedy`, chosen here because
//! only this room knows that its reader sits at a command line.

use super::placeholders::Placeholders;
use crate::settings::prose::{Prose, prose};
use crate::settings::remedy::{
    BackendsRemedy, EncryptionRemedy, Example, Listing, PresenceRemedy, ProfileRemedy, Remedy,
};
use crate::settings::rule::Refusal;
use crate::settings::violation::PairFault;

/// What to do about a broken rule, in words that name a command with the names of what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandRemedy {
    remedy: Remedy,
    known: Placeholders,
}

impl CommandRemedy {
    pub(crate) fn of(refusal: &Refusal) -> Self {
        Self { remedy: refusal.remedy(), known: Placeholders::of(&refusal.on) }
    }

    /// With what was typed, where nothing is known of what was refused.
    pub(crate) fn or_typed(self, typed: &Placeholders) -> Self {
        Self { known: self.known.or(typed), ..self }
    }

    pub(crate) fn words(&self) -> Prose {
        let Placeholders { login, profile, account, setting, .. } = &self.known;
        match self.remedy {
            Remedy::GiveLike(example) => self.example(example),
            Remedy::MendPair(fault) => pair_words(fault),
            Remedy::MendPresence(remedy) => self.presence(remedy),
            Remedy::MendProfile(remedy) => self.profile(remedy),
            Remedy::UseNameLetters => prose!["use letters, digits, `_` and `-`, like `out-to-lunch`"],
            Remedy::GiveDisplayText => {
                prose!["`--display TEXT` is what people read; leave it out to show the name itself"]
            }
            Remedy::GiveColor => prose!["give `--color '#9BC920'`, `--color '#9C2'` or `--color green`"],
            Remedy::GiveActionOnce => {
                prose!["give `--action` once for each: enablednd=true, queuepause_all, queueunpause_all, agentlogoff"]
            }
            Remedy::GiveHintText => prose!["`--text TEXT` is what people read, `--color COLOR` what they see"],
            Remedy::GiveXletNumber => prose!["give `--number N`, or leave it out to stand last"],
            Remedy::GiveXletFlags => {
                prose!["give `--flags` some of f (floating), c (closable), m (movable), s (scroll)"]
            }
            Remedy::GiveEntryName => prose!["give `--last-name`, `--company` or `--number`"],
            Remedy::List(listing) => self.listing(listing),
            Remedy::MoveDialRule => {
                prose![
                    ctibox("dial-rule list"),
                    " shows the rules; ",
                    ctibox("dial-rule move"),
                    " puts one before another"
                ]
            }
            Remedy::GiveOwnDevice => {
                prose![
                    ctibox("line edit EXTEN --context CONTEXT --device DEVICE"),
                    " gives one of them a device of its own"
                ]
            }
            Remedy::GiveRight => {
                prose![
                    ctibox("account edit {account} --right RIGHT"),
                    " gives rights: read-status, write-presence, write-services, sessions, read-configuration, \
                     configuration"
                ]
            }
            Remedy::GiveAccountPassword => prose![ctibox("account password {account}"), " sets one"],
            Remedy::EndBreakGlass => {
                prose![
                    ctibox("user enable {login}"),
                    " lets them log in, ",
                    ctibox("user edit {login} --break-glass off"),
                    " ends it"
                ]
            }
            Remedy::ShowUser => prose![ctibox("user show {login}"), " shows what is there"],
            Remedy::ShowUserParts => {
                prose![ctibox("user show {login}"), " shows their lines, voicemail and agent"]
            }
            Remedy::AddPresenceGroup => {
                prose!["the default group stays; ", ctibox("presence group add OTHER"), " makes another beside it"]
            }
            Remedy::AddHintGroup => {
                prose!["the default group stays; ", ctibox("hint add OTHER"), " makes another beside it"]
            }
            Remedy::MoveProfilesFromPresences => {
                prose!["move those profiles first: ", ctibox("profile edit {profile} --presences OTHER")]
            }
            Remedy::MoveProfilesFromHints => {
                prose!["move those profiles first: ", ctibox("profile edit {profile} --hints OTHER")]
            }
            Remedy::GiveProfile => prose![ctibox("user edit {login} --profile Client"), " sets one"],
            Remedy::GiveEmail => {
                prose![ctibox("user edit {login} --email ADDRESS"), " gives them the one of the directory's entry"]
            }
            Remedy::GivePassword => prose![ctibox("user password {login}"), " sets one"],
            Remedy::ChoosePassword => prose!["choose another; `--generate-password` makes one"],
            Remedy::GiveLogin => prose![ctibox("user edit {login} --rename NEW"), " gives a login"],
            Remedy::SetPairWhole => {
                prose![
                    "set both at once: ",
                    ctibox("certificate use CERTIFICATE KEY"),
                    "; or none: ",
                    ctibox("certificate use --fallback")
                ]
            }
            Remedy::UnsetSetting => {
                prose![
                    "leave it out until a version comes that acts by it; ",
                    ctibox("setting unset {setting}"),
                    " takes it out"
                ]
            }
            Remedy::MendBackends(remedy) => self.backends(remedy),
            Remedy::MendEncryption(remedy) => encryption_words(remedy),
            Remedy::ReadExport => prose![ctibox("export"), " shows the form of a document"],
            Remedy::LookAgain => prose!["look again and repeat the change"],
        }
    }

    fn listing(&self, listing: Listing) -> Prose {
        let Placeholders { group, .. } = &self.known;
        match listing {
            Listing::PresenceGroups => {
                prose![ctibox("presence group list"), " shows the names that are taken, in any case of letters"]
            }
            Listing::Groups => {
                prose![ctibox("presence group list"), " and ", ctibox("hint list"), " show the groups"]
            }
            Listing::HintNumbers => prose![ctibox("hint show {group}"), " shows the numbers"],
            Listing::Profiles => prose![ctibox("profile list"), " shows the names that are taken"],
            Listing::Settings => prose![ctibox("setting list"), " shows every key, its value and its limits"],
            Listing::Logins => {
                prose![ctibox("user list"), " shows the logins that are taken, in any case of letters"]
            }
            Listing::Contexts => {
                prose![
                    ctibox("context list"),
                    " shows the contexts, ",
                    ctibox("context show CONTEXT"),
                    " what stands in one, accounts among it"
                ]
            }
            Listing::ContextNames => prose![ctibox("context list"), " shows the contexts"],
            Listing::Numbers => {
                prose![ctibox("line list"), " and ", ctibox("conference list"), " show the numbers in use"]
            }
            Listing::DialRules => prose![ctibox("dial-rule list"), " shows the rules"],
            Listing::Queues => prose![ctibox("queue list"), " shows what is taken"],
            Listing::Agents => prose![ctibox("agent list"), " shows what is taken"],
            Listing::Voicemails => prose![ctibox("voicemail list"), " shows what is taken"],
            Listing::Entries => {
                prose![ctibox("phonebook list"), " shows the entries, ", ctibox("phonebook remove ID"), " removes one"]
            }
            Listing::Accounts => {
                prose![ctibox("account list"), " shows the names that are taken, in any case of letters"]
            }
        }
    }

    fn presence(&self, remedy: PresenceRemedy) -> Prose {
        let Placeholders { name, group, .. } = &self.known;
        match remedy {
            PresenceRemedy::List => {
                prose![ctibox("presence list --group {group}"), " shows the presences that can be reached"]
            }
            PresenceRemedy::Change => {
                prose![
                    ctibox("presence edit {name} --group {group}"),
                    " changes its text, color, actions and what it reaches"
                ]
            }
            PresenceRemedy::ChangeExisting => {
                prose![ctibox("presence edit {name} --group {group}"), " changes the one that is there"]
            }
            PresenceRemedy::LeaveItselfOut => prose!["a presence always reaches itself; leave it out of `--reachable`"],
            PresenceRemedy::LeaveDisconnectedOut => {
                prose!["leave it out: ", ctibox("presence edit {name} --group {group} --reachable A,B")]
            }
            PresenceRemedy::GiveWayOut => {
                prose!["give it a way out: ", ctibox("presence edit {name} --group {group} --reachable available")]
            }
            PresenceRemedy::ReachFromAvailable => {
                prose![ctibox("presence edit available --group {group} --reachable A,B"), " says what can be reached"]
            }
        }
    }

    fn profile(&self, remedy: ProfileRemedy) -> Prose {
        let Placeholders { login, profile, .. } = &self.known;
        match remedy {
            ProfileRemedy::ListXlets => prose![ctibox("profile xlet list {profile}"), " shows what is there"],
            ProfileRemedy::ListPreferences => {
                prose![ctibox("profile preference list {profile}"), " shows every preference and its values"]
            }
            ProfileRemedy::ListServices => prose![ctibox("profile service list {profile}"), " shows every service"],
            ProfileRemedy::MoveUsers => prose![
                "move those users first: ",
                ctibox("user list"),
                " shows them, ",
                ctibox("user edit {login} --profile OTHER"),
                " moves one"
            ],
            ProfileRemedy::AddTab => prose!["add one: ", ctibox("profile xlet set {profile} people --position tab")],
            ProfileRemedy::MoveTabber => {
                prose!["the Tabber goes there: ", ctibox("profile xlet set {profile} tabber --position grid")]
            }
            ProfileRemedy::AddTabber => {
                prose!["add the Tabber: ", ctibox("profile xlet set {profile} tabber --position grid")]
            }
            ProfileRemedy::AddAgents => prose![
                "add it, ",
                ctibox("profile xlet set {profile} agents --position dock"),
                ", or take the right away, ",
                ctibox("profile edit {profile} --may-listen off")
            ],
            ProfileRemedy::AddIdentity => {
                prose!["add one: ", ctibox("profile xlet set {profile} identity --position grid")]
            }
        }
    }

    fn backends(&self, remedy: BackendsRemedy) -> Prose {
        let Placeholders { login, .. } = &self.known;
        match remedy {
            BackendsRemedy::SetLdap => {
                prose![
                    "set them first, like ",
                    ctibox("setting set auth.ldap.uri ldaps://ldap.example.org"),
                    "; ",
                    ctibox("auth check {login}"),
                    " then tries it out"
                ]
            }
            BackendsRemedy::NameUsers => {
                prose!["name one for users as well: ", ctibox("setting set auth.backends xivo_user,xivo_admin")]
            }
            BackendsRemedy::NameDirectLast => {
                prose![
                    "name `ldap_user` last, or give it an account with `auth.ldap.bind_dn` and \
                     `auth.ldap.bind_password`"
                ]
            }
            BackendsRemedy::EncryptLdap => {
                prose![
                    ctibox("setting set auth.ldap.start_tls true"),
                    ", or name the server as ldaps://; ",
                    ctibox("auth check"),
                    " then tries it"
                ]
            }
            BackendsRemedy::NameLocalFirst => {
                prose![
                    "name `xivo_user` first in `auth.backends`; for whoever must get in while others are down, ",
                    ctibox("user edit {login} --break-glass on")
                ]
            }
        }
    }

    fn example(&self, example: Example) -> Prose {
        let Placeholders { profile, .. } = &self.known;
        match example {
            Example::Login => prose!["give one like `alice` or `alice.martin@example.org`"],
            Example::UserEmail => prose!["give one like `alice@example.org`, or leave it out"],
            Example::MobileNumber => prose!["give one like `+33612345678`, or leave it out"],
            Example::FirstName => prose!["every user has a first name; the last name may be left out"],
            Example::Context => prose!["give one like `office` or `second-floor`"],
            Example::Device => prose!["give one like `PJSIP/1001`, or leave it out"],
            Example::ConferenceName => prose!["give one like `Board`"],
            Example::ConferencePin => prose!["give one like `4711`"],
            Example::Number => prose!["give one like `1001`"],
            Example::ZeroByDefault => prose!["leave it out for 0"],
            Example::Queue => prose!["give one like `support`"],
            Example::Agent => prose!["give one like `2001`"],
            Example::DialDigits => prose!["give one like `+33`, `00` or `9`"],
            Example::EntryNumber => prose!["give one like `+33612345678`"],
            Example::EntryEmail => prose!["give one like `zoe@example.org`, or leave it out"],
            Example::Account => prose!["give one like `helpdesk` or `crm`"],
            Example::Profile => prose!["give one like `Reception`"],
            Example::XletOfProfile => {
                prose![ctibox("profile xlet list {profile}"), " shows those that it has"]
            }
            Example::QueueOrAgent => prose!["give one like `support` for a queue, `2001` for an agent"],
        }
    }
}

fn encryption_words(remedy: EncryptionRemedy) -> Prose {
    match remedy {
        EncryptionRemedy::Encrypt => {
            prose![
                "leave it off where all clients are released desktop clients, which speak only TLS 1.0; else ",
                ctibox("setting set encryption.mode offer"),
                " turns it on again"
            ]
        }
        EncryptionRemedy::BuildWithLegacyTls => {
            prose![
                "the released program and the Debian package have it; your own is built with `cargo build --features \
                 legacy-tls`"
            ]
        }
        EncryptionRemedy::ServeNewerClients => {
            prose![
                ctibox("setting set encryption.min_version 1.2"),
                " serves all; or ",
                ctibox("setting set encryption.allow_legacy_tls false")
            ]
        }
        EncryptionRemedy::ReplaceOldClients => {
            prose![
                "replace the old clients, then ",
                ctibox("setting set encryption.allow_legacy_tls false"),
                "; until then keep `encryption.legacy_tls_from` to the networks that they stand in"
            ]
        }
    }
}

/// About a certificate and its key, of which each kind of fault has its own way out.
fn pair_words(fault: PairFault) -> Prose {
    match fault {
        PairFault::PermissionDenied => {
            prose![
                "let the data folder's owner read it; a service sees nothing below /home, /root and /tmp: /etc/ssl is \
                 a good place"
            ]
        }
        PairFault::Missing => prose!["name the files that are there: ", ctibox("certificate use CERTIFICATE KEY")],
        PairFault::Der => {
            prose!["`openssl x509 -inform der -in FILE -out NEW` makes PEM of it, of a key `openssl pkey -inform der`"]
        }
        PairFault::Pkcs12 => {
            prose!["`openssl pkcs12 -in FILE -nodes -out NEW` makes PEM of it, which may be named as both"]
        }
        PairFault::JavaKeyStore => {
            prose!["`keytool -importkeystore -deststoretype pkcs12` makes PKCS#12 of it, openssl PEM of that"]
        }
        PairFault::EncryptedKey => prose!["`openssl pkey -in FILE -out NEW` takes the password off"],
        PairFault::OpensshKey => prose!["`ssh-keygen -p -N '' -m PKCS8 -f FILE` makes a usable form of it"],
        PairFault::UnusableKey => {
            prose![
                "make another key, `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, and a certificate \
                 of it"
            ]
        }
        PairFault::Swapped => prose!["name both again: the certificate comes first, its key behind it"],
        PairFault::NotYetValid => {
            prose!["wait until then, or take one that is valid now; see that this host's clock is right"]
        }
        PairFault::OldVersion => {
            prose!["have it issued anew as X.509 version 3, as ", ctibox("certificate create"), " makes one"]
        }
        PairFault::NotForServers => {
            prose!["have it issued for servers (serverAuth), as ", ctibox("certificate create"), " makes one"]
        }
        PairFault::CutShort => prose!["copy the file again: its end is missing"],
        PairFault::HostName => {
            prose!["give each host name or address, like `cti.example.org` or `192.0.2.7`, a `--san` of its own"]
        }

        PairFault::WrongOrder => prose!["put the server's own first, then the one that issued it, and so on"],
        PairFault::Misplaced => prose!["put each after the one that it issued"],
        PairFault::Twice => prose!["take the second one out of the file"],
        PairFault::Joined => prose!["put a line end between both"],
        PairFault::ByteOrderMark => prose!["save it as plain text, without the mark"],
        PairFault::Utf16 => prose!["save it as plain text"],
        PairFault::SeveralKeys => prose!["take the other keys out of the file"],
        PairFault::OldSignature => prose!["have it issued anew, signed with SHA-256 or better"],
        PairFault::ShortKey => prose!["use an authority with a longer key"],
        PairFault::IssuerOutOfTime => {
            prose!["get the newer certificate of that authority, and put it in its place in the file"]
        }
        PairFault::Expiry => {
            prose![
                "name a newer one: ",
                ctibox("certificate use CERTIFICATE KEY"),
                "; ctibox's own is made anew by ",
                ctibox("certificate renew")
            ]
        }
        PairFault::Other => {
            prose!["both must be PEM files that the data folder's owner can read; name them again when they are right"]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::rule::Rule;
    use crate::settings::rule_target::{Naming, ObjectName, RuleTarget};
    use crate::settings::table::Kind;
    use crate::settings::target_kind::TargetKind;
    use crate::settings::violation::Violation;

    fn hint(rule: Rule, on: impl Into<RuleTarget>, problem: Violation) -> String {
        CommandRemedy::of(&Refusal::new(rule, on, problem)).words().to_string()
    }

    #[test]
    fn a_hint_names_what_was_refused() {
        let bob = ObjectName::named(Kind::User, Some(2), "bob");
        assert_eq!(
            hint(Rule::F14, bob, Violation::EnabledWithoutProfile),
            "`ctibox user edit bob --profile Client` sets one"
        );
        let naming = Naming::InGroup { name: "away".to_owned(), group: "xivo".to_owned() };
        let away = ObjectName { kind: Kind::Presence, id: Some(3), naming };
        let problem = Violation::NotUnique { shared: "name", first: away.clone() };
        assert_eq!(
            hint(Rule::P4, away, problem),
            "`ctibox presence edit away --group xivo` changes the one that is there"
        );
    }

    #[test]
    fn a_bad_form_is_answered_with_a_good_one() {
        for (rule, what, text, part) in [
            (Rule::U1, TargetKind::Login, "b", "`alice`"),
            (Rule::U3, TargetKind::EmailAddress, "x", "`alice@example.org`"),
            (Rule::Q1, TargetKind::Penalty, "999", "leave it out"),
            (Rule::C2, TargetKind::Extension, "a b", "`1001`"),
            (Rule::C2, TargetKind::Device, "x", "`PJSIP/1001`"),
            (Rule::C2, TargetKind::ConferencePin, "x", "`4711`"),
            (Rule::U3, TargetKind::MobileNumber, "x", "`+33612345678`, or leave it out"),
            (Rule::U3, TargetKind::FirstName, "", "first name"),
            (Rule::Q1, TargetKind::WrapUpTime, "x", "leave it out"),
            (Rule::Q1, TargetKind::Queue, "a b", "`support`"),
            (Rule::Q1, TargetKind::AgentNumber, "a b", "`2001`"),
            (Rule::B1, TargetKind::Number, "x", "`+33612345678`"),
            (Rule::B1, TargetKind::EmailAddress, "x", "`zoe@example.org`"),
            (Rule::A1, TargetKind::Account, "x", "`helpdesk`"),
        ] {
            let hint = hint(rule, RuleTarget::text(what, text), Violation::must_be("something else"));
            assert!(hint.contains(part) && !hint.contains("list`"), "{what}: {hint}");
        }
        let bob = || ObjectName::named(Kind::User, Some(2), "bob");
        assert!(hint(Rule::U1, bob(), Violation::NotUnique { shared: "login", first: bob() }).contains("user list"));
    }
}
