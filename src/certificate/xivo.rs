//! The pair that a XiVO on the same host made for itself (settings §5): whether it is there, and whether it can be used.
//! `init` and `check` tell it while clients get ctibox's own. Reads only.

use std::io::ErrorKind;
use std::path::Path;

use time::OffsetDateTime;

use super::check::findings_of;
use super::{CertificateError, PairPaths, load_pair};
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::Severity;

/// Where XiVO's packages put it.
pub(crate) const XIVO_CERTIFICATES: &str = "/usr/share/xivo-certs";

/// A pair of XiVO's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XivoPair {
    pub(crate) paths: PairPaths,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Usable,
    /// As XiVO leaves it, for root and the web server: whether it can be used is not known.
    Unreadable,
    Unusable(String),
}

impl XivoPair {
    /// The one in this folder, if there is one.
    pub(crate) fn find(folder: &Path, now: OffsetDateTime) -> Option<Self> {
        let paths = PairPaths { certificate: folder.join("server.crt"), key: folder.join("server.key") };
        if !paths.certificate.exists() {
            return None;
        }
        let state = match load_pair(&paths) {
            Err(CertificateError::Read { source, .. }) if source.kind() == ErrorKind::PermissionDenied => {
                State::Unreadable
            }
            Err(error) => State::Unusable(error.words()),
            Ok(pair) => {
                let findings = findings_of(&pair, &paths, now);
                match findings.iter().find(|finding| finding.severity == Severity::Error) {
                    Some(finding) => State::Unusable(finding.refusal.problem.to_string()),
                    None => State::Usable,
                }
            }
        };
        Some(Self { paths, state })
    }

    /// What is to be said of it.
    pub(crate) fn words(&self) -> String {
        match &self.state {
            State::Usable => "is XiVO's pair, and clients get ctibox's own".to_owned(),
            State::Unreadable => "is XiVO's pair, which this account may not read; clients get ctibox's own".to_owned(),
            State::Unusable(why) => format!("is XiVO's pair and cannot be used: {why}"),
        }
    }

    /// The command that uses it, or what to do in its place.
    pub(crate) fn remedy(&self) -> Prose {
        let PairPaths { certificate, key } = &self.paths;
        let (certificate, key) = (certificate.display(), key.display());
        let add = prose![ctibox("certificate add xivo {certificate} {key}")];
        match self.state {
            State::Usable => add.then(prose![", then ", ctibox("certificate use xivo"), ", gives it to clients"]),
            State::Unreadable => Prose::from(
                "XiVO made those of X.509 version 1, which cannot be used: then go on with ctibox's own; one that you \
                     put there yourself is kept by root's ",
            )
            .then(add)
            .then(prose![", which says whether it can be used; then ", ctibox("certificate use xivo")]),
            State::Unusable(_) => prose![
                "go on with ctibox's own, or make another: ",
                ctibox("certificate create NAME"),
                ", then ",
                ctibox("certificate use NAME")
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::samples::{Validity, file, write_pair};
    use super::*;

    #[test]
    fn a_pair_of_xivo_s_is_named_with_its_command_or_with_what_is_wrong() {
        let folder = tempfile::tempdir().expect("a folder");
        let find = || XivoPair::find(folder.path(), OffsetDateTime::now_utc());
        assert_eq!(find(), None);
        let made = write_pair(folder.path(), Validity::Now);
        fs::rename(made.certificate, folder.path().join("server.crt")).expect("renamed");
        fs::rename(made.key, folder.path().join("server.key")).expect("renamed");
        let found = find().expect("a pair");
        assert!(
            found.remedy().to_string().contains("server.key`, then `ctibox certificate use xivo`"),
            "{}",
            found.remedy()
        );
        // What XiVO really made, for any host and of version 1, is no certificate that a client of today believes.
        for (name, old) in [("server.crt", "version1.crt"), ("server.key", "version1.key")] {
            fs::copy(file(old), folder.path().join(name)).expect("copied");
        }
        let found = find().expect("a pair");
        assert!(found.words().contains("cannot be used") && found.words().contains("version 1"), "{}", found.words());
        assert!(found.remedy().to_string().contains("`ctibox certificate create NAME`"), "{}", found.remedy());
        fs::write(folder.path().join("server.key"), "nothing").expect("written");
        let found = find().expect("a pair");
        assert!(found.words().contains("cannot be used") && found.words().contains("server.key"), "{}", found.words());
        assert!(found.remedy().to_string().contains("`ctibox certificate create NAME`"), "{}", found.remedy());
    }
}
