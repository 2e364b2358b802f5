// XML as values: an element with nothing but text is that text, one with children or attributes is an object, attributes are members
// `@name`, text beside them is `#text`, and what stands several times is a list. Entities of a document's own are refused.

import { parseXml, XmlElement, XmlText } from "@rgrove/parse-xml";
import { functionOf, type Fail } from "./functions.js";
import { isObject, membersOf, type Members } from "./places.js";

/** Larger than any login answer. */
const MAX_LENGTH = 131_072;

const NAME = /^[A-Za-z_][\w.:-]*$/;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;" };

/** The text of an element and all that is in it: of an object with that one member. */
export function writeXml(root: unknown, fail: Fail): string {
  const [[name, value] = ["", null], ...others] = isObject(root) ? Object.entries(root) : [];
  if (others.length > 0) throw fail("invalid-argument", "xml");
  return written(name, value);

  function written(name: string, value: unknown): string {
    if (!NAME.test(name)) throw fail("invalid-argument", "xml");
    if (Array.isArray(value)) return value.map((it) => written(name, it)).join("");
    const members = Object.entries(isObject(value) ? value : { "#text": value });
    const attributes = members.filter(([it]) => it.startsWith("@")).map(([it, value]) => ` ${attribute(it.slice(1), value)}`);
    const content = members.filter(([it]) => !it.startsWith("@")).map(([it, value]) => (it === "#text" ? escaped(value) : written(it, value)));
    return `<${name}${attributes.join("")}>${content.join("")}</${name}>`;
  }

  function attribute(name: string, value: unknown): string {
    if (!NAME.test(name)) throw fail("invalid-argument", "xml");
    return `${name}="${escaped(value)}"`;
  }

  function escaped(value: unknown): string {
    const text = String(value ?? "");
    // XML has no way to say the others (XML 1.0 section 2.2).
    if (/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/.test(text) || typeof value === "object" && value) throw fail("invalid-argument", "xml");
    return text.replace(/[&<>"\r\n\t]/g, (it) => ESCAPES[it]!);
  }
}

/** The value of a document along these templates, which say where a list is meant, or a number; `undefined` if it is not XML. */
export function readXml(text: string, templates: readonly unknown[]): Members | undefined {
  if (text.length > MAX_LENGTH || /<!DOCTYPE/.test(text)) return undefined;
  try {
    const { root } = parseXml(text);
    return root ? children([root], templates) : undefined;
  } catch {
    return undefined;
  }
}

/** The members that the templates name among these elements. */
function children(elements: readonly XmlElement[], templates: readonly unknown[]): Members {
  const found = namesOf(templates).map((name) => [name, several(elements.filter((it) => isNamed(it, name)), membersOf(templates, name))] as const);
  return Object.fromEntries(found.filter(([, it]) => it !== undefined));
}

const namesOf = (templates: readonly unknown[]): readonly string[] => [...new Set(templates.filter(isObject).flatMap((it) => Object.keys(it)))];

const local = (name: string): string => name.slice(name.lastIndexOf(":") + 1);

/** A name without a prefix fits any; one with a prefix is compared as it is written. */
const isNamed = (element: XmlElement, name: string): boolean => (name.includes(":") ? element.name : local(element.name)) === name;

/** What elements of one name come to: a list where a template has one, else the first of them. */
function several(found: readonly XmlElement[], templates: readonly unknown[]): unknown {
  const lists = templates.filter(Array.isArray) as unknown[][];
  if (lists.length === 0) return found[0] && one(found[0], templates);
  return found.map((it, at) => one(it, lists.flatMap((list) => list.slice(Math.min(at, list.length - 1)).slice(0, 1))));
}

function one(element: XmlElement, templates: readonly unknown[]): unknown {
  // A function reads a text.
  const objects = templates.filter((it) => isObject(it) && functionOf(it) === undefined);
  return objects.length > 0 ? inside(element, objects) : typed(textOf(element), templates);
}

function inside(element: XmlElement, templates: readonly unknown[]): Members {
  const elements = element.children.filter((it) => it instanceof XmlElement);
  const text = (name: string) => (name === "#text" ? textOf(element) : name.startsWith("@") ? attributeOf(element, local(name.slice(1))) : undefined);
  const texts = namesOf(templates).map((name) => [name, text(name)] as const);
  const found = texts.flatMap(([name, it]) => (it === undefined ? [] : [[name, typed(it, membersOf(templates, name))] as const]));
  return { ...children(elements, templates), ...Object.fromEntries(found) };
}

const attributeOf = ({ attributes }: XmlElement, name: string): string | undefined => Object.entries(attributes).find(([it]) => local(it) === name)?.[1];

/** The element's own text, without the blanks around it that come from indenting. */
const textOf = ({ children }: XmlElement): string => children.map((it) => (it instanceof XmlText ? it.text : "")).join("").trim();

/** XML knows texts alone; where a template has a constant of another kind, it is that which is meant. */
function typed(text: string, templates: readonly unknown[]): unknown {
  if (templates.some((it) => typeof it === "number") && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (templates.some((it) => typeof it === "boolean") && /^(true|false)$/.test(text)) return text === "true";
  return text;
}
