//! JSON Schema of the scenario format, for editors: made from the table of keys.

use serde_json::{Map, Value, json};

use super::keys::{COMPONENT, Choice, Key, Keys, Kind, Preset, RANGE_KEYS, ROOT};

/// The JSON Schema (draft 2020-12) of a scenario, as text.
#[must_use]
pub fn schema() -> String {
    let mut root = object(Keys::of(ROOT));
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!("Systole scenario"));
    root.insert("$defs".to_owned(), definitions());
    format!("{:#}\n", Value::Object(root))
}

/// A name of the user's.
const NAME: &str = "^(?!all$)[a-z0-9][a-z0-9_-]{0,63}$";
const NUMBER: &str = r"\s*[0-9]+(\.[0-9]+)?\s*";

fn definitions() -> Value {
    let span_unit = "(ns|us|\u{b5}s|ms|s|m|h|d)";
    json!({
        "span": text_like(&format!("^{NUMBER}{span_unit}\\s*$"), "A span with a unit, such as \"250ms\"."),
        "length": text_like(
            &format!("^{NUMBER}({span_unit}|intervals?)\\s*$"),
            "A span with a unit, or a number of intervals, such as \"3.5 intervals\".",
        ),
        "size": text_like(&format!("^{NUMBER}(B|[KMGT]iB|[kMGT]B)\\s*$"), "A size with a unit, such as \"64B\"."),
        "rate": text_like(
            &format!("^{NUMBER}/\\s*([0-9]+(\\.[0-9]+)?)?\\s*{span_unit}\\s*$"),
            "Events in time, such as \"3/h\" or \"1/30d\".",
        ),
        "share": { "anyOf": [{ "type": "number", "minimum": 0 }, text_like(&format!("^{NUMBER}%?\\s*$"), "")] },
        "probability": {
            "anyOf": [{ "type": "number", "minimum": 0, "maximum": 1 }, text_like(&format!("^{NUMBER}%?\\s*$"), "")],
        },
        "law": one_of_forms(&json!({ "$ref": "#/$defs/span" }), Kind::Law.forms()),
        "loss": one_of_forms(&json!({ "$ref": "#/$defs/probability" }), Kind::Loss.forms()),
    })
}

fn text_like(pattern: &str, description: &str) -> Value {
    let mut map = Map::new();
    map.insert("type".to_owned(), json!("string"));
    map.insert("pattern".to_owned(), json!(pattern));
    if !description.is_empty() {
        map.insert("description".to_owned(), json!(description));
    }
    Value::Object(map)
}

/// A plain value, or a table with exactly one of the forms.
fn one_of_forms(plain: &Value, forms: Option<&'static [Key]>) -> Value {
    let form = |key: &Key| {
        json!({
            "type": "object",
            "properties": { key.name: value(&key.kind) },
            "required": [key.name],
            "additionalProperties": false,
            "description": key.doc,
        })
    };
    let all: Vec<Value> =
        std::iter::once(plain.clone()).chain(forms.iter().flat_map(|forms| forms.iter()).map(form)).collect();
    json!({ "anyOf": all })
}

/// A table with these keys and no others.
fn object(keys: Keys) -> Map<String, Value> {
    let ready = || keys.iter().filter(|key| !matches!(key.kind, Kind::Later(_)));
    let properties: Map<String, Value> = ready().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = ready().filter(|key| must_be_there(key)).map(|key| key.name).collect();
    let mut map = Map::new();
    map.insert("type".to_owned(), json!("object"));
    map.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        map.insert("required".to_owned(), json!(required));
    }
    map.insert("additionalProperties".to_owned(), json!(false));
    map
}

/// Whether a table is wrong without the key. A sweep may give what a listener needs, a trace the interval.
fn must_be_there(key: &Key) -> bool {
    let elsewhere = key.name == "interval" || key.reach == super::Reach::Listener && key.name != "detector";
    key.default == Preset::Required && !elsewhere
}

fn property(key: &Key) -> Value {
    let mut schema = match value(&key.kind) {
        Value::Object(map) => map,
        other => return other,
    };
    if !key.doc.is_empty() {
        schema.insert("description".to_owned(), json!(key.doc));
    }
    if let Preset::Text(text) = key.default {
        schema.insert("default".to_owned(), default(&key.kind, text));
    }
    Value::Object(schema)
}

/// A default as the file would have it.
fn default(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Count(..) => text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number)),
        Kind::Number(_) => text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        Kind::Flag => json!(text == "true"),
        _ => json!(text),
    }
}

fn value(kind: &Kind) -> Value {
    match kind {
        Kind::Name => json!({ "type": "string", "pattern": NAME }),
        Kind::Text | Kind::File => json!({ "type": "string" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Count(low, u64::MAX) => json!({ "type": "integer", "minimum": low }),
        Kind::Count(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Number(bounds) => {
            let mut map = Map::from_iter([("type".to_owned(), json!("number"))]);
            map.extend(bounds.schema_ends().into_iter().flatten().map(|(end, at)| (end.to_owned(), json!(at))));
            Value::Object(map)
        }
        Kind::Span(_) => json!({ "$ref": "#/$defs/span" }),
        Kind::Length { .. } => json!({ "$ref": "#/$defs/length" }),
        Kind::Share(_) => json!({ "$ref": "#/$defs/share" }),
        Kind::ShareRange | Kind::Any => json!({ "type": ["string", "number"] }),
        Kind::Probability => json!({ "$ref": "#/$defs/probability" }),
        Kind::Bytes(_) => json!({ "$ref": "#/$defs/size" }),
        Kind::Rate => json!({ "$ref": "#/$defs/rate" }),
        Kind::Choice(choices) => json!({ "enum": ready(choices) }),
        Kind::CheckPhase => json!({ "anyOf": [{ "enum": ["random", "aligned"] }, { "$ref": "#/$defs/length" }] }),
        Kind::Target => json!({ "type": "string", "pattern": "^(all|nodes|monitors|(node|monitor) [1-9][0-9]*)$" }),
        Kind::Times => json!({ "type": "array", "items": { "$ref": "#/$defs/span" }, "minItems": 1 }),
        Kind::Law => json!({ "$ref": "#/$defs/law" }),
        Kind::Loss => json!({ "$ref": "#/$defs/loss" }),
        Kind::Mixture => json!({ "type": "array", "items": object(Keys::of(COMPONENT)), "minItems": 1 }),
        Kind::Sweep => {
            let range = object(Keys::of(RANGE_KEYS));
            let list = json!({ "type": "array", "minItems": 1 });
            json!({ "type": "object", "additionalProperties": { "anyOf": [list, range, { "type": "object" }] } })
        }
        Kind::Limits => {
            let list = json!({ "type": "array", "items": { "type": "string" } });
            json!({ "type": "object", "additionalProperties": list })
        }
        Kind::Named(inner) => json!({
            "type": "object",
            "patternProperties": { NAME: object(Keys::of(inner)) },
            "additionalProperties": false,
            "minProperties": 1,
        }),
        Kind::Table(_) | Kind::Detector(_) => kind.keys().map_or(Value::Null, |keys| Value::Object(object(keys))),
        Kind::Later(_) => Value::Bool(false),
    }
}

fn ready(choices: &[Choice]) -> Vec<&'static str> {
    choices.iter().filter(|choice| choice.ready).map(|choice| choice.name).collect()
}
