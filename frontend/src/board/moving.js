// Moving one card: at once on the screen, then on the server, and back again when the server refuses.
import { say, toast, words } from "../messages.js";
import { columnOf, columnsOf } from "./index.js";
import { call } from "./server.js";

export function mover(board, close) {
  let waiting = Promise.resolve(); // one after the other: the second move of a card needs the version of the first

  return function move(card, target, focusOn = () => null) {
    const source = columnOf(card);
    if (target === source || source.dataset.kind !== "open") {
      return;
    }
    if (target.dataset.kind !== "open") {
      close(card, target);
      return;
    }
    const before = place(card);
    put(board, card, target);
    focus(focusOn());
    waiting = waiting.then(() => send(board, card, target, before));
  };
}

async function send(board, card, target, before) {
  card.setAttribute("aria-busy", "true");
  const done = await call(board, `${card.dataset.card}/move`, card.dataset.version, { stage: target.dataset.column });
  card.removeAttribute("aria-busy");
  if (!done.ok) {
    back(board, card, before);
    say(done.problem, "error");
    return;
  }
  card.dataset.version = done.deal.version;
  arrive(board, card);
  refreshHeads(board);
  const text = `${board.dataset.wordMoved} ${target.querySelector("[data-stage-name]").textContent}`;
  toast(text, { kind: "success", undo: () => undo(board, card, before) });
}

async function undo(board, card, before) {
  const done = await call(board, `${card.dataset.card}/move/undo`, card.dataset.version);
  if (!done.ok) {
    say(done.problem, "error");
    return;
  }
  card.dataset.version = done.deal.version;
  back(board, card, before);
  refreshHeads(board);
}

// Where a card is and what it says, to put it back.
function place(card) {
  const days = card.querySelector("[data-days]");
  return { list: card.parentElement, next: card.nextElementSibling, days: days.cloneNode(true), stuck: isStuck(card) };
}

function isStuck(card) {
  return card.classList.contains("card-stuck");
}

function put(board, card, target) {
  target.querySelector("[data-cards]").prepend(card);
  label(board);
}

function back(board, card, before) {
  const stays = before.next && before.next.parentElement === before.list ? before.next : null;
  before.list.insertBefore(card, stays);
  card.querySelector("[data-days]").replaceWith(before.days.cloneNode(true));
  card.classList.toggle("card-stuck", before.stuck);
  label(board);
}

function arrive(board, card) {
  card.classList.remove("card-stuck");
  card.querySelector("[data-days]").textContent = board.dataset.wordToday;
}

function focus(element) {
  if (element && element.hidden) {
    element = element.closest("[data-card]").querySelector("[data-menu]");
  }
  if (element) {
    element.focus();
    element.closest("[data-card]").scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

// The arrow buttons say where they lead; there is none to the left of the first column.
export function label(board) {
  const columns = columnsOf(board);
  columns.forEach((column, at) => {
    for (const button of column.querySelectorAll("[data-step]")) {
      const target = columns[at + Number(button.dataset.step)];
      button.hidden = !target;
      if (target) {
        const text = `${board.dataset.wordMenu} ${nameOf(target)}`;
        button.setAttribute("aria-label", text);
        button.title = text;
      }
    }
  });
}

export function nameOf(column) {
  return column.querySelector("[data-stage-name]").textContent;
}

// Counts and sums as the server has them now, without touching the cards.
export async function refreshHeads(board) {
  const query = new URLSearchParams(location.search);
  query.set("cards", "0");
  const answer = await fetch(`${location.pathname}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) {
    say(words("offline"), "error");
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  swap(board, fresh, "[data-board-total]");
  for (const column of columnsOf(board)) {
    const key = column.dataset.column;
    swap(board, fresh, `[data-column="${key}"] [data-head]`);
    swap(board, fresh, `[data-tab="${key}"] [data-tab-count]`);
  }
}

function swap(board, fresh, selector) {
  const former = board.querySelector(selector);
  const next = fresh.querySelector(selector);
  if (former && next) {
    former.innerHTML = next.innerHTML;
  }
}
