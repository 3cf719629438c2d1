//! How the value of a setting is written: what a person may type for each type, and the one text that it is kept as.
//! `setting` calls it; which type a key has is decided there.

use std::net::{IpAddr, SocketAddr};

use super::auth_settings::LdapUri;
use super::column::Columns;
use super::host::Host;
use super::network::Network;

/// What kind of value a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettingType {
    Bool,
    Integer {
        least: u32,
        most: u32,
    },
    /// Whole seconds.
    Seconds {
        least: u32,
        most: u32,
    },
    Days {
        most: u32,
    },
    Word(&'static [&'static str]),
    /// One or more of the words, none twice, separated by commas.
    WordList(&'static [&'static str]),
    AddressList,
    /// An address with its port, or empty.
    AddressAndPort,
    /// An address or a name of the DNS.
    Host,
    /// Where LDAP servers are, separated by commas; may be empty.
    LdapUris,
    /// The name of an attribute of LDAP.
    Attribute,
    /// The same, or empty.
    AttributeOrNone,
    /// What another service calls one of its backends.
    RemoteBackend,
    /// One or more networks, none twice, separated by commas.
    NetworkList,
    /// Columns of people with their titles, separated by commas.
    Columns,
    /// Any printable text, may be empty.
    Text,
    /// Text that is shown as `set` or `not set` only.
    Secret,
    /// A path, or empty.
    Path,
    /// HH:MM
    TimeOfDay,
}

impl SettingType {
    /// Whether a value has parts that commas separate; a file may write them as a list.
    pub(crate) fn is_list(self) -> bool {
        match self {
            Self::WordList(_) | Self::AddressList | Self::NetworkList | Self::LdapUris | Self::Columns => true,
            Self::AddressAndPort
            | Self::Host
            | Self::Attribute
            | Self::AttributeOrNone
            | Self::RemoteBackend
            | Self::Bool
            | Self::Integer { .. }
            | Self::Seconds { .. }
            | Self::Days { .. }
            | Self::Word(_)
            | Self::Text
            | Self::Secret
            | Self::Path
            | Self::TimeOfDay => false,
        }
    }
}

/// The one text of a value that this type takes, or what it would take.
pub(super) fn canonical(value_type: SettingType, text: &str) -> Result<String, String> {
    let whole = |least: u32, most: u32, unit: &str| match text.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) && !text.starts_with('+') => Ok(number.to_string()),
        _ => Err(format!("a whole number{unit} from {least} to {most}")),
    };
    match value_type {
        SettingType::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok("true".to_owned()),
            "false" | "no" | "off" | "0" => Ok("false".to_owned()),
            _ => Err("true or false".to_owned()),
        },
        SettingType::Integer { least, most } => whole(least, most, ""),
        SettingType::Seconds { least, most } => whole(least, most, " of seconds"),
        SettingType::Days { most } => whole(0, most, " of days"),
        SettingType::Word(words) => words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(text))
            .map(|word| (*word).to_owned())
            .ok_or_else(|| format!("one of {}", words.join(", "))),
        SettingType::WordList(words) => {
            list(text, |item| words.iter().find(|word| word.eq_ignore_ascii_case(item)).map(|word| (*word).to_owned()))
                .ok_or_else(|| format!("one or more of {}, each once, separated by commas", words.join(", ")))
        }
        SettingType::AddressList => list(text, |item| {
            item.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok().map(|address| address.to_string())
        })
        .ok_or_else(|| "one or more IPv4 or IPv6 addresses, each once, separated by commas".to_owned()),
        SettingType::AddressAndPort if text.is_empty() => Ok(String::new()),
        SettingType::AddressAndPort => text
            .parse::<SocketAddr>()
            .map(|address| address.to_string())
            .map_err(|_| "an address and port like 127.0.0.1:4573 or [::1]:4573, or empty".to_owned()),
        SettingType::Host => {
            Host::parse(text).map(|_| text.to_owned()).ok_or_else(|| "a host name or an IP address".to_owned())
        }
        SettingType::LdapUris | SettingType::AttributeOrNone if text.is_empty() => Ok(String::new()),
        SettingType::LdapUris => LdapUri::parse_list(text)
            .map(|uris| uris.iter().map(LdapUri::to_string).collect::<Vec<_>>().join(","))
            .ok_or_else(|| LdapUri::LIST_FORM.to_owned()),
        SettingType::Attribute | SettingType::AttributeOrNone => is_name(text, &['-'])
            .then(|| text.to_owned())
            .ok_or_else(|| "the name of an attribute: a letter, then letters, digits and -".to_owned()),
        SettingType::RemoteBackend => is_name(text, &['-', '_'])
            .then(|| text.to_owned())
            .ok_or_else(|| "the name of a backend: a letter, then letters, digits, _ and -".to_owned()),
        SettingType::NetworkList => list(text, |item| item.parse::<Network>().ok().map(|network| network.to_string()))
            .ok_or_else(|| {
                "one or more networks like 192.168.0.0/16 or addresses, each once, separated by commas".to_owned()
            }),
        SettingType::Columns => Columns::parse(text).map(|columns| columns.to_string()),
        SettingType::Text | SettingType::Secret | SettingType::Path => {
            if text.chars().any(char::is_control) || text.len() > 4096 {
                return Err("at most 4096 printable characters".to_owned());
            }
            Ok(text.to_owned())
        }
        SettingType::TimeOfDay => time_of_day(text)
            .map(|(hour, minute)| format!("{hour:02}:{minute:02}"))
            .ok_or_else(|| "a time like 03:00".to_owned()),
    }
}

fn list(text: &str, item: impl Fn(&str) -> Option<String>) -> Option<String> {
    let items: Vec<String> = text.split(',').map(|part| item(part.trim())).collect::<Option<_>>()?;
    let is_unique = items.iter().enumerate().all(|(index, one)| !items[..index].contains(one));
    is_unique.then(|| items.join(","))
}

/// A letter, then letters, digits and `more`.
fn is_name(text: &str, more: &[char]) -> bool {
    let is_taken = |c: char| c.is_ascii_alphanumeric() || more.contains(&c);
    text.len() <= 128 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_taken)
}

/// Hour and minute of `03:00`.
pub(super) fn time_of_day(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let part = |part: &str, most: u8| -> Option<u8> {
        let is_digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|number| is_digits && *number <= most)
    };
    Some((part(hour, 23)?, part(minute, 59)?))
}
