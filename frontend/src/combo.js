// An input that proposes while somebody types: the combobox of WAI-ARIA. Choice cells, references and forms use it.
import { words } from "./messages.js";

const WAIT_MS = 150;
let count = 0;

// options: (typed, signal) => promise of [{ value, label, draw? }]; choose: (option) => void.
export function combobox(input, { options, choose, place }) {
  const state = { input, options, choose, found: [], active: -1, running: null, timer: 0, list: listbox(input) };
  (place || input.parentElement).append(state.list);
  input.addEventListener("input", (event) => event.isComposing || later(state));
  input.addEventListener("compositionend", () => later(state));
  input.addEventListener("keydown", (event) => press(state, event));
  input.addEventListener("click", () => open(state));
  input.addEventListener("blur", () => close(state));
  // A press on the list must not take the focus, or the blur would close it first.
  state.list.addEventListener("pointerdown", (event) => event.preventDefault());
  state.list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      take(state, Number(option.dataset.at));
    }
  });
  return { open: () => open(state), close: () => close(state) };
}

function listbox(input) {
  const list = document.createElement("ul");
  list.className = "combo-list";
  list.id = `combo-${(count += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels?.[0]?.textContent.trim() || "");
  list.hidden = true;
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries({ ...roles, autocomplete: "off" }).forEach(([name, value]) => input.setAttribute(name, value));
  return list;
}

function later(state) {
  clearTimeout(state.timer);
  state.hasTyped = true;
  state.timer = setTimeout(() => open(state, true), WAIT_MS);
}

async function open(state, again = false) {
  if (!state.list.hidden && !again) {
    return;
  }
  state.running?.abort();
  const running = (state.running = new AbortController());
  const patience = setTimeout(() => note(state, words("loading")), WAIT_MS);
  try {
    const found = await state.options(state.input.value.trim(), running.signal);
    if (running === state.running && document.activeElement === state.input) {
      draw(state, found);
    }
  } catch (error) {
    if (error.name !== "AbortError") {
      note(state, words("pickFailed"));
    }
  } finally {
    clearTimeout(patience);
  }
}

function draw(state, found) {
  state.found = found;
  state.list.replaceChildren(...found.map((option, at) => row(state, option, at)));
  show(state);
  if (!found.length) {
    note(state, words("pickNone"));
  }
  const isSearch = state.hasTyped && state.input.value.trim();
  point(state, isSearch ? 0 : found.findIndex((option) => option.isChosen));
}

function row(state, option, at) {
  const item = document.createElement("li");
  item.id = `${state.list.id}-${at}`;
  item.dataset.at = at;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(option.draw ? option.draw() : option.label);
  return item;
}

// A sentence where the options would be.
function note(state, text) {
  const item = document.createElement("li");
  item.className = "combo-note";
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  item.textContent = text;
  state.found = [];
  state.list.replaceChildren(item);
  delete item.dataset.at;
  show(state);
}

function show(state) {
  state.list.hidden = false;
  state.input.setAttribute("aria-expanded", "true");
  const room = innerHeight - state.input.getBoundingClientRect().bottom;
  state.list.classList.toggle("combo-above", room < 200 && room < innerHeight / 2);
}

function close(state) {
  state.hasTyped = false;
  clearTimeout(state.timer);
  state.running?.abort();
  state.list.hidden = true;
  state.active = -1;
  state.input.setAttribute("aria-expanded", "false");
  state.input.removeAttribute("aria-activedescendant");
}

function point(state, at) {
  state.list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  state.active = at;
  const option = state.found[at] && state.list.children[at];
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    state.input.setAttribute("aria-activedescendant", option.id);
  } else {
    state.input.removeAttribute("aria-activedescendant");
  }
}

function take(state, at) {
  const option = state.found[at];
  if (option) {
    close(state);
    state.choose(option);
  }
}

function press(state, event) {
  // While a word is being composed, Enter and the arrows belong to the input method.
  if (event.isComposing || event.keyCode === 229) {
    return;
  }
  const isOpen = !state.list.hidden;
  const size = state.found.length;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    if (!isOpen) {
      open(state);
    } else if (size) {
      point(state, (state.active + steps[event.key] + size) % size);
    }
  } else if (event.key === "Enter" && isOpen && state.active >= 0) {
    event.preventDefault();
    event.stopPropagation();
    take(state, state.active);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    event.stopPropagation();
    close(state);
  }
}
