// One cell as elements. What is being saved or was refused looks different from what is known.
import { choiceOf, isNothing, shown } from "./values.js";
import { icon, make, word } from "./words.js";

// `edit`: undefined, or { state: "saving" | "failed", typed, problem } of this cell.
export function cell(column, item, look, edit) {
  if (edit && edit.state === "failed") {
    return make("span.cell-failed", { title: edit.problem }, icon("alert-triangle"), make("span.cell-text", {}, edit.typed || "—"));
  }
  const content = known(column, item, look);
  return edit && edit.isSlow ? join(content, make("span.spinner", { role: "img", "aria-label": word("saving") })) : content;
}

function join(...nodes) {
  const both = document.createDocumentFragment();
  both.append(...nodes);
  return both;
}

function known(column, item, look) {
  const value = item[column.name];
  const text = shown(column, value, look);
  if (column.is_title) {
    return make("a.cell-title", { href: item.url, tabindex: -1, title: text || item.label }, text || item.label || "—");
  }
  if (column.kind === "bool") {
    return truth(value, text);
  }
  if (isNothing(value)) {
    return make("span.cell-none", { "aria-label": word("nothing"), role: "img" }, "—");
  }
  switch (column.kind) {
    case "choice":
      return hasTones(column) ? badge(column, value) : make("span.cell-text", { title: text }, text);
    case "reference":
      return value.url ? make("a.cell-text", { href: value.url, tabindex: -1, title: text }, text) : make("span.cell-text", { title: text }, text);
    case "tags":
      return make("span.cell-tags", { title: text }, ...value.map((one) => make("span.badge", {}, one)));
    case "date":
      return dated(text);
    default:
      return make("span.cell-text", { title: text.length > 12 ? text : undefined }, text);
  }
}

// The weekday is quieter than the date.
function dated(text) {
  const [date, weekday = ""] = text.split(" ");
  return make("span.cell-text", {}, `${date} `, make("span.muted", {}, weekday));
}

function truth(value, text) {
  if (isNothing(value)) {
    return make("span.cell-none", { "aria-label": word("nothing"), role: "img" }, "—");
  }
  return make(value ? "span.cell-yes" : "span.cell-no", { role: "img", "aria-label": text, title: text }, icon(value ? "check" : "minus"));
}

// Colour only where it says something: choices that all weigh the same are plain words.
export function hasTones(column) {
  return column.choices.some((choice) => choice.tone);
}

export function badge(column, value) {
  const choice = choiceOf(column, value);
  const tone = choice && choice.tone ? `.badge-${choice.tone}` : "";
  return make(`span.badge${tone}`, { title: choice ? choice.label : value }, choice ? choice.label : value);
}
