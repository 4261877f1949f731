// Menus are <details class="menu">: they open without a script; with one they also close as people expect.
function open() {
  return [...document.querySelectorAll("details.menu[open]")];
}

function closeOthers(event) {
  for (const menu of open()) {
    if (!menu.contains(event.target) || event.target === menu) {
      menu.open = false;
    }
  }
}

function steps(event) {
  const menu = event.target.closest && event.target.closest("details.menu[open]");
  if (!menu) {
    return;
  }
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const items = [...menu.querySelectorAll(".menu-panel a, .menu-panel button")].filter((one) => one.offsetParent);
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    const next = items[(at + items.length) % items.length];
    if (next) {
      next.focus();
    }
  }
}

export function startMenus() {
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", steps);
}
