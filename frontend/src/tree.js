// A tree that folds: a button before each unit with units below, two for all of them, arrow keys to walk it.
// Without scripts everything is unfolded.
function fold(button, isOpen) {
  button.setAttribute("aria-expanded", String(isOpen));
  button.closest("li").toggleAttribute("data-folded", !isOpen);
}

function isOpen(button) {
  return button.getAttribute("aria-expanded") === "true";
}

function press(event) {
  const one = event.target.closest("[data-fold]");
  const all = event.target.closest("[data-unfold]");
  if (one) {
    fold(one, !isOpen(one));
  } else if (all) {
    document.querySelectorAll("#tree [data-fold]").forEach((button) => fold(button, all.dataset.unfold === "open"));
  }
}

// Each line has one place for the arrow keys: its button, or where there is none its unit.
function places(tree) {
  const rows = [...tree.querySelectorAll(".tree-row")].filter((row) => row.offsetParent);
  return rows.map((row) => row.querySelector("[data-fold], a"));
}

function walk(event) {
  const row = event.target.closest && event.target.closest(".tree-row");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const button = event.target.closest && event.target.closest("[data-fold]");
  if (row && step) {
    const all = places(row.closest(".tree"));
    const next = all[all.indexOf(row.querySelector("[data-fold], a")) + step];
    if (next) {
      next.focus();
    }
    event.preventDefault();
  } else if (button && ["ArrowRight", "ArrowLeft"].includes(event.key)) {
    fold(button, event.key === "ArrowRight");
    event.preventDefault();
  }
}

export function startTree() {
  document.addEventListener("keydown", walk);
  document.addEventListener("click", press);
}
