//! The lines that a client sends by the thousand while it starts, `updateconfig` and `updatestatus`, as the released
//! clients write them: read in one pass. Whatever is written otherwise is None here and read by the whole parser, which
//! finds the same in every line that is read here.

use serde_json::Value;

use crate::protocol::request::{ClientLine, CommandId, ListName, Request};

/// Longer ones are none of these, and are looked at as a whole.
const LINE_BYTES_USUAL: usize = 512;

pub(super) fn read(line: &[u8]) -> Option<ClientLine> {
    if line.len() > LINE_BYTES_USUAL {
        return None;
    }
    let mut rest = Rest(line);
    let (mut class, mut function, mut listname) = (None, None, None);
    let (mut tid, mut tipbxid, mut commandid) = (None, None, None);
    rest.take(b'{')?;
    loop {
        let name = rest.text()?;
        rest.take(b':')?;
        let is_first = match name {
            "class" => class.replace(rest.text()?).is_none(),
            "function" => function.replace(rest.text()?).is_none(),
            "listname" => listname.replace(rest.text()?).is_none(),
            "tid" => tid.replace(rest.text()?).is_none(),
            "tipbxid" => tipbxid.replace(rest.text()?).is_none(),
            "commandid" => commandid.replace(rest.number()?).is_none(),
            _ => return None,
        };
        if !is_first {
            return None;
        }
        if rest.take(b',').is_none() {
            break;
        }
    }
    rest.take(b'}')?;
    if !rest.is_at_its_end() || class? != "getlist" {
        return None;
    }
    let list = ListName::parse(listname?);
    let tid = Value::from(tid?);
    let request = match function? {
        _ if list == ListName::Unknown => return None,
        "updateconfig" => Request::UpdateConfig { list, tid },
        "updatestatus" => Request::UpdateStatus { list, tid },
        _ => return None,
    };
    Some(ClientLine { request, commandid: CommandId(commandid.map(Value::from)) })
}

/// What is not read yet; blanks before a token are skipped.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, sign: u8) -> Option<()> {
        self.skip_blanks();
        let (first, rest) = self.0.split_first()?;
        (*first == sign).then(|| self.0 = rest)
    }

    /// A text of ASCII without any escape.
    fn text(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let end = self.0.iter().position(|byte| *byte == b'"' || !is_plain(*byte))?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix(b"\"")?;
        std::str::from_utf8(text).ok()
    }

    /// A number as a client counts its lines.
    fn number(&mut self) -> Option<u32> {
        self.skip_blanks();
        let end = self.0.iter().position(|byte| !byte.is_ascii_digit())?;
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        match digits {
            // Only `0` itself begins with it; what else follows a number is no comma or brace, and refused there.
            [b'0', _, ..] => None,
            _ => std::str::from_utf8(digits).ok()?.parse().ok(),
        }
    }

    fn is_at_its_end(&mut self) -> bool {
        self.skip_blanks();
        self.0.is_empty()
    }

    fn skip_blanks(&mut self) {
        while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::protocol::parse::{self, parse};

    /// As the released clients write them, in both orders of members.
    const AS_WRITTEN: [&str; 3] = [
        r#"{"class":"getlist","commandid":1804289383,"function":"updateconfig","listname":"users","tid":"42","tipbxid":"xivo"}"#,
        r#"{"class": "getlist", "function": "updatestatus", "listname": "queuemembers", "tipbxid": "xivo", "tid": "Agent/1,a b", "commandid": 0}"#,
        "{\"tid\":\"\",\"listname\":\"phones\",\"function\":\"updatestatus\",\"class\":\"getlist\"} \r",
    ];

    #[test]
    fn what_clients_write_is_read_here() {
        for line in AS_WRITTEN {
            let read = read(line.as_bytes()).expect(line);
            assert_eq!(Ok(read), parse::parse_whole(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_not() {
        for (from, to) in [
            ("getlist", "getlisT"),
            ("getlist", "get\\u006cist"),
            ("updateconfig", "listid"),
            ("users", "nosuch"),
            ("\"42\"", "42"),
            ("\"42\"", "null"),
            ("\"42\"", "\"\u{e9}\""),
            ("\"42\"", "\"42\",\"tid\":\"42\""),
            ("1804289383", "01"),
            ("1804289383", "1.0"),
            ("1804289383", "-1"),
            ("1804289383", "99999999999"),
            ("1804289383", "\"a\""),
            ("\"commandid\":1804289383,", "\"commandid\":1804289383,,"),
            ("\"xivo\"}", "\"xivo\",}"),
            ("\"xivo\"}", "\"xivo\"}}"),
            ("\"xivo\"}", "\"xivo\""),
            ("\"tipbxid\"", "\"other\""),
        ] {
            let line = AS_WRITTEN[0].replace(from, to);
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_read_otherwise_than_by_the_whole_parser(
            line in select(AS_WRITTEN.as_slice()),
            changes in prop::collection::vec((any::<prop::sample::Index>(), select(br#"{}[]":,\ 0159aeglsu.-"#.as_slice())), 0..4),
            is_cut in any::<bool>(),
        ) {
            let mut line = line.as_bytes().to_vec();
            for (place, byte) in changes {
                let place = place.index(line.len());
                if is_cut {
                    line.remove(place);
                } else {
                    line[place] = byte;
                }
            }
            if let Some(read) = read(&line) {
                prop_assert_eq!(Ok(read), parse::parse_whole(&line));
            }
            prop_assert_eq!(parse(&line), parse::parse_whole(&line));
        }
    }
}
