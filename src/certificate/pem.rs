//! What stands in a file that should be PEM: its blocks, what is odd about their form, or why nothing can be read. `load`
//! asks; pure. It reads whatever has one meaning only, and says what other programs would stumble over.

use crate::settings::violation::PairFault;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode as _, Tag, Tagged as _};

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
const JAVA_KEY_STORE: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];

/// What stands between a BEGIN and its END.
#[derive(Debug)]
pub(super) struct Block {
    /// As both lines call it: `CERTIFICATE`.
    pub(super) label: String,
    pub(super) is_encrypted: bool,
    /// None: it is not base64.
    pub(super) der: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) blocks: Vec<Block>,
    pub(super) oddities: Vec<Oddity>,
}

/// What was read, but may not be by others. The words go on after the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Oddity {
    #[error("begins with a byte order mark, as editors on Windows write it; other programs may not read it")]
    ByteOrderMark,
    #[error("is UTF-16 text, as Windows writes it; other programs may not read it")]
    Utf16,
    #[error("has an END and the next BEGIN on one line; other programs may not read what comes after")]
    Joined,
    #[error("holds {0} private keys; the one of the certificate is used")]
    SeveralKeys(usize),
    #[error("holds the server's certificate twice, also as number {place}; the second one is not needed")]
    Twice { place: usize },
    #[error(
        "has certificate number {place} in the wrong place: it is not the one that issued the certificate before it, so \
         clients that verify may refuse the chain"
    )]
    Misplaced { place: usize },
    #[error("has certificate number {place} signed with {hash}; clients that verify refuse the chain")]
    OldSignature { place: usize, hash: &'static str },
    #[error(
        "has certificate number {place} with an RSA key of less than 2048 bits; clients that verify refuse the chain"
    )]
    ShortKey { place: usize },
}

impl Oddity {
    /// Which way out there is.
    pub(super) fn fault(&self) -> PairFault {
        match self {
            Self::ByteOrderMark => PairFault::ByteOrderMark,
            Self::Utf16 => PairFault::Utf16,
            Self::Joined => PairFault::Joined,
            Self::SeveralKeys(_) => PairFault::SeveralKeys,
            Self::Twice { .. } => PairFault::Twice,
            Self::Misplaced { .. } => PairFault::Misplaced,
            Self::OldSignature { .. } => PairFault::OldSignature,
            Self::ShortKey { .. } => PairFault::ShortKey,
        }
    }
}

/// Why nothing can be read. The words go on after the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormFault {
    #[error("is empty")]
    Empty,
    #[error("is in DER form; PEM is needed")]
    Der,
    #[error("is a PKCS#12 file; PEM is needed")]
    Pkcs12,
    #[error("is a Java key store; PEM is needed")]
    JavaKeyStore,
    #[error("holds nothing in PEM form: no line begins with `-----BEGIN`")]
    NotPem,
    #[error("is cut short: what begins as {label} does not end")]
    CutShort { label: String },
}

pub(super) fn read(bytes: &[u8]) -> Result<Contents, FormFault> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FormFault::Empty);
    }
    let (text, mark) = decoded(bytes);
    let mut contents = Contents { blocks: Vec::new(), oddities: mark.into_iter().collect() };
    let mut rest = text.as_str();
    let mut is_behind_end = false;
    while let Some(at) = rest.find(BEGIN) {
        if is_behind_end && at == 0 && !contents.oddities.contains(&Oddity::Joined) {
            contents.oddities.push(Oddity::Joined);
        }
        let (block, behind) = block(&rest[at + BEGIN.len()..])?;
        contents.blocks.push(block);
        rest = behind;
        is_behind_end = true;
    }
    if contents.blocks.is_empty() { Err(binary(bytes)) } else { Ok(contents) }
}

/// Reads on after `-----BEGIN `; with what comes behind the block's end.
fn block(text: &str) -> Result<(Block, &str), FormFault> {
    let label: String =
        text.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == ' ').collect();
    let cut_short = || FormFault::CutShort { label: label.clone() };
    let body = text[label.len()..].strip_prefix(DASHES).ok_or_else(cut_short)?;
    let end = format!("-----END {label}{DASHES}");
    let at = body.find(&end).ok_or_else(cut_short)?;
    if body[..at].contains(BEGIN) {
        return Err(cut_short());
    }
    let is_encrypted = label.starts_with("ENCRYPTED ") || body[..at].contains("4,ENCRYPTED");
    let der = base64(&body[..at]);
    Ok((Block { label, is_encrypted, der }, &body[at + end.len()..]))
}

/// The library's own base64 can be reached as PEM alone, and there it wants lines of its own.
fn base64(body: &str) -> Option<Vec<u8>> {
    let body: String = body.split_whitespace().collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    Some(der.to_vec()).filter(|der| !der.is_empty())
}

