// Panels that open under a button: a press elsewhere or leaving them by Tab closes them, one is open at a time.
export function startMenus(root) {
  const menus = () => [...root.querySelectorAll("details.menu[open]")];
  document.addEventListener("pointerdown", (event) => {
    const inside = event.target.closest?.("details.menu, .cell-editor");
    menus().forEach((menu) => {
      menu.open = menu === inside;
    });
  });
  root.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (menu.matches("details.menu") && menu.open) {
      menus().forEach((other) => {
        other.open = other === menu;
      });
      fit(menu);
      menu.dispatchEvent(new CustomEvent("opened"));
    }
  }, true);
  root.addEventListener("focusout", (event) => {
    const menu = event.target.closest("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });
  // Once more than one thing can be closed by Escape, the innermost goes first: forms.js does the closing.
}

// A panel that would leave the window on the left hangs from the other edge of its button.
function fit(menu) {
  const panel = menu.querySelector(".menu-panel");
  panel.classList.remove("menu-panel-left");
  panel.classList.toggle("menu-panel-left", panel.getBoundingClientRect().left < 8);
}
