//! `ctibox user`: the people, those who log in and those who only have a telephone. `user disconnect` is in `sessions`,
//! because it speaks to the server; `user import` and `user export` have files of their own.

use clap::Subcommand;
use serde_json::{Value, json};

use super::complete;
use super::failure::Failure;
use super::find::{self, edited, optional};
use super::invocation::{Done, Invocation, json_of};
use super::password::{self, NewPassword, PasswordSource};
use super::switch::Switch;
use super::{line, prompt, random, sessions, user_import, user_services};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewUser;
use crate::settings::id::Id as _;
use crate::settings::label::Labelled as _;
use crate::settings::name::{EmailAddress, FirstName, LastName, Login, MobileNumber};
use crate::settings::prose::prose;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::table::Object as _;
use crate::settings::user::User;
use crate::settings::violation::Violation;

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a user; one without a login has a telephone and never logs in
    #[command(
        override_usage = "ctibox user add LOGIN --first-name F [OPTIONS]\n         \
                          (--password-stdin | --generate-password | --no-password)\n       \
                          ctibox user add --no-login --first-name F [OPTIONS]",
        after_help = "Example:\n  ctibox user add alice --first-name Alice --last-name Martin \\\n      \
                      --profile Client --generate-password\n  \
                      ctibox user add --no-login --first-name Workshop"
    )]
    Add(AddUser),
    /// List all users; those without a login by their id
    #[command(after_help = "Example:\n  ctibox user list --json")]
    List,
    /// Show one user
    #[command(after_help = "Example:\n  ctibox user show alice")]
    Show(NamedUser),
    /// Change a user; what is left out stays, an empty value means none
    #[command(
        visible_alias = "set",
        after_help = "Example:\n  ctibox user edit alice --profile Agent --mobile \"\"\n  \
                      ctibox user edit alice --break-glass on"
    )]
    Edit(EditUser),
    /// Remove a user with all lines; voicemail and agent stay
    #[command(after_help = "Example:\n  ctibox user remove alice")]
    Remove(RemoveUser),
    /// Let a user log in again
    #[command(after_help = "Example:\n  ctibox user enable alice")]
    Enable(NamedUser),
    /// Refuse a user's login and end all sessions; lists keep the user
    #[command(after_help = "Example:\n  ctibox user disable alice")]
    Disable(NamedUser),
    /// Set a user's password; the user's sessions are ended
    #[command(
        override_usage = "ctibox user password USER [OPTIONS]\n       \
                          (--password-stdin | --generate-password | --no-password)",
        after_help = "Example:\n  echo 'new secret' | ctibox user password alice --password-stdin"
    )]
    Password(NewPasswordOf),
    /// Add the users of a table that XiVO's user import took, or change them with `--update`
    ///
    /// The table is comma-separated text in UTF-8 whose first line names the columns; the older form with `|` is taken
    /// too, and `;`. Nothing is written unless every line is good or `--accept-good-lines` is given. A line without a
    /// `username` is a telephone alone. Without `--update`, users who are there already are left alone: a line with
    /// their login or uuid is not good.
    ///
    /// The columns, of which only `firstname` or `uuid` must be there: firstname, lastname, username, password, email,
    /// uuid, mobile_phone_number, cti_profile_name, cti_profile_enabled, exten, context, line_protocol, sip_username,
    /// voicemail_number, voicemail_context. Usual names of other programs are known as well, like `First Name`, `E-Mail`
    /// or `Durchwahl`.
    #[command(
        after_help = "Example:\n  ctibox user import users.csv --dry-run\n  ctibox user import users.csv --accept-good-lines"
    )]
    Import(user_import::UserImportArguments),
    /// Print the table of all users, as `user import --update` takes it; passwords are not in it
    #[command(after_help = "Example:\n  ctibox user export > users.csv")]
    Export,
    /// Switch off what keeps callers from a user: do not disturb, forwards and the like
    #[command(
        name = "switch-off",
        after_help = "Example:\n  ctibox user switch-off alice\n  ctibox user switch-off alice forward forward-busy"
    )]
    SwitchOff(user_services::SwitchServicesOff),
    /// End a user's sessions on the running server
    #[command(after_help = "Example:\n  ctibox user disconnect alice --force")]
    Disconnect(sessions::Disconnect),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedUser {
    /// Login in upper or lower case, uuid, id or e-mail address
    #[arg(add = complete::users())]
    user: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddUser {
    /// What is typed to log in: 2 to 64 letters, digits or -._~!$&'()*+,;=%@
    #[arg(required_unless_present = "no_login")]
    login: Option<String>,
    /// No login and no password: only a telephone
    #[arg(long, conflicts_with_all = ["login", "disabled", "password_stdin", "generate_password", "no_password"])]
    no_login: bool,
    /// The first name
    #[arg(long, value_name = "F")]
    first_name: String,
    /// The last name
    #[arg(long, value_name = "L")]
    last_name: Option<String>,
    /// What the client shows and may do; without one the user cannot log in
    #[arg(long, value_name = "NAME", add = complete::profiles())]
    profile: Option<String>,
    /// The e-mail address
    #[arg(long, value_name = "E")]
    email: Option<String>,
    /// The mobile number: digits, `+`, `*` or `#`
    #[arg(long, value_name = "N")]
    mobile: Option<String>,
    /// The user may not log in yet
    #[arg(long)]
    disabled: bool,
    #[command(flatten)]
    password: PasswordSource,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditUser {
    /// Login in upper or lower case, uuid, id or e-mail address
    #[arg(add = complete::users())]
    user: String,
    /// The new login, also of a user who had none
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// Take the login away, and with it the password: the user never logs in again
    #[arg(long, conflicts_with = "rename")]
    no_login: bool,
    /// The first name
    #[arg(long, value_name = "F")]
    first_name: Option<String>,
    /// The last name
    #[arg(long, value_name = "L")]
    last_name: Option<String>,
    /// What the client shows and may do, from the next login on
    #[arg(long, value_name = "NAME", add = complete::profiles())]
    profile: Option<String>,
    /// The e-mail address
    #[arg(long, value_name = "E")]
    email: Option<String>,
    /// The mobile number
    #[arg(long, value_name = "N")]
    mobile: Option<String>,
    /// Whether the local password counts whatever other backends say, also while they are down
    #[arg(long, value_enum, value_name = "on|off", hide_possible_values = true)]
    break_glass: Option<Switch>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RemoveUser {
    /// Login in upper or lower case, uuid, id or e-mail address
    #[arg(add = complete::users())]
    user: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewPasswordOf {
    /// Login in upper or lower case, uuid, id or e-mail address
    #[arg(add = complete::users())]
    user: String,
    #[command(flatten)]
    password: PasswordSource,
}

pub(crate) fn run(command: UserCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        UserCommand::Add(arguments) => add(arguments, ctx),
        UserCommand::List => list(ctx),
        UserCommand::Show(named) => show(&named.user, ctx),
        UserCommand::Edit(arguments) => edit(arguments, ctx),
        UserCommand::Remove(arguments) => remove(arguments, ctx),
        UserCommand::Enable(named) => set_enabled(named.user, Access::Granted, ctx),
        UserCommand::Disable(named) => set_enabled(named.user, Access::Refused, ctx),
        UserCommand::Password(arguments) => set_password(arguments, ctx),
        UserCommand::Import(arguments) => user_import::run(&arguments, ctx),
        UserCommand::Export => user_import::export(ctx),
        UserCommand::SwitchOff(arguments) => user_services::switch_off(&arguments, ctx),
        UserCommand::Disconnect(arguments) => sessions::disconnect(&arguments, ctx),
    }
}

/// Whether a user may log in, or an account be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Granted,
    Refused,
}

fn add(arguments: AddUser, ctx: &Invocation) -> Result<(), Failure> {
    let login = arguments.login.as_deref().map(Login::parse).transpose()?;
    let first_name = FirstName::parse(&arguments.first_name)?;
    let last_name = LastName::parse(arguments.last_name.as_deref().unwrap_or_default())?;
    let email = optional(arguments.email.as_deref(), EmailAddress::parse)?;
    let mobile = optional(arguments.mobile.as_deref(), MobileNumber::parse)?;
    // What is wrong with the folder or the profile is said before anybody types a password.
    if let Some(profile) = profile_of(arguments.profile.as_deref()) {
        find::profile(&ctx.configuration()?, profile)?;
    } else {
        ctx.store()?;
    }
    let password = match login {
        Some(_) => arguments.password.take(&ctx.output)?,
        None => NewPassword::none(),
    };
    let made = password.made;
    let (done, name, line) = ctx.change(move |c| {
        let profile = profile_of(arguments.profile.as_deref()).map(|name| find::profile(c, name)).transpose()?;
        let new = NewUser {
            uuid: random::user_uuid(),
            enabled: login.is_some() && !arguments.disabled,
            login,
            first_name,
            last_name,
            email,
            mobile,
            password: password.hash,
            profile: profile.map(|profile| profile.id),
        };
        let id = c.add_user(new)?;
        let note = format!("{} was added with id {id}", find::called_user(c, id));
        let name = c.users.get(id).map(|user| c.name_of_user(user)).unwrap_or_default();
        Ok((Done::with::<User>(note, id, c), name, line::free(c)))
    })?;
    password::tell(done, made.as_ref(), ctx)?;
    let (number, context) =
        line.map_or_else(|| ("EXTEN".to_owned(), "C".to_owned()), |(number, c)| (number.to_string(), c.to_string()));
    ctx.output.hint(prose![ctibox("line add {number} --context {context} --user {name}"), " gives a line"]);
    Ok(())
}

fn profile_of(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|name| !name.is_empty())
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let main_lines = c.main_lines();
    let rows: Vec<Vec<String>> = c
        .users
        .iter()
        .map(|user| {
            let line = main_lines.get(&user.id);
            vec![
                user.shown_login(),
                user.full_name(),
                line.map_or_else(|| "no line".to_owned(), |line| line.extension.to_string()),
                line.and_then(|line| c.contexts.get(line.context)).map_or_else(dash, |found| found.name.to_string()),
                user.profile.and_then(|id| c.profiles.get(id)).map_or_else(dash, |found| found.name.to_string()),
                yes_or_no(user.enabled),
                yes_or_no(user.break_glass),
            ]
        })
        .collect();
    let json =
        || c.users.iter().map(|user| with_line(user, main_lines.get(&user.id).map(|line| &***line), &c)).collect();
    ctx.output.list(&["LOGIN", "NAME", "LINE", "CONTEXT", "PROFILE", "ENABLED", "BREAK-GLASS"], &rows, json)
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn dash() -> String {
    "-".to_owned()
}

/// The export's user, and the main line, which the export has elsewhere.
fn with_line(user: &User, line: Option<&crate::settings::line::Line>, c: &Configuration) -> Value {
    let mut object = json_of::<User>(user.id, c);
    if let Value::Object(members) = &mut object {
        let context = line.and_then(|line| c.contexts.get(line.context)).map(|context| context.name.as_str());
        members.insert("line".to_owned(), json!(line.map(|line| line.extension.as_str())));
        members.insert("context".to_owned(), json!(context));
        members.insert("break_glass".to_owned(), json!(user.break_glass));
    }
    object
}

fn set_or_not(user: &User) -> &'static str {
    if user.password.is_some() { "set" } else { "not set" }
}

fn show(name: &str, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let user = find::user(&c, name)?;
    let lines = c.lines_of(user.id);
    let words = |line: &crate::settings::line::Line| {
        let context = c.contexts.get(line.context).map_or_else(dash, |context| context.name.to_string());
        let main = if line.is_main { ", main line" } else { "" };
        format!("{} in {context} ({}){main}", line.extension, line.device)
    };
    let mut fields = vec![
        ("login", user.login.as_ref().map_or_else(|| "no login: never logs in".to_owned(), ToString::to_string)),
        ("id", user.id.to_string()),
        ("uuid", user.uuid.to_string()),
        ("name", user.full_name()),
        ("e-mail", user.email.as_ref().map_or_else(dash, ToString::to_string)),
        ("mobile", user.mobile.as_ref().map_or_else(dash, ToString::to_string)),
        ("password", set_or_not(user).to_owned()),
        ("enabled", yes_or_no(user.enabled)),
        ("break-glass", yes_or_no(user.break_glass)),
        ("profile", user.profile.and_then(|id| c.profiles.get(id)).map_or_else(dash, |found| found.name.to_string())),
    ];
    fields.extend(lines.iter().map(|line| ("line", words(line))));
    if lines.is_empty() {
        fields.push(("line", "no line: no context, so they see nobody when contexts are separated".to_owned()));
    }
    if let Some(voicemail) = c.voicemails.find(|voicemail| voicemail.user == Some(user.id)) {
        fields.push(("voicemail", voicemail.mailbox.to_string()));
    }
    if let Some(agent) = c.agents.find(|agent| agent.user == Some(user.id)) {
        fields.push(("agent", agent.number.to_string()));
    }
    ctx.output.fields(&fields, || with_line(user, lines.first().map(|line| &***line), &c))
}

fn edit(arguments: EditUser, ctx: &Invocation) -> Result<(), Failure> {
    let login = arguments.rename.as_deref().map(Login::parse).transpose()?;
    let first_name = arguments.first_name.as_deref().map(FirstName::parse).transpose()?;
    let last_name = arguments.last_name.as_deref().map(LastName::parse).transpose()?;
    let email = edited(arguments.email.as_deref(), EmailAddress::parse)?;
    let mobile = edited(arguments.mobile.as_deref(), MobileNumber::parse)?;
    ctx.edit(move |c| {
        let id = find::user(c, &arguments.user)?.id;
        let profile = match arguments.profile.as_deref() {
            None => None,
            text => Some(profile_of(text).map(|name| find::profile(c, name)).transpose()?.map(|profile| profile.id)),
        };
        c.users.edit(id, |user| {
            replace(&mut user.login, login.map(Some));
            if arguments.no_login {
                (user.login, user.password, user.enabled, user.break_glass) = (None, None, false, false);
            }
            replace(&mut user.first_name, first_name);
            replace(&mut user.last_name, last_name);
            replace(&mut user.email, email);
            replace(&mut user.mobile, mobile);
            replace(&mut user.profile, profile);
            replace(&mut user.break_glass, arguments.break_glass.map(Switch::is_on));
        });
        Ok(Done::with::<User>(format!("{} was changed", find::called_user(c, id)), id, c))
    })
}

fn replace<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}

