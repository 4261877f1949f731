// One control for one value, by the kind of its column: used in cells and in the bulk bar.
import { combobox } from "../combo.js";
import { proposals } from "../pick.js";
import { badge, hasTones } from "./cells.js";
import { isNothing, isNumber, read, shown, typable } from "./values.js";
import { make, word } from "./words.js";

// { element, focus(), typed(), read() } — read() gives { value } or { problem, facts }. `done` is called when a
// choice is made that needs no further key. A field that begins without any value (undefined) has none until one
// is chosen.
export function field(column, value, { look, done, typed }) {
  if (column.kind === "choice" || column.kind === "bool") {
    return chooser(column, value, { options: (query) => choices(column, value, query, look), text: shown(column, value, look), done });
  }
  if (column.kind === "reference") {
    const options = (query, signal) => references(column, value, query, signal);
    return chooser(column, value, { options, text: value ? value.label : "", done });
  }
  return typing(column, value, typed);
}

function typing(column, value, typed) {
  const element = column.kind === "long" ? make("textarea.textarea", { rows: 5 }) : make("input.input", look(column));
  element.setAttribute("aria-label", column.label);
  element.value = typed ?? typable(column, value);
  return {
    element,
    focus: () => {
      element.focus();
      element.select?.();
    },
    typed: () => element.value,
    read: () => (value === undefined && !element.value.trim() ? { value } : read(column, element.value)),
  };
}

function look(column) {
  if (column.kind === "date") {
    return { type: "date" };
  }
  return isNumber(column) ? { type: "text", inputmode: "decimal", autocomplete: "off", class: "input input-number" } : { type: "text", autocomplete: "off" };
}

function chooser(column, value, { options, text, done }) {
  let chosen = value;
  const input = make("input.input", { type: "text", "aria-label": column.label, placeholder: word("choose") });
  input.value = text;
  const element = make("div.combo", {}, input);
  const choose = (option) => {
    chosen = option.result;
    input.value = option.label;
    done?.();
  };
  const combo = combobox(input, { options: (typed, signal) => options(typed === text ? "" : typed, signal), choose, place: element });
  return {
    element,
    input,
    focus: () => {
      input.focus();
      input.select();
      combo.open();
    },
    typed: () => input.value,
    // A field emptied by hand means nothing; other letters that chose nothing change nothing.
    read: () => {
      if (chosen === undefined) {
        return { value: chosen };
      }
      const result = input.value.trim() ? chosen : null;
      return column.required && isNothing(result) ? { problem: "required" } : { value: result };
    },
  };
}

async function choices(column, value, query, look) {
  const all = column.kind === "bool" ? [{ value: true, label: look.yes }, { value: false, label: look.no }] : column.choices;
  const found = all.filter((choice) => choice.label.toLowerCase().includes(query.toLowerCase()));
  const options = found.map((choice) => ({
    label: choice.label,
    result: choice.value,
    isChosen: choice.value === value,
    draw: column.kind === "choice" && hasTones(column) ? () => badge(column, choice.value) : undefined,
  }));
  return [...options, ...nothing(column, value, query)];
}

async function references(column, value, query, signal) {
  const found = column.target.choices ? among(column.target.choices, query) : await proposals(column.target.source, query, signal);
  const options = found.map(({ item, label }) => ({ label, result: { id: item.id, label, url: item.url }, isChosen: value?.id === item.id }));
  return [...options, ...nothing(column, value, query)];
}

// The few rows that a reference may point to where their list is closed to the reader: pairs of id and name.
function among(pairs, query) {
  const found = pairs.filter(([, label]) => label.toLowerCase().includes(query.toLowerCase()));
  return found.map(([id, label]) => ({ label, item: { id, url: "" } }));
}

// The way back to no value, where there is one. A value not known (undefined) may be one.
function nothing(column, value, query) {
  const isOffered = !column.required && (value === undefined || !isNothing(value)) && !query;
  return isOffered ? [{ label: "", result: null, draw: () => make("span.muted", {}, word("noValue")) }] : [];
}
