// Keys of the grid and of the page around it.
import { recall } from "../memory.js";
import { HEAD } from "./cursor.js";
import { shown } from "./values.js";
import { MARK, widthOf } from "./table.js";

const STEP = 16;

export function startKeys(list) {
  list.box.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!isTyping && !event.isComposing && list.cursor) {
      press(list, event);
    }
  });
  // Before the shell hears it: here, / searches this list.
  document.addEventListener("keydown", (event) => {
    const isBusy = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "/" && isPlain && !isBusy && recall("keys") !== "off") {
      event.preventDefault();
      event.stopPropagation();
      list.root.querySelector("[data-search]").select();
    }
  }, true);
  const keys = list.root.querySelector("[data-list-keys]");
  const shown = document.querySelector("#keys > dl");
  if (shown) {
    shown.after(keys);
    keys.hidden = false;
  }
}

function press(list, event) {
  const { cursor } = list;
  const isFar = event.ctrlKey || event.metaKey;
  const moves = {
    ArrowDown: () => cursor.down(1),
    ArrowUp: () => cursor.down(-1),
    ArrowRight: () => sideways(list, 1, event.altKey),
    ArrowLeft: () => sideways(list, -1, event.altKey),
    PageDown: () => cursor.down(cursor.page()),
    PageUp: () => cursor.down(-cursor.page()),
    Home: () => cursor.edge("Home", isFar),
    End: () => cursor.edge("End", isFar),
    Enter: () => enter(list),
    F2: () => list.edit(cursor.item(), cursor.column()),
    " ": () => space(list, event.shiftKey),
    Escape: () => list.marks.clear(),
  };
  const more = { a: () => list.marks.all(), c: () => copy(list) };
  const run = isFar && more[event.key.toLowerCase()] ? more[event.key.toLowerCase()] : moves[event.key];
  if (run && run() !== false) {
    event.preventDefault();
  }
}

function sideways(list, direction, isWidth) {
  const { cursor } = list;
  if (isWidth) {
    return cursor.id === HEAD && cursor.name !== MARK ? list.resize(cursor.name, widthOf(cursor.column(), list.view) + direction * STEP) : false;
  }
  if (String(cursor.id).startsWith("group:")) {
    const isOpen = cursor.element().getAttribute("aria-expanded") === "true";
    return isOpen === (direction < 0) ? list.toggle(cursor.id) : undefined;
  }
  return cursor.right(direction);
}

function enter(list) {
  const { cursor } = list;
  if (String(cursor.id).startsWith("group:")) {
    return list.toggle(cursor.id);
  }
  if (cursor.id === HEAD) {
    return cursor.name === MARK ? list.marks.all() : list.sortBy(cursor.column());
  }
  if (cursor.name === MARK) {
    return list.marks.toggle(cursor.id);
  }
  const link = cursor.element().querySelector("a");
  const column = cursor.column();
  if (link && (column.is_title || !list.canEdit(column))) {
    return link.click();
  }
  return list.edit(cursor.item(), column);
}

function space(list, isRange) {
  const { cursor } = list;
  if (cursor.id === HEAD) {
    return enter(list);
  }
  return cursor.item() ? list.marks.toggle(cursor.id, isRange) : undefined;
}

// A cell is copied unless some text on the page is selected.
function copy(list) {
  const { cursor } = list;
  if (!String(getSelection()) && cursor.item() && cursor.column() && navigator.clipboard) {
    navigator.clipboard.writeText(shown(cursor.column(), cursor.item()[cursor.name], list.look)).then(() => list.say("copied"), () => {});
    return true;
  }
  return false;
}
