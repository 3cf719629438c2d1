//! Tables and cards of other programs, what is wrong with them, and that what is written is read again.

use proptest::prelude::*;

use super::*;
use crate::settings::id::{Id, PhoneBookEntryId};
use crate::settings::phone_book::Field;
use crate::settings::sample::office;

fn texts(entry: &FileEntry) -> Vec<&str> {
    Field::ALL.iter().map(|field| entry.details.text(*field)).collect()
}

fn failed(file: &EntryFile) -> Vec<(u64, &str)> {
    file.failed.iter().map(|failed| (failed.line, &*failed.error)).collect()
}

#[test]
fn a_table_names_its_columns_in_any_order_and_its_bad_lines() {
    let text = "\u{feff}Number,LastName,Website,context\r\n01 42,Roe,x,sales\r\n,,y,\n1,2\n\"3,a,b,c\nanna,A,,\n7,,,\n";
    let file = EntryFile::read(text, Format::Csv);
    assert_eq!(file.entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [2, 7]);
    assert_eq!(texts(&file.entries[0]), ["", "Roe", "0142", "", "", "", ""]);
    assert_eq!(file.entries[0].context, "sales");
    assert_eq!(file.unknown_columns, ["Website"]);
    let errors = [
        (3, "phone book entry has neither a name nor a number"),
        (4, "2 cells instead of 4"),
        (5, "a quote is opened and not closed"),
        (6, "number \"anna\" must be 1 to 80 digits, `+`, `*` or `#`; this has 'a'"),
    ];
    assert_eq!(failed(&file), errors);
}

#[test]
fn a_table_may_be_separated_by_semicolons_and_needs_a_header() {
    let file = EntryFile::read("firstname;number\nAnna;1\n", Format::Csv);
    assert_eq!(texts(&file.entries[0])[0], "Anna");
    assert_eq!(failed(&EntryFile::read("a,b\n1,2\n", Format::Csv))[0].0, 1);
    let twice = EntryFile::read("number,NUMBER\n1,2\n", Format::Csv);
    assert_eq!((failed(&twice), twice.entries.len()), (vec![(1, "the column number stands twice")], 0));
    assert_eq!(EntryFile::read("", Format::Csv), EntryFile::default());
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
    let file = EntryFile::read(text, Format::Vcard);
    assert_eq!(failed(&file), []);
    let read: Vec<_> = file.entries.iter().map(texts).collect();
    assert_eq!(read[0], ["Zoe", "Roe", "+15145550001", "5550002", "zoe@example.org", "Acme, Inc", "5550003"]);
    assert_eq!(read[1], ["Yan", "Müller-Lüden", "2", "+33611", "", "", ""]);
    assert_eq!(read[2][..4], ["Éva", "Émile", "", "3"]);
    assert_eq!(read[3][..3], ["", "Müller", "4"]);
    assert_eq!((file.left_out, file.entries[1].line), (3, 15));
}

#[test]
fn a_bad_card_is_named_by_its_line_and_the_others_are_read() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nnonsense\nEND:VCARD\nBEGIN:VCARD\nVERSION:9\nFN:A\nEND:VCARD\n\
        BEGIN:VCARD\nFN:A\nEND:VCARD\nFN:B\nBEGIN:VCARD\nVERSION:3.0\nBEGIN:VCARD\nVERSION:3.0\nFN:C\nEND:VCARD\n\
        END:VCARD\nBEGIN:VCARD\nVERSION:3.0\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=KOI8-R:=C1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nEND:VCARD\nBEGIN:VCARD\n";
    let file = EntryFile::read(text, Format::Vcard);
    assert_eq!(file.entries.iter().map(|entry| (entry.line, texts(entry)[0])).collect::<Vec<_>>(), [(15, "C")]);
    let lines: Vec<u64> = file.failed.iter().map(|failed| failed.line).collect();
    assert_eq!(lines, [3, 6, 9, 12, 13, 19, 22, 24, 27]);
}

#[test]
fn entries_stand_in_the_context_that_they_name_or_in_the_one_that_is_given() {
    let office = office();
    let sales = office.contexts.find(|context| context.name.as_str() == "sales").unwrap().id;
    let file = EntryFile::read("number,context\n1,default\n2,\n3,nowhere\n,\n", Format::Csv);
    let (placed, failed) = file.placed(&office, Some(sales));
    assert_eq!(placed.iter().map(|(_, context)| context.unwrap().number()).collect::<Vec<_>>(), [1, sales.number()]);
    assert_eq!(failed.iter().map(|failed| failed.line).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(file.placed(&office, None).0[1].1, None);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        names in prop::collection::vec("[aÉ;,\"\\\\ n:=]{0,90}", 3), numbers in prop::collection::vec("[0-9*#+]{0,9}", 3),
        email in "(a@[b,;]{1,70})?"
    ) {
        let known = office();
        let text = |field| match field {
            Field::FirstName => names[0].as_str(),
            Field::LastName => &names[1],
            Field::Company => &names[2],
            Field::Number => &numbers[0],
            Field::Mobile => &numbers[1],
            Field::Fax => &numbers[2],
            Field::Email => &email,
        };
        if let Ok(details) = EntryDetails::parse(text) {
            let context = known.contexts.iter().next().map(|context| context.id);
            let entry = PhoneBookEntry { id: PhoneBookEntryId::new(1), version: 1, details, context };
            for format in [Format::Csv, Format::Vcard] {
                let written = write([&entry, &entry].into_iter(), &known, format);
                let file = EntryFile::read(&written, format);
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
        EntryFile::read(&text, Format::Csv);
        EntryFile::read(&format!("BEGIN:VCARD\nVERSION:3.0\n{text}\nEND:VCARD\n"), Format::Vcard);
    }
}