fn remove(arguments: RemoveUser, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let user = find::user(&c, &arguments.user)?;
    let lines = count(c.lines_of(user.id).len(), "line");
    if !arguments.yes {
        prompt::confirm(&ctx.output, &format!("Remove {} with {lines}?", user.label(&c)))?;
    }
    ctx.edit(move |c| {
        let id = find::user(c, &arguments.user)?.id;
        let note = format!("{} was removed; a running server ends any session", find::called_user(c, id));
        c.remove_user(id)?;
        Ok(Done::new(note))
    })
}

fn set_enabled(name: String, access: Access, ctx: &Invocation) -> Result<(), Failure> {
    ctx.edit(move |c| {
        let id = find::user(c, &name)?.id;
        c.users.edit(id, |user| user.enabled = access == Access::Granted);
        let words = match access {
            Access::Granted => "may log in",
            Access::Refused => "may not log in; a running server ends their sessions",
        };
        Ok(Done::with::<User>(format!("{} {words}", find::called_user(c, id)), id, c))
    })
}

fn set_password(arguments: NewPasswordOf, ctx: &Invocation) -> Result<(), Failure> {
    let (id, version) = {
        let c = ctx.configuration()?;
        let user = find::user(&c, &arguments.user)?;
        if user.login.is_none() {
            // Before anybody types one.
            return Err(Refusal::new(Rule::U4, user.object_name(&c), Violation::PasswordWithoutLogin).into());
        }
        (user.id, user.version)
    };
    let password = arguments.password.take(&ctx.output)?;
    let done = ctx.change(move |c| {
        // Typing takes time: somebody may have changed the user meanwhile.
        c.expect_version(User::KIND, id.number(), version)?;
        let words = if password.hash.is_some() { "has a new password" } else { "has no password now" };
        c.users.edit(id, |user| user.password = password.hash);
        let note = format!("{} {words}; a running server ends any session", find::called_user(c, id));
        Ok(Done::with::<User>(note, id, c))
    })?;
    password::tell(done, password.made.as_ref(), ctx)
}
