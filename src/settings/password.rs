//! Passwords: what may be one, how it is kept (argon2id, 19 MiB, two passes, one lane) and how one is tried. A check costs
//! about 22 ms of one core by intent; callers keep it off the async threads and never log what they hold.

use std::fmt;

use argon2::password_hash::phc::{Output, PasswordHash as Phc};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, Version};
use zeroize::Zeroize as _;

use super::rule::{Refusal, Rule};
use super::target_kind::TargetKind;
use super::violation::Violation;

/// What our own hashes cost: memory in KiB, and passes over it.
const OWN_MEMORY_KIB: u32 = 19 * 1024;
const OWN_PASSES: u32 = 2;

/// How many times more, or less, a hash that comes with a document may cost than our own: neither does one login hold up
/// the others, nor is it cheap to try passwords against a stolen one.
const IMPORTED_COST_TIMES_MAX: u32 = 4;

/// What a hash may cost that is in the database.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 100;
const LANES_MAX: u32 = 16;

/// Blocks of 1 KiB. Of so many an allocator takes the memory from the system and gives it back when it is freed; less,
/// freed once, glibc keeps. What nobody writes to costs nothing.
const BLOCKS_RESERVED: usize = 33 * 1024;

/// Shorter ones are taken, for the sake of those that are there, and warned of.
const COMFORTABLE_LENGTH: usize = 8;

/// A text that is never printed: passwords on their way in, PINs, PBX secrets.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

impl Secret {
    pub(crate) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The one way to the text; each use is a place to look at in a review.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    /// Nothing of it is left in freed memory.
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(set)")
    }
}

/// A new password that keeps rule U2: 4 to 128 characters of any kind but control characters.
#[derive(Debug, Clone)]
pub(crate) struct Password(Secret);

impl Password {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let length = text.chars().count();
        let refuse = |problem| Err(Refusal::new(Rule::U2, TargetKind::Password, problem));
        if !(4..=128).contains(&length) {
            return refuse(Violation::PasswordLength { length });
        }
        if text.chars().any(char::is_control) {
            return refuse(Violation::ControlCharacters);
        }
        Ok(Self(Secret::new(text)))
    }

    /// What there is to say of one that is taken and all the same easily guessed.
    pub(crate) fn weakness(&self) -> Option<String> {
        let length = self.0.reveal().chars().count();
        let words = || format!("{length} characters are easily guessed; {COMFORTABLE_LENGTH} or more are better");
        (length < COMFORTABLE_LENGTH).then(words)
    }

    /// Hashes with the given salt. The salt comes from the caller: this room has no random source.
    pub(crate) fn hash(&self, salt: &[u8; 16]) -> PasswordHash {
        let hash = argon2()
            .hash_password_with_salt(self.0.reveal().as_bytes(), salt)
            .expect("argon2 takes every password of at most 128 characters and a salt of 16 bytes");
        PasswordHash(hash.to_string().into())
    }

    pub(crate) fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// An argon2id hash in PHC text form. Not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordHash(Box<str>);

impl PasswordHash {
    /// Takes a PHC text of argon2id, as `export --with-secrets` wrote it.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        match Phc::new(text) {
            Ok(hash) if hash.algorithm.as_str() == "argon2id" && can_be_checked(&hash) => Ok(Self(text.into())),
            _ => Err(Refusal::new(
                Rule::U2,
                TargetKind::PasswordHash,
                Violation::must_be("an argon2id hash in PHC form, whole, of at most 1 GiB and 100 passes"),
            )),
        }
    }

    /// Takes one that comes from elsewhere: it must cost about what ours do.
    pub(crate) fn imported(text: &str) -> Result<Self, Refusal> {
        let hash = Self::parse(text)?;
        let parameters = Phc::new(text).ok().and_then(|hash| Params::try_from(&hash).ok());
        let cost = |memory: u32, passes: u32| u64::from(memory) * u64::from(passes);
        let (own, times) = (cost(OWN_MEMORY_KIB, OWN_PASSES), u64::from(IMPORTED_COST_TIMES_MAX));
        let actual = parameters.map_or(0, |parameters| cost(parameters.m_cost(), parameters.t_cost()));
        if (own / times..=own * times).contains(&actual) {
            return Ok(hash);
        }
        let problem = Violation::HashCost { least: own / times, most: own * times, actual };
        Err(Refusal::new(Rule::U2, TargetKind::PasswordHash, problem))
    }

    /// Whether this is the password. Costs what a hash costs, whatever the outcome.
    pub(crate) fn is_of(&self, password: &Secret, memory: &mut CheckMemory) -> bool {
        let is_right = self.check(password, memory).unwrap_or(false);
        memory.forget_unusual();
        is_right
    }

    /// None if it cannot be checked, for lack of memory among other things.
    fn check(&self, password: &Secret, memory: &mut CheckMemory) -> Option<bool> {
        let hash = Phc::new(&self.0).ok()?;
        let (salt, expected) = (hash.salt?, hash.hash?);
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map(Version::try_from).transpose().ok()?.unwrap_or_default();
        let parameters = Params::try_from(&hash).ok()?;
        let blocks = memory.blocks(parameters.block_count())?;
        let argon2 = Argon2::new(algorithm, version, parameters);
        let mut made = [0; Output::MAX_LENGTH];
        let made = made.get_mut(..expected.len())?;
        let password = password.reveal().as_bytes();
        argon2.hash_password_into_with_memory(password, salt.as_ref(), made, blocks).ok()?;
        // Compares in constant time.
        Some(Output::new(made).ok()? == expected)
    }

    /// For the database and `export --with-secrets` only.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The memory that checks work in. Whoever does many keeps it from one to the next: making 19 MiB costs a tenth of a
