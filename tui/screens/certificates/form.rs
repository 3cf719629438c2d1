//! The form that names another certificate and key: two paths, looked at by the very check that every change runs
//! (rules G2 and G3).

use crate::check::named_pair;
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::setting::{Key, SettingValue};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(super) struct PairModel;

const CERTIFICATE: &str = "certificate";
const KEY: &str = "key";

/// The path as the setting of that key; it says where in the console, which has its own working directory.
fn path(fields: &Fields, name: &'static str, key: Key) -> Result<SettingValue, Fault> {
    fields.parse(name, |text| {
        if !text.trim().starts_with('/') {
            return Err(Refusal::new(Rule::G2, TargetKind::FormField(name), Violation::PathNotWhole));
        }
        SettingValue::parse(key, text.trim())
    })
}

/// The field that names the file with which something is wrong.
pub(super) fn field_of_file(refusal: &Refusal) -> &'static str {
    if refusal.on.what() == Some(TargetKind::Key) { KEY } else { CERTIFICATE }
}

impl Model for PairModel {
    fn title(&self) -> String {
        "another pair".to_owned()
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn settings(&self) -> Vec<Key> {
        vec![Key::EncryptionCertificate, Key::EncryptionKeyFile]
    }

    fn anew(&self, _app: &App) -> Option<Self> {
        Some(Self)
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let named = app.effective().general().encryption_pair.unwrap_or_default();
        let text = |path: std::path::PathBuf| Entry::text(path.display());
        vec![
            Field::new(
                CERTIFICATE,
                "Certificate",
                "PEM, with its chain, readable for the server: /etc/ssl/cti.crt",
                text(named.0),
            )
            .path(),
            Field::new(KEY, "Key", "Its key: PEM, RSA or EC, not encrypted: /etc/ssl/private/cti.key", text(named.1))
                .path(),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let certificate = path(fields, CERTIFICATE, Key::EncryptionCertificate);
        let key = path(fields, KEY, Key::EncryptionKeyFile);
        c.set_setting(certificate?)?;
        c.set_setting(key?)?;
        Ok(())
    }

    fn looks_at_host(&self) -> bool {
        true
    }

    fn field_of_refusal(&self, refusal: &Refusal) -> Option<&'static str> {
        matches!(refusal.rule, Rule::G2 | Rule::G3).then(|| field_of_file(refusal))
    }

    /// Also while typing: saving looks at the files once more.
    fn examine(&self, before: &Configuration, after: &Configuration) -> Result<Vec<(&'static str, String)>, Fault> {
        named_pair(&before.settings, &after.settings)?;
        Ok(Vec::new())
    }

    fn words(&self, _fields: &Fields) -> String {
        "the pair is in use".to_owned()
    }

    fn advice(&self) -> Option<&'static str> {
        Some("a running server takes it over by itself, from the next handshake on")
    }
}
