// Building DOM nodes. Data becomes text nodes and attributes only, never markup, so that nothing a server
// says can turn into script.

/**
 * An element. Attributes that are `false`, `null` or `undefined` are left out; `onclick` and its kin are listeners.
 * @param {string} tag @param {Record<string, unknown>} [attributes] @param {...(Node | string)} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children);
  return element;
}

/** An SVG element, with attributes only. */
export function svg(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** The element with that id; the page's skeleton is static, so it is always there. */
export const byId = (id) => document.getElementById(id);

/** Writes text only where it differs: a rewritten live region would be read out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function set(element, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : String(value));
}