/// check. What is left in it tells no password, but is nobody's business: drop it when nothing is to be done.
#[derive(Default)]
pub(crate) struct CheckMemory(Vec<Block>);

impl CheckMemory {
    /// Nothing is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn blocks(&mut self, number: usize) -> Option<&mut [Block]> {
        if self.0.len() < number {
            self.0 = Vec::new();
            self.0.try_reserve_exact(number.max(BLOCKS_RESERVED)).ok()?;
            self.0.resize(number, Block::new());
        }
        self.0.get_mut(..number)
    }

    /// What one costly hash needed is not kept for those that cost the usual.
    fn forget_unusual(&mut self) {
        if self.0.len() > BLOCKS_RESERVED {
            self.0 = Vec::new();
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PasswordHash(set)")
    }
}

/// Whether a salt and a hash are there, and a check costs no more than a server can bear: hashes come from elsewhere too.
fn can_be_checked(hash: &Phc) -> bool {
    let is_whole = hash.salt.is_some() && hash.hash.is_some();
    let bears = |parameters: Params| {
        parameters.m_cost() <= MEMORY_KIB_MAX && parameters.t_cost() <= PASSES_MAX && parameters.p_cost() <= LANES_MAX
    };
    is_whole && Params::try_from(hash).is_ok_and(bears)
}

fn argon2() -> Argon2<'static> {
    const PARAMETERS: Params = match Params::new(OWN_MEMORY_KIB, OWN_PASSES, 1, None) {
        Ok(parameters) => parameters,
        Err(_) => Params::DEFAULT,
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMETERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_its_password_and_of_no_other() {
        let hash = Password::parse("correct horse").expect("a password").hash(&[7; 16]);
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        let mut memory = CheckMemory::default();
        for _ in 0..2 {
            assert!(hash.is_of(&Secret::new("correct horse"), &mut memory));
            assert!(!hash.is_of(&Secret::new("correct horsf"), &mut memory));
            assert!(!hash.is_of(&Secret::new(""), &mut memory));
        }
        assert!(PasswordHash::parse(hash.as_str()).is_ok());
    }

    #[test]
    fn hashes_of_other_costs_are_checked_in_the_same_memory() {
        let parameters = [(8, 1, 1), (64 * 1024, 1, 4), (32, 3, 2)];
        let hash = |(memory, passes, lanes)| {
            let parameters = Params::new(memory, passes, lanes, Some(24)).expect("parameters");
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x10, parameters);
            let hash = argon2.hash_password_with_salt(b"correct horse", b"some salt of its own").expect("a hash");
            PasswordHash::parse(&hash.to_string()).expect("a hash")
        };
        let mut memory = CheckMemory::default();
        for hash in parameters.map(hash) {
            assert!(hash.is_of(&Secret::new("correct horse"), &mut memory));
            assert!(!hash.is_of(&Secret::new("correct horsf"), &mut memory));
        }
    }

    #[test]
    fn a_hash_that_can_never_be_checked_is_refused() {
        let hash = Password::parse("correct horse").expect("a password").hash(&[7; 16]);
        let whole = hash.as_str();
        let (cut, _) = whole.rsplit_once('$').expect("parts");
        let (without_salt, _) = cut.rsplit_once('$').expect("parts");
        let costly = whole.replace("m=19456", "m=4000000000");
        let slow = whole.replace("t=2", "t=1000000");
        for bad in [cut, without_salt, &costly, &slow, "$argon2id$", "", "$2y$10$abc"] {
            assert!(PasswordHash::parse(bad).is_err(), "{bad}");
        }
        PasswordHash::parse(&whole.replace("m=19456,t=2", "m=65536,t=3")).expect("another program's hash");
    }

    #[test]
    fn a_hash_from_elsewhere_costs_a_quarter_to_four_times_of_our_own() {
        let own = Password::parse("correct horse").expect("a password").hash(&[7; 16]);
        let with = |memory: u32, passes: u32| own.as_str().replace("m=19456,t=2", &format!("m={memory},t={passes}"));
        for (memory, passes) in [(19_456, 2), (9_728, 1), (19_456, 8), (65_536, 2), (155_648, 1), (12_288, 3)] {
            PasswordHash::imported(&with(memory, passes)).expect("about the same");
        }
        for (memory, passes) in [(9_727, 1), (8, 1), (155_649, 1), (19_456, 9), (1_048_576, 100)] {
            let refusal = PasswordHash::imported(&with(memory, passes)).expect_err("another cost");
            assert!(refusal.to_string().contains("9728 to 155648"), "{refusal}");
            assert!(PasswordHash::parse(&with(memory, passes)).is_ok(), "what is stored can be read");
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let password = Password::parse("correct horse").expect("a password");
        let shown = format!("{password:?} {:?}", password.hash(&[7; 16]));
        assert!(!shown.contains("horse") && !shown.contains("argon2id"), "{shown}");
    }
}
