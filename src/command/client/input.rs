//! What is typed on standard input, as the lines that it sends.

use serde_json::{Value, json};

use crate::settings::id::UserUuid;

/// What may be typed.
pub(super) const WORDS: &str = "  \
  presence NAME     enter a presence, like `presence away`
  chat WHOM TEXT    write to a user, named by UUID or id
  users             list the ids of the users one may see
  user ID           show one of them
  search PATTERN    search people
  raw {json}        send this line as it is
  help              show these lines
  quit              log out";

/// What one line of standard input asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Input {
    Send(Value),
    /// Sent as it is, be it nonsense: what the server does with that can be seen, too.
    Raw(String),
    Nothing,
    Help,
    Quit,
}

/// What orders need to know beyond their own words.
#[derive(Debug)]
pub(super) struct Speaker {
    /// The server's uuid, half of every address.
    pub(super) server: String,
    pub(super) login: String,
}

impl Speaker {
    pub(super) fn order(&self, line: &str) -> Result<Input, String> {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let needed = |what: &str| if rest.is_empty() { Err(format!("`{word}` needs {what}")) } else { Ok(rest) };
        Ok(match word {
            "" => Input::Nothing,
            "help" => Input::Help,
            "quit" => Input::Quit,
            "presence" => Input::Send(json!({"class": "availstate", "availstate": needed("the name of a presence")?})),
            "search" => Input::Send(json!({"class": "people_search", "pattern": needed("a pattern")?})),
            "users" => {
                Input::Send(json!({"class": "getlist", "function": "listid", "listname": "users", "tipbxid": "xivo"}))
            }
            "user" => {
                let tid = needed("a user's id")?;
                let function = "updateconfig";
                Input::Send(
                    json!({"class": "getlist", "function": function, "listname": "users", "tipbxid": "xivo", "tid": tid}),
                )
            }
            "chat" => self.chat(needed("a user's UUID or id, and a text")?)?,
            "raw" => Input::Raw(needed("a line")?.to_owned()),
            _ => return Err(format!("`{word}` is not known; `help` lists what is")),
        })
    }

    fn chat(&self, rest: &str) -> Result<Input, String> {
        let (whom, text) = rest.split_once(char::is_whitespace).ok_or("`chat` needs a text behind the user")?;
        let whom: Value = match whom.parse::<u32>() {
            Ok(id) => id.into(),
            Err(_) if UserUuid::parse(whom).is_some() => whom.into(),
            Err(_) => {
                return Err(format!(
                    "`{whom}` is neither a user's UUID nor an id; `users` lists the ids, `user ID` shows whose one is"
                ));
            }
        };
        let to = json!([self.server, whom]);
        Ok(Input::Send(json!({"class": "chitchat", "alias": self.login, "text": text.trim(), "to": to})))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "5a1e5a1e-0000-4000-8000-000000000001";
    const USER: &str = "00000000-0000-4000-8000-000000000012";

    fn order(line: &str) -> Result<Input, String> {
        Speaker { server: SERVER.to_owned(), login: "agnes".to_owned() }.order(line)
    }

    #[test]
    fn orders_become_lines() {
        let chat =
            |to: Value| json!({"class": "chitchat", "alias": "agnes", "text": "lunch  now?", "to": [SERVER, to]});
        for (line, expected) in [
            ("presence away", Input::Send(json!({"class": "availstate", "availstate": "away"}))),
            ("search  zo e ", Input::Send(json!({"class": "people_search", "pattern": "zo e"}))),
            (&format!("chat {USER} lunch  now?"), Input::Send(chat(json!(USER)))),
            ("chat 12 lunch  now?", Input::Send(chat(json!(12)))),
            ("raw {\"class\": 5}", Input::Raw("{\"class\": 5}".to_owned())),
            ("  ", Input::Nothing),
            ("help", Input::Help),
            ("quit", Input::Quit),
        ] {
            assert_eq!(order(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn what_is_not_an_order_is_said_plainly() {
        for line in ["presence", "search ", "chat", "chat 12", "chat bertil hello", "raw", "dance"] {
            let words = order(line).expect_err(line);
            assert!(words.contains('`'), "{words}");
        }
    }
}
