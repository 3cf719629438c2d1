//! How the document stands on the page: what fits on a line stands on one, lists of objects and long things are opened,
//! so that a person can read it and a line-wise comparison shows single members. Only `write` calls it.

use serde_json::Value;

const WIDTH: usize = 120;
const STEP: usize = 1;

/// The text of a value and a final newline.
pub(super) fn lay_out(value: &Value) -> String {
    let mut out = String::new();
    open(value, 0, &mut out);
    out.push('\n');
    out
}

fn put(value: &Value, depth: usize, room: usize, out: &mut String) {
    let start = out.len();
    if is_flat(value) && inline(value, start + room, out) {
        return;
    }
    out.truncate(start);
    open(value, depth, out);
}

fn open(value: &Value, depth: usize, out: &mut String) {
    let inner = (depth + 1) * STEP;
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                new_line(place, inner, out);
                put(item, depth + 1, WIDTH.saturating_sub(inner + 1), out);
            }
            new_line(0, depth * STEP, out);
            out.push(']');
        }
        Value::Object(members) if !members.is_empty() => {
            out.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                new_line(place, inner, out);
                let start = out.len();
                name_member(name, out);
                let used = inner + (out.len() - start) + 1;
                put(member, depth + 1, WIDTH.saturating_sub(used), out);
            }
            new_line(0, depth * STEP, out);
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn new_line(place: usize, indent: usize, out: &mut String) {
    if place > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn name_member(name: &str, out: &mut String) {
    out.push_str(&Value::from(name).to_string());
    out.push_str(": ");
}

/// A list of objects is never flat, nor is what holds one.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| !item.is_object() && is_flat(item)),
        Value::Object(members) => members.values().all(is_flat),
        _ => true,
    }
}

/// Writes the value on one line; false as soon as the text grows past `end`.
fn inline(value: &Value, end: usize, out: &mut String) -> bool {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                if !inline(item, end, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                name_member(name, out);
                if !inline(member, end, out) {
                    return false;
                }
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
    out.len() <= end
}
