// Calendar dates and instants as people read them.
import { language } from "../language.js";

const NAMES = { zh: "zh-CN", en: "en-GB" };
const DAY_MS = 86_400_000;

// 2026-11-22 周日
export function day(text) {
  const at = utc(text);
  if (Number.isNaN(at)) {
    return text;
  }
  const weekday = new Intl.DateTimeFormat(NAMES[language()], { weekday: "short", timeZone: "UTC" }).format(at);
  return `${text.slice(0, 10)} ${weekday}`;
}

// 2026-11-22 14:05 in the company's time zone.
export function moment(text, zone) {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) {
    return text;
  }
  const look = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en", { ...look, timeZone: zone }).formatToParts(at);
  const of = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${of.year}-${of.month}-${of.day} ${of.hour}:${of.minute}`;
}

// First and last day of a span around today, both included.
export function span(name, today) {
  const [year, month] = today.split("-").map(Number);
  const quarter = Math.floor((month - 1) / 3) * 3;
  return {
    month: [iso(Date.UTC(year, month - 1, 1)), iso(Date.UTC(year, month, 0))],
    quarter: [iso(Date.UTC(year, quarter, 1)), iso(Date.UTC(year, quarter + 3, 0))],
    year: [`${year}-01-01`, `${year}-12-31`],
    30: [iso(utc(today) - 29 * DAY_MS), today],
  }[name];
}

function utc(text) {
  return Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
}

function iso(at) {
  return new Date(at).toISOString().slice(0, 10);
}
