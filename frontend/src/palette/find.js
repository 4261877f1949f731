// What the search box finds: pages and actions in the page itself, records by asking, recent ones remembered.
import { recall, remember } from "../memory.js";

const RECENT = 8;
const RECORD = /^\/[a-z/-]+\/[0-9a-f]{8}-[0-9a-f-]{27}$/;

export function localEntries() {
  const source = document.getElementById("palette-entries");
  const entries = source ? JSON.parse(source.textContent) : [];
  return entries.filter((entry) => !entry.do || document.querySelector(`[data-do="${entry.do}"]`));
}

// How well an entry fits: 0 not at all, 4 best. Chinese is also found by its pinyin.
export function fit(entry, words) {
  const label = entry.label.toLowerCase();
  if (label.startsWith(words)) {
    return 4;
  }
  if (label.split(/[\s:：·]+/).some((word) => word.startsWith(words))) {
    return 3;
  }
  if ((entry.keys || []).some((key) => key.startsWith(words))) {
    return 2;
  }
  return label.includes(words) || (entry.keys || []).some((key) => words.length > 1 && key.includes(words)) ? 1 : 0;
}

export function fitting(entries, text) {
  const words = text.trim().toLowerCase();
  return entries
    .map((entry) => ({ entry, score: fit(entry, words) }))
    .filter((one) => one.score > 0)
    .sort((one, other) => other.score - one.score)
    .map((one) => one.entry);
}

// -- Recent records: of this person, in this browser, until they sign out ---------------------------

function owner() {
  return document.body.dataset.person || "";
}

// The latest first; the page itself is no place to go to.
export function recent() {
  try {
    const kept = JSON.parse(recall("recent") || "{}");
    return kept.owner === owner() ? kept.records.filter((one) => one.url !== location.pathname) : [];
  } catch {
    return [];
  }
}

// A record is a page whose address ends with a public id; its title is what people call it.
export function visited(title) {
  if (!owner() || !RECORD.test(location.pathname) || document.querySelector(".trouble")) {
    return;
  }
  const here = { url: location.pathname, label: title, icon: icon() };
  remember("recent", JSON.stringify({ owner: owner(), records: [here, ...recent()].slice(0, RECENT) }));
}

export function forget() {
  remember("recent", "");
}

function icon() {
  const place = document.querySelector(".nav-link[aria-current] use");
  return place ? place.getAttribute("href").split("#")[1] : "file-text";
}

// -- Asking the server: one question at a time, an answer that is no longer wanted is dropped -------

let asking = null;

export async function askServer(address, text) {
  stopAsking();
  asking = new AbortController();
  const answer = await fetch(`${address}?q=${encodeURIComponent(text.trim())}`, {
    signal: asking.signal,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return (await answer.json()).groups;
}

export function stopAsking() {
  if (asking) {
    asking.abort();
    asking = null;
  }
}
