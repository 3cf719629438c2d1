//! Tables and cards of other programs, what is wrong with them, and that what is written is read again.

use proptest::prelude::*;

use super::*;
use crate::settings::fixtures::small_company;
use crate::settings::id::{Id, PhoneBookEntryId};
use crate::settings::phone_book::Field;

fn read(text: impl AsRef<[u8]>, format: Format) -> EntryFile {
    EntryFile::read(text.as_ref(), format, None).expect("it can be read")
}

fn texts(entry: &FileEntry) -> Vec<&str> {
    Field::ALL.iter().map(|field| entry.details.text(*field)).collect()
}

fn failed(file: &EntryFile) -> Vec<(u64, &str)> {
    file.failed.iter().map(|failed| (failed.line, &*failed.error)).collect()
}

/// Of the one entry of a card of these lines, and how many remarks there are.
fn card(lines: impl AsRef<[u8]>) -> (Vec<String>, usize) {
    let text = [b"BEGIN:VCARD\r\nVERSION:2.1\r\n", lines.as_ref(), b"\r\nEND:VCARD\r\n"].concat();
    let file = read(&text, Format::Vcard);
    assert_eq!((failed(&file), file.entries.len()), (vec![], 1), "{}", String::from_utf8_lossy(&text));
    (texts(&file.entries[0]).into_iter().map(str::to_owned).collect(), file.remarks.len())
}

fn named(lines: impl AsRef<[u8]>) -> [String; 2] {
    let (texts, _) = card(lines);
    [texts[0].clone(), texts[1].clone()]
}

#[test]
fn a_table_names_its_columns_in_any_order_and_its_bad_lines() {
    let text = "\u{feff}Number,LastName,Website,context\r\n01 42,Roe,x,sales\r\n,,y,\n1,2\n\"3,a,b,c\nanna,A,,\n7,,,\n8,B,,,9\n";
    let file = read(text, Format::Csv);
    assert_eq!(file.entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [2, 4, 6, 7]);
    assert_eq!(texts(&file.entries[0]), ["", "Roe", "0142", "", "", "", "", "", ""]);
    assert_eq!(file.entries[0].context, "sales");
    assert_eq!(file.unknown_columns, ["Website"]);
    let errors = [
        (3, "phone book entry has neither a name nor a number"),
        (5, "opens a quote and does not close it"),
        (8, "has 5 cells; the first line names 4"),
    ];
    assert_eq!(failed(&file), errors);
    assert_eq!(file.remarks.len(), 1);
    assert_eq!(file.remarks[0].line, 6);
    assert!(file.remarks[0].error.starts_with("left out: number \"anna\" must be 1 to 80 digits"));
}

#[test]
fn the_phone_book_of_xivo_is_taken_in_both_its_forms() {
    let older = "title|displayname|firstname|lastname|society|mobilenumber|email|officenumber|faxnumber\n\
        mrs|Alice Gagnon|Alice|Gagnon|Gagnon ltée|5145550101|alice@gagnon.example|5145550102|5145550103\n";
    let newer = "displayname,firstname,number_mobile,number_office,email,society\n\
        Alice,Alice,5145550101,5145550102,alice@example.com,Gagnon\n\
        Bob Roe,,5145550103,5145550104,bob@example.com,\n";
    let file = read(older, Format::Csv);
    let entry =
        ["Alice", "Gagnon", "5145550102", "5145550101", "alice@gagnon.example", "Gagnon ltée", "5145550103", "", ""];
    assert_eq!((texts(&file.entries[0]), file.not_used), (entry.to_vec(), vec!["title".to_owned()]));
    let file = read(newer, Format::Csv);
    let entries: Vec<_> = file.entries.iter().map(texts).collect();
    assert_eq!(entries[0], ["Alice", "", "5145550102", "5145550101", "alice@example.com", "Gagnon", "", "", ""]);
    assert_eq!(entries[1][..4], ["Bob", "Roe", "5145550104", "5145550103"]);
    assert!(file.unknown_columns.is_empty() && failed(&file).is_empty());
}

#[test]
fn rows_of_separators_and_short_rows_are_as_spreadsheets_mean_them() {
    let text =
        "sep=;\r\nfirstname;lastname;number;fax\r\nIda;Weber;0305550101\r\n;;\r\n;;;\r\n\"Kim\nLee\";;0305550102;\r\n";
    let file = read(text, Format::Csv);
    assert_eq!((failed(&file), file.entries.len()), (vec![], 2));
    assert_eq!(texts(&file.entries[0])[..3], ["Ida", "Weber", "0305550101"]);
    assert_eq!(texts(&file.entries[1])[..3], ["Kim Lee", "", "0305550102"]);
    let cut = read("firstname,lastname,company,number\nKim,Lee,Acme\nInc,0305550102\n", Format::Csv);
    assert_eq!(failed(&cut)[0], (3, "has a number for a name: a line break in a cell must stand in quotes"));
}

