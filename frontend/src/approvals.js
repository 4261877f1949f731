// Deciding without the mouse: J and K walk through what waits, A approves, R rejects, X ticks. And printing.
import { recall } from "./memory.js";

const cards = () => [...document.querySelectorAll("[data-approval]")];

function current() {
  const all = cards();
  return all.find((card) => card.contains(document.activeElement)) || (all.length === 1 ? all[0] : null);
}

function walk(step) {
  const all = cards();
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

function approve() {
  const card = current();
  const button = card && card.querySelector("[data-approve]");
  if (button) {
    button.click();
  }
}

// A no needs its reason: the field first, the no itself once something stands there, by R again or by Enter.
function reject() {
  const card = current();
  const note = card && card.querySelector("[data-note]");
  const button = card && card.querySelector("[data-reject]");
  if (button && note && note.value.trim()) {
    button.click();
  } else if (note) {
    note.dataset.meant = "no";
    note.focus();
  }
}

// Enter in a note decides nothing that was not meant: of itself it would press the first button, the yes.
function enter(event) {
  const note = event.key === "Enter" && !event.isComposing && event.target.matches && event.target.matches("input[data-note]") && event.target;
  if (note) {
    event.preventDefault();
    if (note.dataset.meant === "no") {
      reject();
    }
  }
}

function check() {
  const card = current();
  const box = card && card.querySelector("[name=chosen]");
  if (box) {
    box.checked = !box.checked;
  }
}

const KEYS = { j: () => walk(1), k: () => walk(-1), a: approve, r: reject, x: check };

function hear(event) {
  const isTyping = /^(input|textarea|select)$/i.test(event.target.tagName || "");
  const isTick = event.target.matches && event.target.matches("[type=checkbox]");
  if (event.ctrlKey || event.metaKey || event.altKey || (isTyping && !isTick) || recall("keys") === "off") {
    return;
  }
  const act = document.querySelector("[data-approvals]") && !document.querySelector("dialog[open]") && KEYS[event.key.toLowerCase()];
  if (act) {
    event.preventDefault();
    act();
  }
}

function press(event) {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
}

function tick(event) {
  if (event.target.matches("[data-approve-all]")) {
    document.querySelectorAll("[data-approvals] [name=chosen]").forEach((box) => {
      box.checked = event.target.checked;
    });
  }
}

export function startApprovals() {
  document.addEventListener("keydown", hear);
  document.addEventListener("keydown", enter);
  document.addEventListener("click", press);
  document.addEventListener("change", tick);
}
