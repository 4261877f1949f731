// The board of deals: drag a card, or move it with its buttons or its menu; every way ends in `move`.
import Sortable from "sortablejs";
import { closer } from "./closing.js";
import { startMenu } from "./menu.js";
import { label, mover } from "./moving.js";
import { startTabs } from "./tabs.js";

const TOUCH_DELAY_MS = 250; // long enough that a finger can scroll

export const columnsOf = (board) => [...board.querySelectorAll("[data-column]")];
export const columnOf = (card) => card.closest("[data-column]");

function start(board) {
  const move = mover(board, closer());
  startMenu(board, move);
  startTabs(board);
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    const target = button && neighbour(board, button);
    if (target) {
      const card = button.closest("[data-card]");
      const step = button.dataset.step;
      move(card, target, () => card.querySelector(`[data-step="${step}"]`));
    }
  });
  prepare(board, move);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (board.contains(event.target)) {
      prepare(board, move);
    }
  });
}

function neighbour(board, button) {
  const columns = columnsOf(board);
  return columns[columns.indexOf(columnOf(button)) + Number(button.dataset.step)];
}

// After the first paint, and after a filter or "more" brought new cards.
function prepare(board, move) {
  label(board);
  board.querySelectorAll("[data-cards]").forEach((list) => {
    if (!Sortable.get(list)) {
      Sortable.create(list, options(board, move));
    }
  });
}

function options(board, move) {
  return {
    group: { name: "deals", pull: (to, from) => isOpen(from.el), put: true },
    draggable: "[data-card]",
    filter: "button",
    preventOnFilter: false,
    sort: false,
    animation: 120,
    delay: TOUCH_DELAY_MS,
    delayOnTouchOnly: true,
    touchStartThreshold: 4,
    forceFallback: true, // the browser's own dragging cannot be driven or styled the same everywhere
    fallbackOnBody: true,
    fallbackTolerance: 4,
    ghostClass: "card-ghost",
    dragClass: "card-drag",
    onStart: () => board.classList.add("is-dragging"),
    onEnd: ({ item, from, to, oldIndex }) => {
      board.classList.remove("is-dragging");
      if (from !== to) {
        const target = columnOf(to);
        from.insertBefore(item, from.children[oldIndex] || null);
        move(item, target);
      }
    },
  };
}

function isOpen(element) {
  return columnOf(element).dataset.kind === "open";
}

const board = document.querySelector("[data-board]");
if (board) {
  start(board);
}
