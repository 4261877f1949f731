// What the list says: every text comes translated from the page, see surface/list/_texts.html.
let texts = {};
let icons = "";

export function learn(root) {
  texts = root.querySelector("[data-texts]").dataset;
  icons = root.dataset.icons;
}

// "{count} rows" with its facts filled in; one alone has its own sentence where the page gives one.
export function word(name, facts = {}) {
  const one = facts.count === 1 && texts[`${name}One`];
  return (one || texts[name] || name).replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");
}

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${icons}#${name}`);
  drawing.append(use);
  return drawing;
}

// make("p.field-error", { role: "alert" }, "text", node)
export function make(name, attributes = {}, ...inside) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) {
    element.className = classes.join(" ");
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...inside);
  return element;
}
