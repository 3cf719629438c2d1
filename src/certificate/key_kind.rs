//! What kind a key is: its algorithm, size or curve, read from the DER of a certificate or of a private key, so that a
//! key that cannot be used is called by its name. Pure.

use std::fmt;
use std::ops::RangeInclusive;

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier};
use x509_cert::der::{Decode as _, Tag, Tagged as _};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// What ring takes.
const RSA_BITS: RangeInclusive<usize> = 2048..=4096;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Kinds that are one algorithm without a choice of size.
const PLAIN: [(ObjectIdentifier, &str); 6] = [
    (ObjectIdentifier::new_unwrap("1.3.101.112"), "Ed25519"),
    (ObjectIdentifier::new_unwrap("1.3.101.113"), "Ed448"),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), "X25519"),
    (ObjectIdentifier::new_unwrap("1.3.101.111"), "X448"),
    (ObjectIdentifier::new_unwrap("1.2.840.10040.4.1"), "DSA"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"), "RSA-PSS"),
];

const CURVES: [(ObjectIdentifier, &str); 8] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), "P-256"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), "P-384"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), "P-521"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.33"), "P-224"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), "secp256k1"),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.7"), "brainpoolP256r1"),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.11"), "brainpoolP384r1"),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.13"), "brainpoolP512r1"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Rsa {
        bits: usize,
    },
    /// The name of the curve, or its number.
    Ec {
        curve: String,
    },
    /// By name, or by number where it has none here.
    Other(String),
    /// By the label of its block.
    Labelled(String),
}

impl fmt::Display for KeyKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(out, "RSA, {bits} bits"),
            Self::Ec { curve } => write!(out, "EC, {curve}"),
            Self::Other(name) => out.write_str(name),
            Self::Labelled(label) => write!(out, "it is called {label}"),
        }
    }
}

impl KeyKind {
    /// Whether it is a key as OpenSSH writes them, of which other programs make usable ones.
    pub(super) fn is_openssh(&self) -> bool {
        matches!(self, Self::Labelled(label) if label == "OPENSSH PRIVATE KEY")
    }

    /// Whether ring can sign with one that is whole.
    pub(super) fn is_usable(&self) -> bool {
        match self {
            Self::Rsa { bits } => RSA_BITS.contains(bits),
            Self::Ec { curve } => matches!(curve.as_str(), "P-256" | "P-384"),
            Self::Other(name) => name == "Ed25519",
            Self::Labelled(_) => false,
        }
    }

    /// Whether TLS 1.0 and 1.1 have a way to sign with it (RFC 4346 7.4.3, RFC 4492 2).
    pub(crate) fn is_spoken_by_legacy_tls(&self) -> bool {
        matches!(self, Self::Rsa { .. } | Self::Ec { .. })
    }

    /// Of the key in a certificate.
    pub(super) fn of_public(info: &SubjectPublicKeyInfoOwned) -> Self {
        let parameters = info.algorithm.parameters.as_ref();
        let parameters = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        Self::of_algorithm(info.algorithm.oid, parameters, || {
            // RSAPublicKey: modulus, exponent (RFC 8017 A.1.1)
            let parts = Vec::<AnyRef<'_>>::from_der(info.subject_public_key.as_bytes()?).ok()?;
            bits(parts.first()?)
        })
    }

    /// Of a private key in the form that its PEM label names; None where that cannot be read.
    pub(super) fn of_private(label: &str, der: &[u8]) -> Option<Self> {
        let parts = Vec::<AnyRef<'_>>::from_der(der).ok()?;
        match label {
            "RSA PRIVATE KEY" => Some(Self::Rsa { bits: modulus_bits(&parts)? }),
            // ECPrivateKey: version, key, curve in [0] (RFC 5915)
            "EC PRIVATE KEY" => {
                let is_curve =
                    |part: &&AnyRef<'_>| part.tag().is_context_specific() && part.tag().number().value() == 0;
                let curve = ObjectIdentifier::from_der(parts.iter().find(is_curve)?.value()).ok()?;
                Some(Self::Ec { curve: name(&CURVES, curve) })
            }
            // PrivateKeyInfo: version, algorithm, key (RFC 5208)
            _ => {
                let [_, algorithm, key, ..] = parts.as_slice() else { return None };
                let algorithm: Vec<AnyRef<'_>> = algorithm.decode_as().ok()?;
                let parameters = algorithm.get(1).and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
                let rsa_bits = || modulus_bits(&Vec::<AnyRef<'_>>::from_der(key.value()).ok()?);
                Some(Self::of_algorithm(algorithm.first()?.decode_as().ok()?, parameters, rsa_bits))
            }
        }
    }

    fn of_algorithm(
        algorithm: ObjectIdentifier,
        curve: Option<ObjectIdentifier>,
        rsa_bits: impl FnOnce() -> Option<usize>,
    ) -> Self {
        match algorithm {
            RSA => rsa_bits().map_or_else(|| Self::Other("RSA".to_owned()), |bits| Self::Rsa { bits }),
            EC => Self::Ec { curve: curve.map_or_else(|| "a curve without a name".to_owned(), |it| name(&CURVES, it)) },
            other => Self::Other(name(&PLAIN, other)),
        }
    }
}

fn name(names: &[(ObjectIdentifier, &str)], of: ObjectIdentifier) -> String {
    names.iter().find(|(known, _)| *known == of).map_or_else(|| of.to_string(), |(_, name)| (*name).to_owned())
}

/// RSAPrivateKey: version, modulus, … (RFC 8017 A.1.2)
fn modulus_bits(parts: &[AnyRef<'_>]) -> Option<usize> {
    bits(parts.get(1)?)
}

fn bits(number: &AnyRef<'_>) -> Option<usize> {
    let bytes = number.value();
    let first = bytes.iter().position(|byte| *byte != 0).filter(|_| number.tag() == Tag::Integer)?;
    Some((bytes.len() - first) * 8 - bytes[first].leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(label: &str, pem: &str) -> Option<String> {
        let blocks = super::super::pem::read(pem.as_bytes()).expect("PEM").blocks;
        let block = blocks.iter().find(|block| block.label == label).expect("a key of that form");
        KeyKind::of_private(label, block.der.as_deref().expect("base64")).map(|kind| kind.to_string())
    }

    #[test]
    fn a_private_key_is_called_by_its_kind_in_each_form() {
        macro_rules! sample {
            ($name:literal) => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/", $name))
            };
        }
        for (label, pem, expected) in [
            ("PRIVATE KEY", sample!("p256.key"), "EC, P-256"),
            ("EC PRIVATE KEY", sample!("p256-sec1.key"), "EC, P-256"),
            ("PRIVATE KEY", sample!("p521.key"), "EC, P-521"),
            ("PRIVATE KEY", sample!("secp256k1.key"), "EC, secp256k1"),
            ("PRIVATE KEY", sample!("rsa2048.key"), "RSA, 2048 bits"),
            ("RSA PRIVATE KEY", sample!("rsa2048-pkcs1.key"), "RSA, 2048 bits"),
            ("PRIVATE KEY", sample!("rsa1024.key"), "RSA, 1024 bits"),
            ("PRIVATE KEY", sample!("ed25519.key"), "Ed25519"),
            ("PRIVATE KEY", sample!("ed448.key"), "Ed448"),
        ] {
            assert_eq!(kind(label, pem).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_no_key_has_no_kind() {
        for der in [&[][..], &[0x30, 0], &[0x30, 3, 2, 1, 0], b"text"] {
            for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
                assert_eq!(KeyKind::of_private(label, der), None);
            }
        }
    }
}
