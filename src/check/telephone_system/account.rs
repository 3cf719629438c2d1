//! Whether there is a link, and what its account may (telephony §1.3).

use std::time::Duration;

use super::{SystemDefect, SystemPart, SystemRemedy, finding};
use crate::asterisk::{InquiryError, Lacking, survey};
use crate::check::Finding;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::rule::Severity;
use crate::settings::setting::Key;

/// How long the telephone system may take where it is but one thing among others.
const PATIENCE: Duration = Duration::from_secs(4);

/// For `ctibox check`, which stands before each start of the service: a server without a link serves, so that nothing here
/// is an error. Nothing if telephony is off.
pub(crate) fn brief(settings: &AmiSettings) -> Vec<Finding> {
    let Some(secret) = settings.secret.clone() else { return Vec::new() };
    // The console calls this too: a thread of its own has no other runtime around it.
    let asked = std::thread::scope(|scope| {
        let ask = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok::<_, std::io::Error>(runtime.block_on(survey(settings, &secret, Vec::new(), PATIENCE)))
        };
        scope.spawn(ask).join()
    });
    let found = match asked {
        Ok(Ok(Ok(survey))) => lacking(&settings.username, &survey.lacking),
        Ok(Ok(Err(error))) => vec![unanswered(settings, &error)],
        Ok(Err(error)) => vec![unanswered(settings, &InquiryError::Unreachable(error.to_string()))],
        Err(_) => vec![unanswered(settings, &InquiryError::TookTooLong(PATIENCE))],
    };
    found.into_iter().map(|finding| Finding { severity: Severity::Warning, ..finding }).collect()
}

/// There is no link, and what to do about it.
pub(crate) fn unanswered(settings: &AmiSettings, error: &InquiryError) -> Finding {
    let (key, remedy) = match error {
        InquiryError::Unreachable(_) => (Key::AmiHost, SystemRemedy::ReachAsterisk),
        InquiryError::Refused(_) => {
            (Key::AmiSecret, SystemRemedy::PermitAccount { account: settings.username.clone() })
        }
        InquiryError::TookTooLong(_) => (Key::AmiHost, SystemRemedy::LookAtLoad),
    };
    let on = SystemPart::Asterisk(settings.to_string());
    finding(Severity::Error, on, SystemDefect::Unanswered(error.clone()), remedy).mended_by(key)
}

/// What the account may not.
pub(crate) fn lacking(account: &str, lacking: &[Lacking]) -> Vec<Finding> {
    let finding = |lacking: &Lacking| {
        let on = SystemPart::Account(account.to_owned());
        finding(Severity::Error, on, SystemDefect::LacksClass(*lacking), SystemRemedy::AddClass(*lacking))
    };
    lacking.iter().map(finding).collect()
}
