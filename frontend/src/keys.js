// Keys for the whole page. Those of a single letter can be switched off: not everybody types with ten fingers.
import { recall, remember } from "./memory.js";
import { openPalette } from "./palette.js";

function isTyping(event) {
  const at = event.target;
  return event.isComposing || at.isContentEditable || /^(input|textarea|select)$/i.test(at.tagName || "");
}

function press(selector) {
  const control = document.querySelector(selector);
  if (control) {
    control.click();
  }
  return control;
}

function create() {
  const control = press("[data-create]");
  const menu = control && control.closest("details");
  if (menu) {
    menu.querySelector(".drop-panel a").focus();
  }
}

function showKeys() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) {
    dialog.showModal();
  }
}

const SINGLE = {
  "/": openPalette,
  "?": showKeys,
  "[": () => press("[data-nav-switch]"),
  c: create,
};

function hear(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if ((key === "/" || key === "?") && document.querySelector("[data-grid]")) {
    return; // a list looks through itself and has keys of its own
  }
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const act = isPlain && !isTyping(event) && recall("keys") !== "off" && SINGLE[key];
  if (act && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    act();
  }
}

// The same key under another name.
function nameKeys() {
  if (/Mac|iP(hone|ad)/.test(navigator.platform)) {
    document.querySelectorAll("kbd").forEach((key) => {
      key.textContent = key.textContent.replace("Ctrl", "⌘");
    });
  }
}

export function startKeys() {
  nameKeys();
  document.addEventListener("keydown", hear);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) {
      showKeys();
    }
    const closer = event.target.closest("[data-dialog-close]");
    const dialog = closer ? closer.closest("dialog") : event.target.matches("dialog") && event.target;
    if (dialog) {
      dialog.close(); // by its cross, or by a click beside it
    }
  });
  const box = document.querySelector("[data-single-keys]");
  if (box) {
    box.checked = recall("keys") !== "off";
    box.addEventListener("change", () => remember("keys", box.checked ? "on" : "off"));
  }
}