fn decoded(bytes: &[u8]) -> (String, Option<Oddity>) {
    let units =
        |of: fn([u8; 2]) -> u16| -> Vec<u16> { bytes[2..].chunks_exact(2).map(|two| of([two[0], two[1]])).collect() };
    match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => (String::from_utf8_lossy(text).into_owned(), Some(Oddity::ByteOrderMark)),
        [0xff, 0xfe, ..] => (String::from_utf16_lossy(&units(u16::from_le_bytes)), Some(Oddity::Utf16)),
        [0xfe, 0xff, ..] => (String::from_utf16_lossy(&units(u16::from_be_bytes)), Some(Oddity::Utf16)),
        text => (String::from_utf8_lossy(text).into_owned(), None),
    }
}

/// What a file without a BEGIN is.
fn binary(bytes: &[u8]) -> FormFault {
    if bytes.starts_with(&JAVA_KEY_STORE) {
        return FormFault::JavaKeyStore;
    }
    let elements = Vec::<AnyRef<'_>>::from_der(bytes).unwrap_or_default();
    match elements.as_slice() {
        [version, content, ..]
            if version.tag() == Tag::Integer && version.value() == [3] && content.tag() == Tag::Sequence =>
        {
            FormFault::Pkcs12
        }
        [_, ..] => FormFault::Der,
        [] => FormFault::NotPem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    fn labels(text: &str) -> Vec<String> {
        read(text.as_bytes()).expect("PEM").blocks.into_iter().map(|block| block.label).collect()
    }

    fn fault(bytes: &[u8]) -> FormFault {
        read(bytes).expect_err("no PEM")
    }

    #[test]
    fn blocks_are_read_in_any_kind_of_lines_and_between_other_words() {
        let two = format!("subject=CN = a\n{ONE}\nBag Attributes\n  {ONE}");
        for text in [two.clone(), two.replace('\n', "\r\n"), two.replace('\n', "\r"), two.replace('\n', " ")] {
            assert_eq!(labels(&text), ["CERTIFICATE", "CERTIFICATE"], "{text:?}");
            assert!(
                read(text.as_bytes()).expect("PEM").blocks.iter().all(|block| block.der.as_deref() == Some(&[0; 3]))
            );
        }
    }

    #[test]
    fn an_end_and_a_begin_on_one_line_are_both_read_and_told() {
        let joined = format!("{}{ONE}", ONE.trim_end());
        let contents = read(joined.as_bytes()).expect("PEM");
        assert_eq!((contents.blocks.len(), contents.oddities), (2, vec![Oddity::Joined]));
        assert!(read(format!("{ONE}{ONE}").as_bytes()).expect("PEM").oddities.is_empty());
    }

    #[test]
    fn marks_of_windows_are_read_and_told() {
        let marked = [b"\xef\xbb\xbf", ONE.as_bytes()].concat();
        assert_eq!(read(&marked).expect("PEM").oddities, [Oddity::ByteOrderMark]);
        let wide: Vec<u8> = [0xfeff].into_iter().chain(ONE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let contents = read(&wide).expect("PEM");
        assert_eq!((contents.blocks.len(), contents.oddities), (1, vec![Oddity::Utf16]));
    }

    #[test]
    fn what_is_no_pem_is_called_by_its_name() {
        assert_eq!(fault(b" \n"), FormFault::Empty);
        assert_eq!(fault(b"no certificate"), FormFault::NotPem);
        assert_eq!(fault(&[0x30, 0x03, 0x02, 0x01, 0x00]), FormFault::Der);
        assert_eq!(fault(&[0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00]), FormFault::Pkcs12);
        assert_eq!(fault(&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]), FormFault::JavaKeyStore);
        let cut =
            |text: &str| matches!(fault(text.as_bytes()), FormFault::CutShort { label } if label == "CERTIFICATE");
        assert!(cut(&ONE[..40]) && cut(&format!("{}{ONE}", &ONE[..33])) && cut("-----BEGIN CERTIFICATE"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_and_any_order_of_marks_are_read_or_refused(
            bytes: Vec<u8>,
            parts in proptest::collection::vec(0..MARKS.len(), 0..12),
        ) {
            let _ = read(&bytes);
            let text: String = parts.into_iter().map(|at| MARKS[at]).collect();
            if let Ok(contents) = read(text.as_bytes()) {
                assert!(!contents.blocks.is_empty());
            }
        }
    }

    const MARKS: [&str; 9] = [
        "-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "-----BEGIN ",
        "-----",
        "AAAA",
        "\u{feff}é",
        "\n",
    ];

    #[test]
    fn what_is_no_base64_has_no_content() {
        let read_one = |text: &str| read(text.as_bytes()).expect("PEM").blocks.remove(0);
        assert_eq!(read_one(&ONE.replace("AAAA", "A*A")).der, None);
        assert_eq!(read_one(&ONE.replace("AAAA", "")).der, None);
        let locked = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAAAA\n\
                      -----END RSA PRIVATE KEY-----\n";
        assert!(read_one(locked).is_encrypted && !read_one(ONE).is_encrypted);
    }
}
