//! What a client offers in its first message of TLS, read before any library sees it: whoever offers TLS 1.2 or newer, or
//! says what is no hello, is rustls's to judge. A pure reader of records (RFC 5246 6.2.1, 7.4.1.2; RFC 8446 4.2.1);
//! `starttls` feeds it and decides.

/// What is looked at. A longer hello is rustls's.
pub(super) const HELLO_BYTES_MAX: usize = 16 * 1024;

const HANDSHAKE_RECORD: u8 = 22;
const RECORD_BYTES_MAX: usize = 1 << 14;
const CLIENT_HELLO: u8 = 1;
const TLS_1_2: u16 = 0x0303;
const SUPPORTED_VERSIONS: u16 = 43;
/// A client that knows more and came back with an old version says this cipher suite (RFC 7507).
const FALLBACK_SCSV: [u8; 2] = [0x56, 0x00];

/// The newest version that a client offers, where that is older than TLS 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OldVersion {
    Ssl3,
    Tls1_0,
    Tls1_1,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hello {
    /// More bytes are needed.
    Unfinished,
    /// It offers TLS 1.2 or newer, or is no hello that can be read.
    ForRustls,
    Old(OldVersion),
    /// It offers nothing newer and says that it could.
    Fallback(OldVersion),
}

/// Reads what a client has sent so far.
pub(super) fn read(bytes: &[u8]) -> Hello {
    if bytes.len() >= HELLO_BYTES_MAX {
        return finished(bytes).unwrap_or(Hello::ForRustls);
    }
    finished(bytes).unwrap_or(Hello::Unfinished)
}

/// None: more bytes are needed.
fn finished(bytes: &[u8]) -> Option<Hello> {
    let mut message = Vec::new();
    let mut rest = bytes;
    loop {
        // A record: type, version, length, fragment. The message may be spread over several.
        let [kind, major] = [rest.first(), rest.get(1)];
        if kind.is_some_and(|kind| *kind != HANDSHAKE_RECORD) || major.is_some_and(|major| *major != 3) {
            return Some(Hello::ForRustls);
        }
        let (header, behind) = rest.split_at_checked(5)?;
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        if length == 0 || length > RECORD_BYTES_MAX {
            return Some(Hello::ForRustls);
        }
        let fragment = &behind[..length.min(behind.len())];
        message.extend_from_slice(fragment);
        // A message: type, length, body.
        if message.first().is_some_and(|kind| *kind != CLIENT_HELLO) {
            return Some(Hello::ForRustls);
        }
        if let [_, high, middle, low, body @ ..] = message.as_slice() {
            let length = usize::from(*high) << 16 | usize::from(u16::from_be_bytes([*middle, *low]));
            if length > HELLO_BYTES_MAX {
                return Some(Hello::ForRustls);
            }
            if let Some(body) = body.get(..length) {
                return Some(offered(body).unwrap_or(Hello::ForRustls));
            }
        }
        rest = behind.get(length..)?;
    }
}

/// None: it cannot be read.
fn offered(body: &[u8]) -> Option<Hello> {
    let mut reader = HelloReader(body);
    let mut newest = reader.number()?;
    let _random = reader.take(32)?;
    let _session = reader.short_vector()?;
    let suites = reader.vector()?;
    let _compressions = reader.short_vector()?;
    if !reader.0.is_empty() {
        let mut extensions = HelloReader(reader.vector()?);
        while !extensions.0.is_empty() {
            let (kind, content) = (extensions.number()?, extensions.vector()?);
            if kind == SUPPORTED_VERSIONS {
                let versions = HelloReader(content).short_vector()?;
                let versions = versions.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
                newest = versions.filter(|version| !is_grease(*version)).fold(newest, u16::max);
            }
        }
    }
    let version = match newest {
        TLS_1_2.. => return Some(Hello::ForRustls),
        0x0302 => OldVersion::Tls1_1,
        0x0301 => OldVersion::Tls1_0,
        0x0300 => OldVersion::Ssl3,
        _ => return None,
    };
    let is_fallback = suites.chunks_exact(2).any(|suite| suite == FALLBACK_SCSV);
    Some(if is_fallback { Hello::Fallback(version) } else { Hello::Old(version) })
}

/// A value that stands for none, so that servers bear what they do not know (RFC 8701).
fn is_grease(version: u16) -> bool {
    let [high, low] = version.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// What is left of a message.
struct HelloReader<'a>(&'a [u8]);

