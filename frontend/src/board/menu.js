// The menu of a card: every stage by name, for keyboards and for phones, where only one column is in sight.
import { columnOf, columnsOf } from "./index.js";
import { nameOf } from "./moving.js";

export function startMenu(board, move) {
  let open = null;

  function shut(giveBack) {
    if (open) {
      open.menu.remove();
      open.button.setAttribute("aria-expanded", "false");
      if (giveBack) {
        open.button.focus();
      }
      open = null;
    }
  }

  function show(button) {
    const card = button.closest("[data-card]");
    const menu = document.createElement("div");
    menu.className = "card-menu";
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", board.dataset.wordMenu);
    for (const column of columnsOf(board).filter((one) => one !== columnOf(card))) {
      menu.append(entry(column, () => {
        shut(false);
        move(card, column, () => card.querySelector("[data-menu]"));
      }));
    }
    button.after(menu);
    button.setAttribute("aria-expanded", "true");
    open = { menu, button };
    menu.firstElementChild.focus();
  }

  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-menu]");
    const wasOpen = button && open && open.button === button;
    if (!event.target.closest(".card-menu")) {
      shut(false);
    }
    if (button && !wasOpen) {
      show(button);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (open) {
      walk(event, open.menu, shut);
    }
  });
}

function entry(column, choose) {
  const item = document.createElement("button");
  item.type = "button";
  item.setAttribute("role", "menuitem");
  item.textContent = nameOf(column);
  item.addEventListener("click", choose);
  return item;
}

function walk(event, menu, shut) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key in steps) {
    event.preventDefault();
    items[(steps[event.key] + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    shut(true);
  }
}
