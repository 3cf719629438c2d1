//! What a path that is typed may go on with: a look into one folder, and what of it fits. Called by forms and by whatever else
//! takes the name of a file, off the thread that draws; it reads no file.

use std::fs;
use std::io;
use std::path::Path;

/// More entries of a folder than anybody chooses from: those behind are not looked at.
const ENTRIES_LOOKED_AT_MAX: usize = 10_000;

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Completion {
    /// It names a file already.
    Whole,
    /// It can be gone on with in one way alone, up to here.
    Longer(String),
    /// In several: the name of each, a folder with a slash behind it, and the path as it is then.
    Several {
        names: Vec<String>,
        paths: Vec<String>,
    },
    Nothing,
}

/// Looks into the folder that the text names up to its last slash.
pub(super) fn complete(typed: &str) -> io::Result<Completion> {
    let (folder, begun) = typed.split_at(typed.rfind('/').map_or(0, |at| at + 1));
    let path = if folder.is_empty() { "." } else { folder };
    let mut names = Vec::new();
    for entry in fs::read_dir(path)?.take(ENTRIES_LOOKED_AT_MAX) {
        let entry = entry?;
        // A name that is no text cannot be typed.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with(begun) {
            // What a link leads to counts.
            let is_folder = Path::new(path).join(&name).is_dir();
            names.push(if is_folder { format!("{name}/") } else { name });
        }
    }
    Ok(chosen(folder, begun, names))
}

/// What is made of the names that begin so. A hidden one is meant by its dot alone.
fn chosen(folder: &str, begun: &str, mut names: Vec<String>) -> Completion {
    names.retain(|name| begun.starts_with('.') || !name.starts_with('.'));
    names.sort();
    let common = match names.as_slice() {
        [] => return Completion::Nothing,
        [only] if only == begun => return Completion::Whole,
        [first, rest @ ..] => rest.iter().fold(first.as_str(), |common, name| shared(common, name)),
    };
    if common.len() > begun.len() {
        return Completion::Longer(format!("{folder}{common}"));
    }
    let paths = names.iter().map(|name| format!("{folder}{name}")).collect();
    Completion::Several { names, paths }
}

/// What both begin with.
fn shared<'a>(one: &'a str, other: &str) -> &'a str {
    let end = one.char_indices().zip(other.chars()).find(|((_, one), other)| one != other).map(|((at, _), _)| at);
    &one[..end.unwrap_or(one.len().min(other.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(begun: &str, names: &[&str]) -> Completion {
        chosen("/etc/", begun, names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_path_goes_on_as_far_as_there_is_one_way() {
        assert_eq!(of("ss", &["ssl/"]), Completion::Longer("/etc/ssl/".to_owned()));
        assert_eq!(of("c", &["cti.crt", "cti.key"]), Completion::Longer("/etc/cti.".to_owned()));
        assert_eq!(of("cti.crt", &["cti.crt"]), Completion::Whole);
        assert_eq!(of("x", &[]), Completion::Nothing);
        assert_eq!(
            of("é", &["éa", "éb"]),
            Completion::Several {
                names: vec!["éa".to_owned(), "éb".to_owned()],
                paths: vec!["/etc/éa".to_owned(), "/etc/éb".to_owned()],
            }
        );
    }

    #[test]
    fn what_is_hidden_is_found_by_its_dot_alone() {
        assert_eq!(of("", &[".ssh/", "ssl/"]), Completion::Longer("/etc/ssl/".to_owned()));
        assert_eq!(of(".s", &[".ssh/"]), Completion::Longer("/etc/.ssh/".to_owned()));
    }

    #[test]
    fn a_folder_is_looked_into_and_what_is_none_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().display();
        std::fs::create_dir(folder.path().join("certs")).expect("a folder in it");
        assert_eq!(complete(&format!("{at}/c")).expect("it is there"), Completion::Longer(format!("{at}/certs/")));
        assert_eq!(complete(&format!("{at}/certs/")).expect("it is empty"), Completion::Nothing);
        assert!(complete(&format!("{at}/nowhere/x")).is_err());
    }
}
