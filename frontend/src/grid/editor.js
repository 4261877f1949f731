// The editor stands over its cell, outside the grid, so that lists and messages have room and scrolling rows
// cannot take it away.
import { field } from "./fields.js";
import { make, word } from "./words.js";

const MARGIN = 8;
const WIDE = { long: 360, reference: 220, choice: 180, bool: 120, text: 200, tags: 240 };
let open = null;

// `anchor` is the cell's element; `save(value, typed)`, `cancel()` and `move(direction)` are told what happened.
export function openEditor(list, { anchor, column, value, typed, problem, save, cancel, move }) {
  closeEditor();
  const done = () => finish(0);
  const control = field(column, value, { look: list.look, done, typed });
  const message = make("p.field-error", { role: "alert", hidden: !problem }, problem || "");
  const panel = make(`div.cell-editor.cell-editor-${column.kind}`, { role: "group", "aria-label": word("editing", { column: column.label }) }, control.element, message);
  if (column.kind === "long") {
    panel.append(make("p.flyout-hint", {}, word("longHint")));
  }
  const finish = (direction) => {
    const { value: result, problem: wrong, facts } = control.read();
    if (wrong) {
      return complain(panel, message, word(wrong, facts));
    }
    closeEditor();
    save(result, control.typed(), direction !== null);
    move(direction);
    return true;
  };
  const leave = (direction = 0) => {
    closeEditor();
    cancel(direction);
  };
  panel.addEventListener("keydown", (event) => press(event, column, { finish, leave }));
  open = { panel, follow: () => place(panel, anchor, column), anchor, outside: (event) => panel.contains(event.target) || finish(null) || leave(null) };
  list.root.append(panel);
  place(panel, anchor, column);
  document.addEventListener("pointerdown", open.outside, true);
  control.focus();
  if (problem) {
    complain(panel, message, problem);
  }
}

export function closeEditor() {
  if (open) {
    document.removeEventListener("pointerdown", open.outside, true);
    open.panel.remove();
    open = null;
  }
}

// Rows scroll under an open editor: it goes along with its cell, as far as the cell is there.
export function followScroll() {
  if (open && open.anchor && open.anchor.isConnected) {
    open.follow();
  }
}

export function isEditing() {
  return Boolean(open);
}

function press(event, column, { finish, leave }) {
  if (event.isComposing || event.keyCode === 229) {
    return;
  }
  const isNewLine = column.kind === "long" && event.shiftKey;
  if (event.key === "Enter" && !isNewLine) {
    event.preventDefault();
    finish(0);
  } else if (event.key === "Tab") {
    event.preventDefault();
    finish(event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    leave();
  }
  event.stopPropagation();
}

function complain(panel, message, text) {
  message.textContent = text;
  message.hidden = false;
  const input = panel.querySelector("input, textarea");
  input.setAttribute("aria-invalid", "true");
  input.focus();
  return false;
}

// Over the cell, as wide as it or wider, never off the screen.
function place(panel, anchor, column) {
  const at = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(at.width, WIDE[column.kind] || 120), innerWidth - 2 * MARGIN);
  const left = Math.min(Math.max(at.left, MARGIN), innerWidth - width - MARGIN);
  Object.assign(panel.style, { left: `${left}px`, top: `${at.top}px`, width: `${width}px` });
  panel.style.setProperty("--cell", `${at.height}px`);
  const over = panel.getBoundingClientRect().bottom - innerHeight + MARGIN;
  if (over > 0) {
    panel.style.top = `${at.top - over}px`;
  }
}

// Somebody else changed the same value meanwhile: both are shown, and one is taken.
export function askWhich(list, { anchor, column, theirs, mine, take }) {
  closeEditor();
  const answer = (which) => {
    closeEditor();
    take(which);
  };
  const option = (which, label, text) => {
    const button = make("button.which", { type: "button" }, make("span.muted", {}, label), make("strong", {}, text));
    button.addEventListener("click", () => answer(which));
    return button;
  };
  const panel = make("div.cell-editor.conflict", { role: "alertdialog", "aria-label": word("conflict") },
    make("p.conflict-title", {}, word("conflict")), make("p.muted", {}, column.label),
    option("theirs", word("theirs"), theirs), option("mine", word("mine"), mine));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      answer("theirs");
    }
    event.stopPropagation();
  });
  open = { panel, anchor, follow: () => place(panel, anchor, { kind: "text" }), outside: () => {} };
  list.root.append(panel);
  place(panel, anchor, { kind: "text" });
  panel.querySelector("button").focus();
}
