// The kinds of values: what a cell shows, what was typed, what the source is given.
import { day, moment } from "./days.js";
import { compared, decimals, grouped, money, padded, parsed, percent, shifted } from "./numbers.js";

const NUMBERS = ["integer", "decimal", "money", "percent"];
const SEPARATORS = /[,，、;；\n]/;

export function isNumber(column) {
  return NUMBERS.includes(column.kind);
}

export function isNothing(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
}

export function choiceOf(column, value) {
  return (column.choices || []).find((choice) => choice.value === value);
}

// A value in words; an empty text for nothing. `look` has the currency's symbol, the time zone and yes/no.
export function shown(column, value, look) {
  if (isNothing(value)) {
    return "";
  }
  switch (column.kind) {
    case "integer":
    case "decimal":
      return grouped(String(value));
    case "money":
      return money(padded(String(value), column.decimals), look.currency);
    case "percent":
      return percent(String(value), percentPlaces(column));
    case "date":
      return day(value);
    case "moment":
      return moment(value, look.zone);
    case "bool":
      return value ? look.yes : look.no;
    case "choice":
      return choiceOf(column, value)?.label || value;
    case "reference":
      return value.label;
    case "tags":
      return value.join(look.comma);
    default:
      return String(value);
  }
}

// As many decimals as the fraction can have, but one at least and two at most, so that a column stands in line.
function percentPlaces(column) {
  return Math.min(Math.max((column.decimals ?? 4) - 2, 1), 2);
}

// What an input starts with.
export function typable(column, value) {
  if (isNothing(value)) {
    return "";
  }
  if (column.kind === "percent") {
    return shifted(String(value), 2);
  }
  return column.kind === "tags" ? value.join(", ") : String(value);
}

// What was typed, as a value or as the name of what is wrong with it: { value } or { problem, facts }.
export function read(column, typed) {
  const text = typed.trim();
  if (!text) {
    return column.required ? { problem: "required" } : { value: column.kind === "tags" ? [] : null };
  }
  if (isNumber(column)) {
    return number(column, text);
  }
  if (column.kind === "tags") {
    return { value: text.split(SEPARATORS).map((one) => one.trim()).filter(Boolean) };
  }
  if (column.max_length && text.length > column.max_length) {
    return { problem: "tooLong", facts: { max: column.max_length, length: text.length } };
  }
  return { value: text };
}

function number(column, text) {
  const isPercent = column.kind === "percent";
  const found = parsed(isPercent ? text.replace(/[%％]$/, "") : text);
  if (found === null) {
    return { problem: "notNumber" };
  }
  const value = isPercent ? shifted(found, -2) : found;
  const places = column.kind === "integer" ? 0 : column.decimals;
  if (places !== undefined && places !== null && decimals(value) > places) {
    return places ? { problem: "decimals", facts: { decimals: places - (isPercent ? 2 : 0) } } : { problem: "whole" };
  }
  const limit = (bound) => (isPercent ? percent(String(bound), 0) : grouped(String(bound)));
  if (!isNothing(column.min) && compared(value, String(column.min)) < 0) {
    return { problem: "tooSmall", facts: { min: limit(column.min) } };
  }
  if (!isNothing(column.max) && compared(value, String(column.max)) > 0) {
    return { problem: "tooLarge", facts: { max: limit(column.max) } };
  }
  return { value: column.kind === "integer" ? Number(value) : value };
}

export function isSame(column, left, right) {
  if (isNothing(left) || isNothing(right)) {
    return isNothing(left) && isNothing(right);
  }
  if (column.kind === "reference") {
    return left.id === right.id;
  }
  if (column.kind === "tags") {
    return left.length === right.length && left.every((one, at) => one === right[at]);
  }
  return isNumber(column) ? compared(String(left), String(right)) === 0 : left === right;
}

// The form in which the source takes a value: a reference by its id.
export function sent(column, value) {
  return column.kind === "reference" ? value?.id ?? null : value;
}
