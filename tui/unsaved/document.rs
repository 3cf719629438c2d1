//! How what was typed is written down: one JSON object, read with everything checked. What cannot be read is nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Unsaved;
use crate::settings::table::Kind;
use crate::tui::app::Target;
use crate::tui::tab::Tab;
use crate::tui::typed_form::{FormKey, FormSubject, Typed, UnsavedForm};

pub(super) fn write(unsaved: &Unsaved) -> String {
    let forms: Vec<Value> = unsaved.forms.iter().map(|(tab, form)| form_json(*tab, form)).collect();
    json!({ "person": unsaved.person, "at": unsaved.at, "forms": forms }).to_string()
}

fn form_json(tab: Tab, form: &UnsavedForm) -> Value {
    let (way, kind, id) = match &form.key.subject {
        FormSubject::New(kind) => ("new", *kind, None),
        FormSubject::Copy(Target { kind, id }) => ("copy", *kind, Some(*id)),
        FormSubject::Edit(Target { kind, id }) => ("edit", *kind, Some(*id)),
        FormSubject::Draft(Target { kind, id }) => ("draft", *kind, Some(*id)),
        FormSubject::Part(kind, _) => ("part", *kind, None),
        FormSubject::Several(kind, ..) => ("several", *kind, None),
        FormSubject::Import(kind) => ("import", *kind, None),
    };
    let (what, ids) = match &form.key.subject {
        FormSubject::Part(_, what) => (json!(what), Value::Null),
        FormSubject::Several(_, what, ids) => (json!(what), json!(ids)),
        _ => (Value::Null, Value::Null),
    };
    let fields: Map<String, Value> =
        form.fields.iter().map(|(name, typed)| (name.clone(), typed_json(typed))).collect();
    json!({
        "place": tab.as_str(),
        "title": form.title,
        "way": way,
        "object": object_json(kind, id),
        "what": what,
        "ids": ids,
        "within": form.key.within.map(|Target { kind, id }| object_json(kind, Some(id))),
        "fields": fields,
    })
}

fn object_json(kind: Kind, id: Option<i64>) -> Value {
    json!({ "kind": kind.as_str(), "id": id })
}

fn typed_json(typed: &Typed) -> Value {
    match typed {
        Typed::Text(text) => json!(text),
        Typed::Switch(is_on) => json!(is_on),
        Typed::Several(words) => json!(words),
    }
}

/// None: it is not what `write` made.
pub(super) fn read(text: &str) -> Option<Unsaved> {
    let value: Value = serde_json::from_str(text).ok()?;
    let forms = value["forms"].as_array()?.iter().map(form).collect::<Option<_>>()?;
    Some(Unsaved { person: value["person"].as_str()?.to_owned(), at: value["at"].as_i64()?, forms })
}

fn form(value: &Value) -> Option<(Tab, UnsavedForm)> {
    let place = value["place"].as_str()?;
    let tab = Tab::ALL.into_iter().find(|tab| tab.as_str() == place)?;
    let kind = kind(&value["object"])?;
    let subject = match value["way"].as_str()? {
        "new" => FormSubject::New(kind),
        "copy" => FormSubject::Copy(target(&value["object"])?),
        "edit" => FormSubject::Edit(target(&value["object"])?),
        "draft" => FormSubject::Draft(target(&value["object"])?),
        "part" => FormSubject::Part(kind, value["what"].as_str()?.to_owned()),
        "several" => {
            let ids = value["ids"].as_array()?.iter().map(Value::as_i64).collect::<Option<_>>()?;
            FormSubject::Several(kind, value["what"].as_str()?.to_owned(), ids)
        }
        "import" => FormSubject::Import(kind),
        _ => return None,
    };
    let within = if value["within"].is_null() { None } else { Some(target(&value["within"])?) };
    let fields = value["fields"].as_object()?.iter().map(|(name, value)| Some((name.clone(), typed(value)?)));
    let fields: BTreeMap<String, Typed> = fields.collect::<Option<_>>()?;
    Some((tab, UnsavedForm { key: FormKey { subject, within }, title: value["title"].as_str()?.to_owned(), fields }))
}

fn kind(value: &Value) -> Option<Kind> {
    let word = value["kind"].as_str()?;
    Kind::ALL.into_iter().find(|kind| kind.as_str() == word)
}

fn target(value: &Value) -> Option<Target> {
    Some(Target { kind: kind(value)?, id: value["id"].as_i64()? })
}

fn typed(value: &Value) -> Option<Typed> {
    match value {
        Value::String(text) => Some(Typed::Text(text.clone())),
        Value::Bool(is_on) => Some(Typed::Switch(*is_on)),
        Value::Array(words) => {
            let words = words.iter().map(|word| word.as_str().map(str::to_owned));
            words.collect::<Option<_>>().map(Typed::Several)
        }
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn example(person: &str, at: i64) -> Unsaved {
        let user = Target { kind: Kind::User, id: 7 };
        let fields = [
            ("extension", Typed::Text("10\"42\n".to_owned())),
            ("main", Typed::Switch(true)),
            ("marks", Typed::Several(vec!["a".to_owned(), "é".to_owned()])),
        ];
        let fields: BTreeMap<String, Typed> = fields.map(|(name, typed)| (name.to_owned(), typed)).into();
        let line = FormKey::of(Kind::Line, None).within(Some(user));
        let others = [
            FormSubject::Edit(user),
            FormSubject::Copy(user),
            FormSubject::Draft(user),
            FormSubject::Part(Kind::Profile, "xlet identity".to_owned()),
            FormSubject::Several(Kind::User, "profile".to_owned(), vec![7, 9]),
            FormSubject::Import(Kind::User),
        ];
        let others = others.into_iter().map(|subject| FormKey { subject, within: None });
        let forms: Vec<FormKey> = std::iter::once(line).chain(others).collect();
        let form = |key| (Tab::Users, UnsavedForm { key, title: "new line".to_owned(), fields: fields.clone() });
        Unsaved { person: person.to_owned(), at, forms: forms.into_iter().map(form).collect() }
    }

    #[test]
    fn what_was_written_is_read() {
        let unsaved = example("root (sudo by anna)", 1_795_485_600);
        assert_eq!(read(&write(&unsaved)), Some(unsaved));
    }

    #[test]
    fn anything_else_is_nothing() {
        let text = write(&example("root", 1));
        for (from, to) in [("users", "nowhere"), ("\"new\"", "\"old\""), ("\"line\"", "\"lyne\""), ("true", "7")] {
            assert_eq!(read(&text.replace(from, to)), None, "{to}");
        }
        assert_eq!(read("{}"), None);
        assert_eq!(read(&text[..text.len() / 2]), None);
    }
}