impl<'a> HelloReader<'a> {
    fn take(&mut self, number: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(number)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2).map(|two| u16::from_be_bytes([two[0], two[1]]))
    }

    /// Behind a length of one byte.
    fn short_vector(&mut self) -> Option<&'a [u8]> {
        let length = self.take(1)?[0];
        self.take(length.into())
    }

    /// Behind a length of two bytes.
    fn vector(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    /// A hello message with this version, these suites and versions in the extension; its body behind type and length.
    fn message(version: u16, suites: &[u16], supported: Option<&[u16]>) -> Vec<u8> {
        let numbers = |numbers: &[u16]| -> Vec<u8> { numbers.iter().flat_map(|one| one.to_be_bytes()).collect() };
        let with_length = |bytes: Vec<u8>| -> Vec<u8> {
            let length = u16::try_from(bytes.len()).expect("short");
            [length.to_be_bytes().to_vec(), bytes].concat()
        };
        let mut body = version.to_be_bytes().to_vec();
        body.extend([7; 32]);
        body.push(0);
        body.extend(with_length(numbers(suites)));
        body.extend([1, 0]);
        if let Some(supported) = supported {
            let versions = numbers(supported);
            let list = [vec![u8::try_from(versions.len()).expect("short")], versions].concat();
            // A server name that says nothing stands before it.
            let extensions = [vec![0, 0, 0, 0, 0, 43], with_length(list)].concat();
            body.extend(with_length(extensions));
        }
        let length = u16::try_from(body.len()).expect("short").to_be_bytes();
        [vec![CLIENT_HELLO, 0], length.to_vec(), body].concat()
    }

    /// The message in records of so many bytes.
    fn records(message: &[u8], each: usize) -> Vec<u8> {
        let record = |part: &[u8]| {
            let length = u16::try_from(part.len()).expect("short").to_be_bytes();
            [&[HANDSHAKE_RECORD, 3, 1], &length[..], part].concat()
        };
        message.chunks(each).flat_map(record).collect()
    }

    fn hello(version: u16, supported: Option<&[u16]>) -> Hello {
        read(&records(&message(version, &[0xc00a, 0x002f], supported), 1000))
    }

    #[test]
    fn a_hello_is_old_if_nothing_in_it_offers_tls_1_2() {
        assert_eq!(hello(0x0301, None), Hello::Old(OldVersion::Tls1_0));
        assert_eq!(hello(0x0302, None), Hello::Old(OldVersion::Tls1_1));
        assert_eq!(hello(0x0300, None), Hello::Old(OldVersion::Ssl3));
        assert_eq!(hello(0x0301, Some(&[0x0301, 0x0302])), Hello::Old(OldVersion::Tls1_1));
        assert_eq!(hello(0x0301, Some(&[0xdada, 0x0301])), Hello::Old(OldVersion::Tls1_0));
    }

    #[test]
    fn whoever_offers_more_is_rustls_s_whatever_the_record_says() {
        assert_eq!(hello(0x0303, None), Hello::ForRustls);
        assert_eq!(hello(0x0303, Some(&[0x0304, 0x0303])), Hello::ForRustls);
        assert_eq!(hello(0x0303, Some(&[0x0301])), Hello::ForRustls);
        assert_eq!(hello(0x0301, Some(&[0x0304])), Hello::ForRustls);
        assert_eq!(hello(0x0301, Some(&[0x0301, 0x0303])), Hello::ForRustls);
        // A draft of TLS 1.3.
        assert_eq!(hello(0x0301, Some(&[0x7f1c])), Hello::ForRustls);
    }

    #[test]
    fn a_client_that_came_back_with_less_than_it_can_is_known() {
        let fallback = message(0x0301, &[0x002f, 0x5600], None);
        assert_eq!(read(&records(&fallback, 1000)), Hello::Fallback(OldVersion::Tls1_0));
        assert_eq!(read(&records(&message(0x0303, &[0x5600], None), 1000)), Hello::ForRustls);
    }

    #[test]
    fn a_hello_may_come_in_any_pieces_and_records() {
        let message = message(0x0301, &[0xc00a], Some(&[0x0301, 0x0302]));
        for each in [1, 2, 3, 7, 50, 1000] {
            let records = records(&message, each);
            for end in 0..records.len() {
                assert_eq!(read(&records[..end]), Hello::Unfinished, "{end} bytes of {}", records.len());
            }
            assert_eq!(read(&records), Hello::Old(OldVersion::Tls1_1));
            assert_eq!(read(&[&records[..], b"more"].concat()), Hello::Old(OldVersion::Tls1_1));
        }
    }

    #[test]
    fn what_is_no_hello_or_too_long_is_rustls_s() {
        let good = records(&message(0x0301, &[0xc00a], None), 1000);
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            read(&bytes)
        };
        for (at, byte) in [(0, 23), (1, 2), (5, 2), (6, 1), (9, 9), (43, 255), (45, 255)] {
            assert_eq!(with(at, byte), Hello::ForRustls, "byte {at} is {byte}");
        }
        assert_eq!(read(b"{\"class\":\"login_id\"}\n"), Hello::ForRustls);
        assert_eq!(read(&[0x80, 0x2e, 1, 0, 2]), Hello::ForRustls);
        assert_eq!(read(&[HANDSHAKE_RECORD, 3, 1, 0, 0]), Hello::ForRustls);
        assert_eq!(read(&[HANDSHAKE_RECORD, 3, 1, 0x40, 1]), Hello::ForRustls);
        // Many records of one byte each never end.
        let endless = records(&[&[CLIENT_HELLO, 0, 0x3f, 0xff][..], &[0; 3000]].concat(), 1);
        assert_eq!(read(&endless), Hello::ForRustls);
        assert_eq!(read(&endless[..1000]), Hello::Unfinished);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            read(&bytes);
        }

        #[test]
        fn no_hello_that_offers_tls_1_2_is_old(
            version in any::<u16>(),
            others in proptest::collection::vec(any::<u16>(), 0..20),
            at in any::<usize>(),
            newer in 0x0303_u16..=0x0304,
        ) {
            let mut supported = others;
            supported.insert(at % (supported.len() + 1), newer);
            assert_eq!(hello(version, Some(&supported)), Hello::ForRustls);
        }
    }
}
