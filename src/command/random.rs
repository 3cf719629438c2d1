//! The random values that a command hands to rooms without a random source: uuids, salts, made passwords and PINs.
//! All come from the system through version 4 UUIDs, of whose 128 bits 122 are random.

use uuid::Uuid;

use crate::settings::id::{ServerUuid, UserUuid};
use crate::settings::password::Secret;

/// Letters and digits that nobody mistakes for each other: 32, so that five random bits choose one.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 16 characters of 5 bits: 80 bits, more than anybody guesses through a server.
const PASSWORD_CHARACTERS: usize = 16;
const PIN_DIGITS: usize = 6;

pub(crate) fn server_uuid() -> ServerUuid {
    ServerUuid::new(Uuid::new_v4())
}

pub(crate) fn user_uuid() -> UserUuid {
    UserUuid::new(Uuid::new_v4())
}

/// Need not be secret, only never the same twice.
pub(crate) fn salt() -> [u8; 16] {
    *Uuid::new_v4().as_bytes()
}

pub(crate) fn password() -> Secret {
    let characters: String =
        random_bytes().take(PASSWORD_CHARACTERS).map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    Secret::new(characters)
}

pub(crate) fn pin() -> Secret {
    // 250 is the largest multiple of ten in a byte: every digit is as likely as the others.
    let digits: String =
        random_bytes().filter(|byte| *byte < 250).take(PIN_DIGITS).map(|byte| char::from(b'0' + byte % 10)).collect();
    Secret::new(digits)
}

/// The bytes of a UUID but those two that hold its version and variant.
fn random_bytes() -> impl Iterator<Item = u8> {
    std::iter::repeat_with(Uuid::new_v4).flat_map(|uuid| {
        let bytes = *uuid.as_bytes();
        bytes.into_iter().enumerate().filter(|(index, _)| ![6, 8].contains(index)).map(|(_, byte)| byte)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_secrets_have_their_length_and_differ() {
        assert_eq!(password().reveal().len(), PASSWORD_CHARACTERS);
        assert_ne!(password().reveal(), password().reveal());
        assert!(pin().reveal().len() == PIN_DIGITS && pin().reveal().bytes().all(|b| b.is_ascii_digit()));
    }
}
