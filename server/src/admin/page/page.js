"use strict";
// Shows openapi.json as forms. Everything goes in as text, never as markup.

const METHODS = ["get", "post", "put", "delete"];
const token = document.getElementById("token");
const main = document.getElementById("operations");

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function resolved(description, schema) {
  return schema?.$ref ? resolved(description, description.components.schemas[schema.$ref.split("/").pop()]) : schema;
}

function typeOf(schema) {
  const types = [schema?.type ?? []].flat();
  return types.find((it) => it !== "null") ?? "string";
}

// What a body looks like, with an empty value for each member.
function example(description, schema) {
  const empty = { string: "", boolean: true, integer: 0, array: [], object: {} };
  const members = Object.entries(resolved(description, schema)?.properties ?? {});
  return Object.fromEntries(members.map(([name, it]) => [name, typeOf(it) === "string" ? null : empty[typeOf(it)]]));
}

function field(parameter) {
  const input = make("input", { name: parameter.name, required: parameter.required === true, spellcheck: false });
  input.dataset.in = parameter.in;
  const hint = [parameter.in, parameter.description].filter(Boolean).join(": ");
  return make("label", {}, parameter.name, input, make("small", { textContent: hint }));
}

function addressed(path, form) {
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value !== "") query.set(input.name, input.value);
  }
  return `.${path}${query.size ? `?${query}` : ""}`;
}

async function send(method, path, form, answer) {
  const body = form.querySelector("textarea")?.value;
  const headers = { authorization: `Bearer ${token.value}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    const response = await fetch(addressed(path, form), { method: method.toUpperCase(), headers, body });
    const text = await response.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it came */ }
    answer.textContent = `${response.status} ${response.statusText}\n${shown}`;
  } catch (error) {
    answer.textContent = `not sent: ${error.message}`;
  }
}

function shown(description, path, method, operation) {
  const form = make("form", {}, ...(operation.parameters ?? []).map(field));
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (schema) {
    const text = JSON.stringify(example(description, schema), null, 2);
    form.append(make("label", {}, "body", make("textarea", { value: text, spellcheck: false })));
  }
  const answer = make("pre", { hidden: true });
  form.append(make("button", { textContent: "Send" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer.hidden = false;
    answer.textContent = "…";
    send(method, path, form, answer);
  });
  const head = make("summary", {}, make("b", { textContent: method.toUpperCase() }), make("code", { textContent: path }));
  head.append(operation.summary ?? "");
  return make("details", {}, head, form, answer);
}

async function start() {
  const description = await (await fetch("openapi.json")).json();
  const groups = new Map();
  for (const [path, item] of Object.entries(description.paths)) {
    for (const method of METHODS.filter((it) => item[it])) {
      const group = item[method].tags?.[0] ?? "others";
      if (!groups.has(group)) groups.set(group, make("section", {}, make("h2", { textContent: group })));
      groups.get(group).append(shown(description, path, method, item[method]));
    }
  }
  main.replaceChildren(...groups.values());
}

start().catch((error) => { main.textContent = `The description cannot be read: ${error.message}`; });