#[test]
fn a_table_without_the_numbers_that_it_has_is_refused() {
    let file = read("firstname,Durchwahl Zentrale\nIda,101\n", Format::Csv);
    assert_eq!(file.entries.len(), 0);
    assert!(failed(&file)[0].1.starts_with("the first line names no column of numbers"), "{:?}", failed(&file));
    assert_eq!(read("firstname,email\nIda,ida@example.org\n", Format::Csv).entries.len(), 1);
    let fault = EntryFile::read(b"firstname,number\rIda,1\r", Format::Csv, None).expect_err("returns alone");
    assert!(fault.to_string().starts_with("its line ends are CR alone"));
}

#[test]
fn a_table_in_another_encoding_is_read_and_says_so() {
    let file = read(b"lastname;number\nM\xfcller;1\n", Format::Csv);
    assert_eq!(
        (texts(&file.entries[0])[1], file.guessed.map(|it| it.to_string()).as_deref()),
        ("Müller", Some("Windows-1252"))
    );
    let utf_16: Vec<u8> =
        "\u{feff}lastname\tnumber\r\nMüller\t1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = read(utf_16, Format::Csv);
    assert_eq!((texts(&file.entries[0])[1], file.guessed), ("Müller", None));
    let stated = TextEncoding::parse("macintosh");
    let file = EntryFile::read(b"lastname,number\nM\x9fller,1\n", Format::Csv, stated).expect("it can be read");
    assert_eq!((texts(&file.entries[0])[1], file.guessed), ("Müller", None));
}

#[test]
fn a_table_may_be_separated_by_semicolons_and_needs_a_header() {
    let file = read("firstname;number\nAnna;1\n", Format::Csv);
    assert_eq!(texts(&file.entries[0])[0], "Anna");
    assert_eq!(failed(&read("a,b\n1,2\n", Format::Csv))[0].0, 1);
    let twice = read("number,NUMBER\n1,2\n", Format::Csv);
    assert_eq!((failed(&twice), twice.entries.len()), (vec![(1, "the column number stands twice")], 0));
    assert_eq!(read("", Format::Csv), EntryFile::default());
}

#[test]
fn cards_of_three_versions_are_read() {
    let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoe Roe\r\nN:Roe;Zoe;;;\r\nORG:Acme\\, Inc;Sales\r\n\
        TEL;TYPE=work,voice:+1 (514) 555-0001\r\nTEL;TYPE=CELL:5550002\r\nitem1.TEL;TYPE=WORK,FAX:5550003\r\n\
        TEL;TYPE=home:5550004\r\nEMAIL;TYPE=INTERNET:zoe@exa\r\n mple.org\r\nPHOTO:AAAA\r\nEND:VCARD\r\n\r\n\
        begin:vcard\nversion:4.0\nFN:Yan Müller-Lüd\n en\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+33-6-11;ext=4\n\
        TEL:1\nTEL;PREF=1:2\nend:vcard\n\
        BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=89mile;=\n=C3=89va\n\
        TEL;CELL;VOICE:3\nTEL;PAGER:9\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller\nTEL:4\nEND:VCARD\n";
    let file = read(text, Format::Vcard);
    assert_eq!(failed(&file), []);
    let read: Vec<_> = file.entries.iter().map(texts).collect();
    assert_eq!(
        read[0],
        ["Zoe", "Roe", "+15145550001", "5550002", "zoe@example.org", "Acme, Inc", "5550003", "5550004", ""]
    );
    assert_eq!(read[1], ["Yan", "Müller-Lüden", "2", "+33611", "", "", "", "", "1"]);
    assert_eq!(read[2][..4], ["Éva", "Émile", "", "3"]);
    assert_eq!(read[3][..3], ["", "Müller", "4"]);
    assert_eq!((file.left_out, file.entries[1].line, file.remarks[0].line), (1, 15, 19));
}

#[test]
fn a_bad_card_is_named_by_its_line_and_the_others_are_read() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\nBEGIN:VCARD\nVERSION:9\nFN:A\nEND:VCARD\n\
        BEGIN:VCARD\nFN:A\nEND:VCARD\nFN:B\nBEGIN:VCARD\nVERSION:3.0\nBEGIN:VCARD\nVERSION:3.0\nFN:C\nEND:VCARD\n\
        END:VCARD\nBEGIN:VCARD\n";
    let file = read(text, Format::Vcard);
    assert_eq!(file.entries.iter().map(|entry| (entry.line, texts(entry)[0])).collect::<Vec<_>>(), [(14, "C")]);
    let lines: Vec<u64> = file.failed.iter().map(|failed| failed.line).collect();
    assert_eq!(lines, [1, 5, 8, 11, 12, 18, 19]);
}

