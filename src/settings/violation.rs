//! What is wrong, as data: each way to break a rule with the values that it needs to be told. The words are made by
//! `Display`, go on after the target's name, state the limit and the actual, and end without a full stop; nobody reads
//! them to find out what they mean.

use std::borrow::Cow;
use std::fmt;

use super::context_use::ContextUse;
pub(crate) use super::count::quoted;
use super::count::{count, listed};
use super::rule_target::{ObjectName, RuleTarget};
use super::table::Kind;

/// What of a text is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Complaint {
    Has(char),
    Length(usize),
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Has(sign) => write!(out, "; this has {sign:?}"),
            Self::Length(length) => write!(out, "; this has {}", count(*length, "character")),
        }
    }
}

/// What of the text is not as it must be: a character, else the length. A form like an address' is not told apart
/// further.
pub(super) fn complaint(text: &str, accept: fn(&str) -> bool) -> Option<Complaint> {
    // Wherever characters count at all, digits are taken, and three of them.
    const TAKEN: &str = "111";
    let length = text.chars().count();
    let stranger = text.chars().find(|c| !accept(&format!("{TAKEN}{c}")));
    match stranger {
        _ if !accept(TAKEN) && length <= 128 => None,
        Some(c) if accept(TAKEN) => Some(Complaint::Has(c)),
        _ => Some(Complaint::Length(length)),
    }
}

/// A name that means something else to Asterisk.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum Reserved {
    #[error("`{name}` means something else to Asterisk in {file}; choose another")]
    Section { name: String, file: &'static str },
    #[error("begins with `_`, which makes a pattern of it for Asterisk")]
    Pattern,
    #[error("`{0}` is an extension that Asterisk goes to by itself")]
    Extension(String),
}

/// What is wrong with a certificate and its key, as far as there is a way out of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PairFault {
    PermissionDenied,
    Missing,
    Der,
    Pkcs12,
    JavaKeyStore,
    EncryptedKey,
    OpensshKey,
    UnusableKey,
    Swapped,
    WrongOrder,
    Misplaced,
    Twice,
    Joined,
    ByteOrderMark,
    Utf16,
    SeveralKeys,
    OldSignature,
    ShortKey,
    IssuerOutOfTime,
    Expiry,
    NotYetValid,
    OldVersion,
    /// By its extended key usage.
    NotForServers,
    CutShort,
    /// A name that no host can have.
    HostName,
    Other,
}

/// What the server does about a named pair that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PairConsequence {
    FallsBack,
    DoesNotStart,
}

