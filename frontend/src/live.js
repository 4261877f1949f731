// Live news: the server says "something of pipeline.opportunity changed", and whoever shows that asks again.
//
//   <div id="answer" data-live="ledger.entry">        is fetched again from this page's address
//   <div id="x" data-live="…" data-live-from="/x">    from another one
//   element.addEventListener("tw:changed", (event) => { event.preventDefault(); … })   looks after itself
//
// Nothing is fetched under the hands of somebody who types there or reads further down: they get a hint.
import htmx from "htmx.org";
import { words } from "./messages.js";
import { listen } from "./live/source.js";

const GATHER_MS = 1000;
const BETWEEN_MS = 3000;
const EVERYTHING = "*";

const stale = new Set();
const last = new WeakMap();
const shown = new WeakMap();
let timer = 0;

function interested() {
  return [...document.querySelectorAll("[data-live]")];
}

function hear(resources) {
  for (const element of interested()) {
    const wanted = element.dataset.live.split(/\s+/);
    if (resources.includes(EVERYTHING) || wanted.some((one) => resources.includes(one))) {
      stale.add(element);
    }
  }
  later(GATHER_MS + Math.random() * GATHER_MS); // not all pages of the company in the same moment
}

function later(pause) {
  if (!timer && stale.size && !document.hidden) {
    timer = setTimeout(refresh, pause);
  }
}

function refresh() {
  timer = 0;
  for (const element of [...stale]) {
    const since = Date.now() - (last.get(element) || 0);
    if (!element.isConnected) {
      stale.delete(element);
    } else if (since < BETWEEN_MS) {
      later(BETWEEN_MS - since);
    } else if (isInUse(element)) {
      hint(element);
    } else {
      renew(element);
    }
  }
}

function isInUse(element) {
  const at = document.activeElement;
  const isTyping = element.contains(at) && at.matches("input, select, textarea, [contenteditable]");
  const isOpen = element.querySelector("details[open], dialog[open], .is-editing");
  const isScrolled = element.getBoundingClientRect().top < -40;
  const selected = getSelection();
  const isSelecting = selected && !selected.isCollapsed && element.contains(selected.anchorNode);
  return Boolean(isTyping || isOpen || isScrolled || isSelecting);
}

// Above what changed, quiet, and gone once it was pressed.
function hint(element) {
  if (element.previousElementSibling && element.previousElementSibling.matches(".fresh")) {
    return;
  }
  const row = document.createElement("div");
  row.className = "fresh";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words("updated");
  button.addEventListener("click", () => renew(element));
  row.append(button);
  element.before(row);
}

async function renew(element) {
  stale.delete(element);
  last.set(element, Date.now());
  const row = element.previousElementSibling;
  if (row && row.matches(".fresh")) {
    row.remove();
  }
  const told = new CustomEvent("tw:changed", { bubbles: true, cancelable: true, detail: { resources: element.dataset.live } });
  if (!element.dispatchEvent(told) || !element.id) {
    return;
  }
  const address = element.dataset.liveFrom || location.pathname + location.search;
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": element.id } });
    if (answer.ok && !answer.redirected) {
      put(element, await answer.text());
    }
  } catch {
    stale.add(element); // asked again with the next news
  }
}

// The answer is the part itself or a whole page that holds it.
function put(element, text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const part = page.getElementById(element.id);
  const html = part ? part.innerHTML : page.body.innerHTML;
  if (shown.get(element) === html) {
    return;
  }
  shown.set(element, html);
  htmx.swap(element, html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
}

export function startLive() {
  document.addEventListener("visibilitychange", () => later(0));
  document.addEventListener("tw:online", () => hear([EVERYTHING]));
  listen({ isWanted: () => interested().length > 0, hear });
}