#[test]
fn what_is_passed_over_never_costs_the_card() {
    let name = [String::from("Hans"), "Keller".into()];
    for more in [
        &b"ADR;WORK;ENCODING=QUOTED-PRINTABLE:;;Bahnhofstra=DFe 1;Z=FCrich;;8001;"[..],
        b"ADR;CHARSET=KLINGON:\xff\xfe",
        b"NOTE;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:20 =80 bezahlt",
        b"NOTE:premiere ligne\ndeuxieme ligne sans retrait\n\ntroisieme",
        b"NOTE;ENCODING=QUOTED-PRINTABLE:a=\r\n  b=0D=0A=\r\nTEL:9",
        b"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n /9j4AAQSkZJRgABAQAAAQ\r\n\r\n",
        b"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n/9j4AAQSkZJRgABAQAAAQ==\r\n\r\n",
        b"PHOTO;ENCODING=b;TYPE=JPEG:no base64 at all!",
        b"AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:Agent;Bond\r\nTEL:007\r\nEND:VCARD",
        b"AGENT:BEGIN:VCARD\\nFN:Susan\\nEND:VCARD\\n",
        b"X-LOGO;X-WHAT=\"a:b;c\":z",
        b"KEY;ENCODING=BASE64:AAAA",
    ] {
        let lines = [b"N:Keller;Hans\r\n", more, b"\r\nTEL;WORK:+41 44 555 01 01"].concat();
        let (texts, remarks) = card(&lines);
        assert_eq!(
            (&texts[..3], remarks),
            (&[name[0].clone(), name[1].clone(), "+41445550101".to_owned()][..], 0),
            "{}",
            more.escape_ascii()
        );
    }
}

