//! `relatch dialect from-openapi`: a draft from an API's own description.

mod operation;
mod resolve;
mod schema;
mod security;

use crate::document;
use crate::draft::api::Api;
use crate::draft::{DraftOutput, deliver};
use crate::json;
use crate::output::{CommandError, Outcome};
use clap::Args;
use resolve::Document;
use serde_json::Value;

/// The arguments of `relatch dialect from-openapi`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  relatch dialect from-openapi openapi.yaml > shop.json
  curl -s https://api.example.com/openapi.json | relatch dialect from-openapi - -o shop.json
  relatch dialect from-openapi swagger.json --json

Every guess is explained on standard error, with what to check about it.")]
pub(crate) struct OpenapiArguments {
    /// An OpenAPI 3 or Swagger 2 document, JSON or YAML; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    output: DraftOutput,
}

pub(crate) fn run(arguments: &OpenapiArguments) -> Outcome {
    let text = document::read(&arguments.file)?;
    let root = parse(&text).map_err(|why| CommandError::Failed(format!("{}: {why}", arguments.file)))?;
    let api = read(&root).map_err(|why| CommandError::Failed(format!("{}: {why}", arguments.file)))?;
    deliver(&api, &arguments.output)
}

/// JSON where the text begins like JSON, else YAML.
fn parse(text: &str) -> Result<Value, String> {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return json::parse(text)
            .map_err(|it| format!("is not JSON: {} (line {}, column {})", it.reason, it.line, it.column));
    }
    serde_saphyr::from_str(text).map_err(|error| {
        let sentence = error.to_string();
        format!("is neither JSON nor YAML: {}", sentence.lines().next().unwrap_or_default())
    })
}

fn read(root: &Value) -> Result<Api, String> {
    let version = ["openapi", "swagger"].iter().find_map(|it| root.get(it));
    if version.is_none() {
        return Err("has neither `openapi` nor `swagger`: it describes no API in that format".into());
    }
    let document = Document::new(root);
    let operations = operation::all(&document);
    if operations.is_empty() {
        return Err("describes no operation".into());
    }
    let title = root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    let jwt = security::says_jwt(&document).then_some(None);
    let attach = security::attach(&document, &operations);
    Ok(Api {
        title: title.trim().chars().take(80).collect(),
        operations,
        attach,
        base_url: base_url(root),
        jwt,
        remarks: elsewhere(root).into_iter().collect(),
        ..Api::default()
    })
}

/// That parts of the description are in other files.
fn elsewhere(root: &Value) -> Option<String> {
    fn count(value: &Value) -> usize {
        match value {
            Value::Object(members) => {
                let leads_out = members.get("$ref").and_then(Value::as_str).is_some_and(|it| !it.starts_with('#'));
                usize::from(leads_out) + members.values().map(count).sum::<usize>()
            }
            Value::Array(list) => list.iter().map(count).sum(),
            _ => 0,
        }
    }
    let found = count(root);
    (found > 0).then(|| format!("references to other files ({found}) were not followed: bundle them into one first"))
}

/// The first server: paths are below it.
fn base_url(root: &Value) -> Option<String> {
    let text = |pointer: &str| root.pointer(pointer).and_then(Value::as_str);
    if let Some(url) = text("/servers/0/url") {
        return (url != "/").then(|| url.to_string());
    }
    let (host, path) = (text("/host"), text("/basePath").filter(|it| *it != "/"));
    let scheme = text("/schemes/0").unwrap_or("https");
    match (host, path) {
        (Some(host), path) => Some(format!("{scheme}://{host}{}", path.unwrap_or_default())),
        (None, path) => path.map(String::from),
    }
}
