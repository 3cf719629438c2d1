//! Users: whom the house knows, and who of them may log in. A user's context is the context of their main line; without a
//! line they have none (settings §1.2).

use super::id::{ProfileId, UserId, UserUuid};
use super::name::{EmailAddress, FirstName, LastName, Login, MobileNumber};
use super::password::PasswordHash;
use super::table::object;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) version: u32,
    pub(crate) uuid: UserUuid,
    /// None: has a telephone and no client. Such a user never logs in, so has no password and is not enabled (rule U4).
    pub(crate) login: Option<Login>,
    pub(crate) first_name: FirstName,
    pub(crate) last_name: LastName,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) mobile: Option<MobileNumber>,
    /// None: nobody can log in with a local password.
    pub(crate) password: Option<PasswordHash>,
    /// Whether the user may log in; lists show them either way.
    pub(crate) enabled: bool,
    pub(crate) profile: Option<ProfileId>,
    /// Whether the local password counts whatever other backends say, also while they are down.
    pub(crate) break_glass: bool,
}

impl User {
    /// First and last name as people read them.
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim_end().to_owned()
    }

    /// What a short column names the user by, and a command takes: the login, or else the id.
    pub(crate) fn login_or_id(&self) -> String {
        self.login.as_ref().map_or_else(|| self.id.to_string(), Login::to_string)
    }

    /// For the column of logins in a list: `alice`, `(id 12)`.
    pub(crate) fn shown_login(&self) -> String {
        self.login.as_ref().map_or_else(|| format!("(id {})", self.id), Login::to_string)
    }

    /// What the document and the history refer to the user by: the login, or else the UUID.
    pub(crate) fn login_or_uuid(&self) -> String {
        self.login.as_ref().map_or_else(|| self.uuid.to_string(), Login::to_string)
    }

    /// The form under which logins are compared.
    pub(crate) fn folded_login(&self) -> Option<String> {
        self.login.as_ref().map(Login::folded)
    }

    /// Whether this is the user's login, in any case of letters.
    pub(crate) fn has_login(&self, login: &str) -> bool {
        self.login.as_ref().is_some_and(|own| own.as_str().eq_ignore_ascii_case(login))
    }
}

object!(User, UserId, "user", in no context);