impl PairConsequence {
    fn as_str(self) -> &'static str {
        match self {
            Self::FallsBack => "; until that is mended a start goes on with ctibox's own",
            Self::DoesNotStart => "; until that is mended the server does not start (encryption.fallback_when_broken)",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum Violation {
    // Texts that have not their form.
    #[error("{}", form_words(must_be, complaint.as_ref()))]
    Form { must_be: Cow<'static, str>, complaint: Option<Complaint> },
    #[error("must be one number and nothing else; this has {left_out}")]
    NotOneNumber { left_out: String },
    #[error("must begin with its `+`, if it has one, and be one number")]
    PlusInside,
    #[error("has {digits} digits; the longest telephone number has 15")]
    TooManyDigits { digits: usize },
    #[error("was reformatted by a spreadsheet; format its column as text and save it again")]
    Reformatted,
    #[error("is a SIP address without a number")]
    SipWithoutNumber,
    #[error("has a (0) after something that is not a country code; write the code with `+` or `00`")]
    TrunkZero,
    #[error("{}", password_words(*length))]
    PasswordLength { length: usize },
    #[error("must not hold control characters")]
    ControlCharacters,
    #[error(
        "must cost {least} to {most}, memory in KiB by passes, which is a quarter to four times what ctibox's own cost; \
         this costs {actual}"
    )]
    HashCost { least: u64, most: u64, actual: u64 },
    #[error("{0:?} is none of f, c, m, s")]
    XletFlag(char),
    #[error("takes no parameter")]
    TakesNoParameter,
    #[error("needs the parameter true or false")]
    NeedsParameter,
    #[error("is not a UUID")]
    NoUuid,
    #[error("{text:?} is not a UUID")]
    TextNoUuid { text: String },
    #[error("the path must be UTF-8")]
    PathNotUtf8,
    #[error("must be an absolute path")]
    PathNotWhole,
    #[error("the two entries do not match")]
    NotTheSameTwice,
    #[error("has nothing marked; mark at least one")]
    NothingMarked,
    #[error("{0}")]
    Reserved(#[from] Reserved),

    // What must be unique.
    #[error("has the same {shared} as {first}; it must be unique")]
    NotUnique { shared: &'static str, first: ObjectName },
    #[error("has the same name as {first}; it must be unique")]
    NotUniqueInDocument { first: String },
    #[error("has the number {number}, which is already used by {first} in context \"{context}\"")]
    NumberInUse { number: String, first: Box<ObjectName>, context: String },
    #[error("is already used by {holder}{more}")]
    Held { holder: Box<RuleTarget>, more: &'static str },
    #[error("is already used by line {line} of the file; it must be unique")]
    HeldByLine { line: u64 },
    #[error(
        "has the device {device} of {first}, a line of somebody else: both ring there, and its calls are taken for that \
         line's"
    )]
    SharesDevice { device: String, first: ObjectName },
    #[error("is also that of {holder}, a line of somebody else: both would ring there")]
    DeviceOfAnother { holder: Box<RuleTarget> },
    #[error("has {what}: most telephones have no keys to dial that")]
    Undialled { what: String },
    #[error("differs from {first} only in the case of letters")]
    DiffersInCase { first: ObjectName },
    #[error("is used by {}: {}", count(profiles.len(), "profile"), quoted(profiles))]
    UsedByProfiles { profiles: Vec<String> },
    #[error("is used by {}", listed(uses))]
    InUse { uses: Vec<ContextUse> },
    #[error("is the profile of {} and cannot be removed", count(*users, "user"))]
    ProfileOfUsers { users: usize },

    // References.
    #[error("belongs to context {id}, which does not exist")]
    UnknownContext { id: i64 },
    #[error("includes context {id}, which does not exist")]
    UnknownInclude { id: i64 },
    #[error("cannot include context \"{name}\", which does not exist")]
    CannotInclude { name: String },
    #[error("includes the same context more than once")]
    IncludesTwice,
    #[error("belongs to user {id}, who does not exist")]
    UnknownUser { id: i64 },
    #[error("has {kind} {id} as a member, which does not exist")]
    UnknownMember { kind: Kind, id: i64 },
    #[error("names {kind} {id}, which does not exist")]
    NamesUnknown { kind: Kind, id: i64 },
    #[error("names {what} {name:?}, which is not {whole}")]
    NamesNone { what: String, name: String, whole: &'static str },
    /// What is named is told only where it can be no password in a wrong place.
    #[error("{}", nothing_named_words(what, name.as_deref(), nearest.as_deref(), there))]
    NamesNothing { what: &'static str, name: Option<String>, nearest: Option<String>, there: Vec<String> },
    #[error("needs a group that exists; {group:?} does not")]
    NeedsGroup { group: String },
    #[error("nothing is there to choose from")]
    NothingToChoose,
    #[error("has no context: the column `{column}` says which")]
    NoContext { column: &'static str },

    // Presences and hints.
    #[error("does not exist, but must")]
    DefaultGroupMissing,
    #[error("must exist and not be deletable")]
    DefaultGroupMustBe,
    #[error("is a default group and cannot be removed")]
    DefaultGroupStays,
    #[error("must have a presence \"{name}\"")]
    MandatoryPresence { name: &'static str },
    #[error("keeps its name, which every client knows; it cannot become \"{name}\"")]
    KeepsItsName { name: String },
    #[error("must exist in every group and cannot be removed")]
    MandatoryStays,
    #[error("stands in a group that does not exist")]
    UnknownGroup,
    #[error("cannot reach {other}, which is in another group")]
    ReachesStranger { other: ObjectName },
    #[error("cannot reach presence with id {id}, which does not exist")]
    ReachesNobody { id: i64 },
    #[error("cannot reach \"{name}\", which is not in the same group; there are {}", quoted(known))]
    ReachesUnknown { name: String, known: Vec<String> },
    #[error("cannot reach {name:?}, which is not in the same group")]
    ReachesNone { name: String },
    #[error("reaches itself; that goes without saying and is not stored")]
    ReachesItself,
    #[error("can reach \"disconnected\", which is for logout and should not be chosen by hand")]
    ReachesDisconnected,
    #[error("cannot be reached from \"available\"")]
    Unreachable,
    #[error("is a dead end: no other presence can be chosen from it")]
    DeadEnd,
    #[error("leads back to \"available\" by no way: whoever chooses it stays outside until the next login")]
    NoWayBack,
    #[error("has the action {name} more than once")]
    ActionTwice { name: &'static str },
    #[error("switches do-not-disturb both on and off; only one can hold")]
    SwitchesDndBothWays,
    #[error("has both actions queuepause_all and queueunpause_all; only one can hold")]
    PausesAndUnpauses,
    #[error("pauses or unpauses the agent and logs them off as well; after agentlogoff the other is of no use")]
    PausesAndLogsOff,
    #[error("has the phone hint {number} more than once")]
    HintTwice { number: i8 },
    #[error("is new and needs both a text and a color")]
    NewHintIncomplete,

    // Profiles.
    #[error("has no xlet; its users log in and see nothing")]
    NoXlets,
    #[error("has no xlet \"{0}\"")]
    NoXlet(&'static str),
    #[error("lets its users listen to agents, but has no xlet \"{0}\", in which alone the client offers that")]
    NoXletToListen(&'static str),
    #[error("has the xlet \"{0}\" more than once")]
    XletTwice(&'static str),
    #[error("has the number {number} in position {position} twice: at \"{first}\" and \"{second}\"")]
    XletNumberTwice { number: u16, position: &'static str, first: &'static str, second: &'static str },
    #[error("has the xlet \"tabber\" in {position}; it must stand in grid")]
    TabberMisplaced { position: &'static str },
    #[error("has the xlet \"{first}\" in tab, but no xlet \"tabber\" in grid to show it")]
    TabWithoutTabber { first: &'static str },
    #[error("has the xlet \"tabber\", but no xlet in tab for it to show")]
    TabberWithoutTab,

    // Users and what hangs on them.
    #[error("has no line: with contexts separated they see themselves and nobody else")]
    NoLine,
    #[error("has {} and {main} of them main; it must be one", count(*all, "line"))]
    MainLines { all: usize, main: usize },
    #[error("has no login, so cannot be enabled")]
    EnabledWithoutLogin,
    #[error("has no login, so can have no password")]
    PasswordWithoutLogin,
    #[error("is enabled, but cannot log in without a profile")]
    EnabledWithoutProfile,
    #[error("is enabled, but cannot log in without a password")]
    EnabledWithoutPassword,
    #[error("is enabled, but cannot log in without an e-mail address, by which `ldap_user` finds them")]
    EnabledWithoutEmail,
    #[error("is break-glass, but has no local password that could count")]
    BreakGlassWithoutPassword,
    #[error("is break-glass, but is disabled and never logs in")]
    BreakGlassDisabled,
    #[error("has no right; an account that may do nothing for a while is disabled")]
    NoRight,
    #[error("needs a user")]
    NeedsUser,

    // Queues and the phone book.
    #[error("has a wrap-up time of {seconds} s; it must be 0 to {most}")]
    WrapupTime { seconds: u16, most: u16 },
    #[error("has {member} as a member more than once")]
    MemberTwice { member: ObjectName },
    #[error("gives {member} the penalty {penalty}; it must be 0 to {most}")]
    Penalty { member: ObjectName, penalty: u8, most: u8 },
    #[error("has no member {member}")]
    NoMember { member: ObjectName },
    #[error("has {member} and {first} as members, which are one telephone")]
    SameTelephone { member: ObjectName, first: Box<ObjectName> },
    #[error("has a member that is not either an agent or a line")]
    AgentOrLine,
    #[error("strips {strip} characters; it must be 0 to {most}")]
    Strip { strip: u8, most: u8 },
    #[error("is never reached: {first} comes before it and fits whatever it fits")]
    NeverReached { first: ObjectName },
    #[error("has neither a name nor a number")]
    EmptyEntry,
    #[error("is one too many; the phone book has {entries} entries and may have {most}")]
    TooManyEntries { entries: usize, most: usize },

    // Settings and certificates.
    /// Another build of the same version acts by it.
    #[error("has no effect: {why}")]
    NotBuilt { why: &'static str },
    #[error(
        "is on: clients of {from} that know nothing newer are encrypted by TLS 1.0 or 1.1, which can be broken; whoever \
         is on the way may read their passwords{}",
        if *.is_beyond { ". Not all of these networks are a company's own" } else { "" }
    )]
    LegacyTls { from: String, is_beyond: bool },
    #[error("is 1.3, which refuses TLS 1.2 while encryption.allow_legacy_tls goes past it and serves 1.0 and 1.1")]
    NewerThanLegacyTls,
    #[error("names `ldap_user`, which needs {}", needed.join(", "))]
    LdapNotSet { needed: [&'static str; 3] },
    #[error("names accounts alone, which are no users: nobody can log in with a desktop client")]
    AccountsAlone,
    #[error(
        "names other backends behind `ldap_user`, which without `auth.ldap.bind_dn` and `auth.ldap.bind_password` cannot \
         tell an unknown user from a wrong password: each wrong password is tried there as well"
    )]
    DirectNotLast,
    #[error("names `ldap_user`, which asks {server} in clear: whoever is on the way may read the passwords")]
    LdapInClear { server: String },
    #[error(
        "does not name `xivo_user` first, while {} a local password: the backends before it are asked about them first, \
         and while one of those is away they cannot log in", has(*users)
    )]
    LocalPasswordsLate { users: usize },
    #[error(
        "cannot log in: an account has the same name, and `{backend}`, which is asked before, decides by the account's \
         password"
    )]
    HiddenByAccount { backend: &'static str },
    #[error("does not name `xivo_user`, while {} a local password, which does not count", has(*users))]
    LocalPasswordsUnused { users: usize },
    #[error(
        "is off: passwords travel in clear, and clients that are set to encrypt refuse to connect or ask first; it \
         matters where other clients than the released desktop clients log in"
    )]
    EncryptionOff,
    #[error("is set, but {missing} is not; set both or neither")]
    HalfOfPair { missing: &'static str },
    /// In the words of the certificate's own fault.
    #[error("{words}{}", consequence.map_or("", PairConsequence::as_str))]
    Pair { fault: PairFault, words: String, consequence: Option<PairConsequence> },

    // Documents and tables.
    #[error("is {format:?}; this version of ctibox reads {reads:?}")]
    OtherFormat { format: String, reads: &'static str },
    #[error("is missing; it must be {reads:?}")]
    NoFormat { reads: &'static str },
    #[error("is missing; a document holds the whole configuration, if only as an empty list")]
    ListMissing,
    #[error("cannot be read: {why}")]
    Malformed { why: String },
    #[error("is already used by {holder}")]
    IdInUse { holder: String },
    #[error("says wrongly whether it can be removed; of a group's presences only available and disconnected cannot")]
    WronglyDeletable,
    #[error("is missing; it may be left out only for a login that is there already")]
    UuidMissing,
    #[error("its image has no UUID")]
    ImageWithoutUuid,
    #[error("is not known to this version of ctibox")]
    NotKnownHere,
    #[error("cannot be removed")]
    CannotBeRemoved,
    #[error("has no UUID")]
    HasNoUuid,
    #[error("an import takes no {what} away; the cell `{cell}` is empty")]
    TakesNothingAway { what: &'static str, cell: &'static str },
    #[error("needs a login: the column `username`")]
    NeedsLogin,
    #[error("is 1, but nobody logs in without a login: the column `username`")]
    EnabledCellWithoutLogin,
    #[error("is missing, and a new user has a first name")]
    NoFirstName,
    /// A line of a table that is not cut as its first one, like the next two.
    #[error("has {cells} cells; the first line names {columns}")]
    TooManyCells { cells: usize, columns: usize },
    #[error("opens a quote and does not close it")]
    OpenQuote,
    #[error("has line ends that are CR alone")]
    BareReturn,

    // What happened meanwhile, and what was not done.
    #[error("has no version")]
    HasNoVersion,
    #[error("was changed meanwhile: it has version {version}, not {expected}")]
    OtherVersion { version: u32, expected: u32 },
    #[error("was changed by somebody else meanwhile")]
    ChangedBySomebody,
    #[error("was changed again meanwhile")]
    ChangedAgain,
    #[error("does not exist; it may have been removed meanwhile")]
    Gone,
    #[error("was removed meanwhile")]
    RemovedMeanwhile,
    #[error("was added meanwhile")]
    AddedMeanwhile,
    #[error("was given up")]
    GivenUp,
    #[error("was not made")]
    NotMade,
    #[error("failed")]
    Failed,
    #[error("too much of it was changed again since")]
    TooMuchChangedSince,
    #[error("has {}, which would go along and is no part of what is taken back", listed(along))]
    WouldTakeAlong { along: Vec<RuleTarget> },
    /// Why a change could not be tried or taken back, in the words of who tried.
    #[error("{words}")]
    NotDone { words: String },
}

impl Violation {
    pub(crate) fn must_be(form: impl Into<Cow<'static, str>>) -> Self {
        Self::Form { must_be: form.into(), complaint: None }
    }

    /// The same without what it says of the text, which may be a secret in a wrong place.
    pub(crate) fn without_text(&self) -> Self {
        match self {
            Self::Form { must_be, .. } => Self::Form { must_be: must_be.clone(), complaint: None },
            Self::NotOneNumber { .. } => Self::must_be("one number and nothing else"),
            Self::NamesNothing { what, nearest, there, .. } => {
                Self::NamesNothing { what, name: None, nearest: nearest.clone(), there: there.clone() }
            }
            other => other.clone(),
        }
    }

    /// Says what comes of a pair that cannot be used.
    pub(crate) fn add_consequence(&mut self, of_pair: PairConsequence) {
        if let Self::Pair { consequence, .. } = self {
            *consequence = Some(of_pair);
        }
    }

    /// Whether an object of that kind has it already.
    pub(crate) fn is_held_by(&self, kind: Kind) -> bool {
        matches!(self, Self::Held { holder, .. } if holder.kind() == Some(kind))
    }

    /// Whether a text is to blame for its form, so that an example of a good one helps.
    pub(crate) fn is_of_form(&self) -> bool {
        matches!(self, Self::Form { .. } | Self::NotOneNumber { .. })
    }
}

/// `1 user has`, `3 users have`.
fn has(users: usize) -> String {
    format!("{} {}", count(users, "user"), if users == 1 { "has" } else { "have" })
}

/// Nothing is no wrong form of something.
fn form_words(must_be: &str, complaint: Option<&Complaint>) -> String {
    match complaint {
        Some(Complaint::Length(0)) => format!("is missing; it must be {must_be}"),
        Some(complaint) => format!("must be {must_be}{complaint}"),
        None => format!("must be {must_be}"),
    }
}

fn nothing_named_words(what: &str, name: Option<&str>, nearest: Option<&str>, there: &[String]) -> String {
    let there = match there {
        [] => "there is none yet".to_owned(),
        there => format!("there is {}", there.join(", ")),
    };
    match (name, nearest) {
        (Some(name), Some(nearest)) => format!("no {what} is called \"{name}\"; did you mean \"{nearest}\"?"),
        (Some(name), None) => format!("no {what} is called \"{name}\"; add it first, or name another: {there}"),
        (None, _) => format!("names no {what} that there is; {there}"),
    }
}

fn password_words(length: usize) -> String {
    match length {
        0 => "is missing; it must have 4 to 128 characters".to_owned(),
        length => format!("must have 4 to 128 characters; this has {length}"),
    }
}