#[test]
fn names_are_decoded_in_the_encoding_that_they_have() {
    for (lines, first, last) in [
        (&b"N;CHARSET=UTF-8;ENCODING=BASE64:w5Z6dMO8cms7QXnFn2U=\r\n\r\nTEL:1"[..], "Ay\u{15f}e", "Öztürk"),
        (b"N;ENCODING=B;CHARSET=utf8:w5Z6dMO8\r\n cms7QXnFn2U\r\n", "Ay\u{15f}e", "Öztürk"),
        (b"N;LANGUAGE=de;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "Jörg", "Müller"),
        (b"N;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "Jörg", "Müller"),
        (b"N;QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg", "Jörg", "Müller"),
        (b"N;CHARSET=ISO-8859-15;ENCODING=QUOTED-PRINTABLE:L=BDuf;Zo=EB", "Zoë", "Lœuf"),
        (b"N;CHARSET=ISO-8859-1:M\xfcller;J\xf6rg", "Jörg", "Müller"),
        (b"N:M\xfcller;J\xf6rg", "Jörg", "Müller"),
        (b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "Jörg", "Müller"),
        (b"N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52=93=63;=91=BE=98=59", "太郎", "山田"),
        (b"N;CHARSET=KOI8-R;ENCODING=QUOTED-PRINTABLE:=E9=F7=E1=EE;=E1", "А", "ИВАН"),
    ] {
        assert_eq!(named(lines), [first, last], "{}", lines.escape_ascii());
    }
    let (texts, remarks) = card(b"N;CHARSET=KLINGON:\xffx;y\r\nFN:Ida Weber\r\nTEL:1");
    assert_eq!((texts[0].as_str(), texts[1].as_str(), remarks), ("Ida", "Weber", 1));
}

#[test]
fn numbers_and_addresses_of_cards_are_read_one_by_one() {
    for (lines, number, mobile, email, remarks) in [
        ("TEL;WORK:0049 (0)30 555 0112", "0049305550112", "", "", 0),
        ("TEL;WORK:n/a\nTEL;CELL:0305550108", "", "0305550108", "", 0),
        ("TEL;WORK:1-800-FLOWERS\nTEL;CELL:0305550108", "", "0305550108", "", 1),
        ("TEL;WORK:+1 514 555 0199 x204", "+15145550199", "", "", 1),
        ("TEL;WORK:5145550199,,4455#", "5145550199", "", "", 1),
        ("TEL;TYPE=WORK;VALUE=uri:tel:+1-514-555-0199;ext=204", "+15145550199", "", "", 1),
        ("TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+33-6-11-55-50-10", "", "+33611555010", "", 0),
        ("TEL;VALUE=uri:sip:5145550101@pbx.example", "5145550101", "", "", 0),
        ("IMPP:sip:5145550101@pbx.example", "5145550101", "", "", 0),
        ("IMPP:xmpp:ida@example.org\nTEL:1", "1", "", "", 0),
        ("EMAIL;PREF;INTERNET:/o=ExampleOrg/ou=First/cn=ina\nTEL:1", "1", "", "", 1),
        ("EMAIL;PREF:/o=ExampleOrg/cn=ina\nEMAIL:ina@example.org\nTEL:1", "1", "", "ina@example.org", 1),
        ("EMAIL:mailto:ina@example.org\nTEL:1", "1", "", "ina@example.org", 0),
    ] {
        let (texts, told) = card(format!("N:Na;Ina\n{lines}"));
        assert_eq!(
            (texts[2].as_str(), texts[3].as_str(), texts[4].as_str(), told),
            (number, mobile, email, remarks),
            "{lines}"
        );
    }
}

#[test]
fn entries_stand_in_the_context_that_they_name_or_in_the_one_that_is_given() {
    let office = small_company();
    let sales = office.contexts.find(|context| context.name.as_str() == "sales").unwrap().id;
    let file = read("number,context\n1,default\n2,\n3,nowhere\n,default\n", Format::Csv);
    let PlacedEntries { entries: placed, failed, .. } = file.placed(&office, Some(sales));
    assert_eq!(placed.iter().map(|(_, context)| context.unwrap().number()).collect::<Vec<_>>(), [1, sales.number()]);
    assert_eq!(failed.iter().map(|failed| failed.line).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(file.placed(&office, None).entries[1].1, None);
}

/// An entry of the context that is given is the same as one that names it.
#[test]
fn what_stands_twice_in_a_file_is_told_by_its_line() {
    let office = small_company();
    let sales = office.contexts.find(|context| context.name.as_str() == "sales").unwrap().id;
    let file =
        read("lastname,number,context\nRoe,1,\nRoe,1,sales\nRoe,1,default\nRoe,1,\nRoe,1,nowhere\n", Format::Csv);
    let placed = file.placed(&office, Some(sales));
    assert_eq!((placed.entries.len(), placed.failed.len()), (4, 1));
    assert_eq!(placed.repeated, [Repetition { line: 3, first: 2 }, Repetition { line: 5, first: 2 }]);
}

#[test]
fn entries_that_reach_nobody_are_taken_with_a_word() {
    let text = "lastname,number,fax,email\nRoe,,,\nBau,,,hugo@bau\nFax,,1,\nMay,,,may@bau.example\n";
    let file = read(text, Format::Csv);
    let told: Vec<String> = file.doubts.iter().map(|doubt| format!("{} {}", doubt.line, doubt.error)).collect();
    assert_eq!(
        told,
        [
            "2 has no number and no e-mail address",
            "3 has the e-mail address hugo@bau, which ends in no domain like example.org"
        ]
    );
    assert_eq!((file.entries.len(), file.failed.len(), file.remarks.len()), (4, 0, 0));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        names in prop::collection::vec("[aÉ;,\"\\\\ n:=]{0,90}", 3), numbers in prop::collection::vec("(\\+?[0-9*#]{1,9})?", 3),
        email in "(a@[b,;]{1,70})?"
    ) {
        let known = small_company();
        let text = |field| match field {
            Field::FirstName => names[0].as_str(),
            Field::LastName => &names[1],
            Field::Company => &names[2],
            Field::Number => &numbers[0],
            Field::Mobile => &numbers[1],
            Field::Fax => &numbers[2],
            Field::Home => &numbers[1],
            Field::Other => &numbers[0],
            Field::Email => &email,
        };
        if let Ok(details) = EntryDetails::parse(text) {
            let context = known.contexts.iter().next().map(|context| context.id);
            let entry = PhoneBookEntry { id: PhoneBookEntryId::new(1), version: 1, details, context };
            for format in [Format::Csv, Format::Vcard] {
                let written = write([&entry, &entry].into_iter(), &known, format);
                let file = read(&written, format);
                prop_assert_eq!(&file.failed, &[]);
                for read in &file.entries {
                    prop_assert_eq!((&read.details, &*read.context), (&entry.details, "default"), "{}", written);
                }
                prop_assert_eq!(file.entries.len(), 2);
            }
        }
    }

    #[test]
    fn any_text_is_read(text in "[a:;=,\"\\\\\r\n BEGINVCARDEND:]{0,60}") {
        let _ = EntryFile::read(text.as_bytes(), Format::Csv, None);
        read(format!("BEGIN:VCARD\nVERSION:3.0\n{text}\nEND:VCARD\n"), Format::Vcard);
    }
}
