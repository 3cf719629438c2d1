//! Why an enabled user cannot log in, as lists say it: no backend may know them. Used by the users and by those of a profile.

use crate::settings::auth_settings::AuthSettings;
use crate::settings::user::User;
use crate::settings::violation::Violation;

pub(super) fn login_obstacle(user: &User, auth: &AuthSettings) -> Option<&'static str> {
    auth.lacking(user).map(|lacking| match lacking {
        Violation::EnabledWithoutEmail => "no e-mail address",
        _ => "no password",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Effective, Overrides};
    use crate::settings::fixtures::small_company;
    use crate::settings::id::{Id as _, UserId};
    use crate::settings::setting::{Key, Layer, SettingValue};

    #[test]
    fn a_password_is_missed_only_where_a_local_one_counts() {
        let obstacle = |backends: &str, edit: fn(&mut User)| {
            let backends = SettingValue::parse(Key::AuthBackends, backends).expect("a list of backends");
            let layer = Layer::from([(Key::AuthBackends, backends)]);
            let mut company = small_company();
            company.users.edit(UserId::new(1), edit);
            let user = company.users.get(UserId::new(1)).expect("a user");
            login_obstacle(user, &Effective::new(&layer, &Overrides::default()).general().auth)
        };
        assert_eq!(obstacle("xivo_user", |_| {}), None);
        assert_eq!(obstacle("xivo_user", |user| user.password = None), Some("no password"));
        assert_eq!(obstacle("xivo_user", |user| (user.password, user.enabled) = (None, false)), None);
        assert_eq!(obstacle("ldap_user", |user| user.email = None), Some("no e-mail address"));
        assert_eq!(obstacle("ldap_user,xivo_user", |user| user.email = None), None);
    }
}
