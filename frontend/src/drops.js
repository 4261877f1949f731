// Menus are <details class="drop">: they open without a script; with one they also close as people expect.
function open() {
  return [...document.querySelectorAll("details.drop[open]")];
}

function closeOthers(event) {
  for (const menu of open()) {
    if (!menu.contains(event.target) || event.target === menu) {
      menu.open = false;
    }
  }
}

function steps(event) {
  const menu = event.target.closest && event.target.closest("details.drop[open]");
  if (!menu) {
    return;
  }
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const items = [...menu.querySelectorAll(".drop-panel a, .drop-panel button")].filter((one) => one.offsetParent);
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    const next = items[(at + items.length) % items.length];
    if (next) {
      next.focus();
    }
  }
}

export function startDrops() {
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", steps);
}
