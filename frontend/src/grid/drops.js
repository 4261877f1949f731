// Panels with controls in them that open under a button: a press elsewhere or leaving them by Tab closes them, and
// one is open at a time. The shell's drops are lists of links, through which the arrow keys walk; these are not.
export function startDrops(root) {
  // A press on a panel's empty places keeps the focus in it.
  root.querySelectorAll(".drop-panel").forEach((panel) => panel.setAttribute("tabindex", "-1"));
  const drops = () => [...root.querySelectorAll("details.drop[open]")];
  document.addEventListener("pointerdown", (event) => {
    const inside = event.target.closest?.("details.drop, .cell-editor");
    drops().forEach((drop) => {
      drop.open = drop === inside;
    });
  });
  root.addEventListener("toggle", (event) => {
    const drop = event.target;
    if (drop.matches("details.drop") && drop.open) {
      drops().forEach((other) => {
        other.open = other === drop;
      });
      fit(drop);
      drop.dispatchEvent(new CustomEvent("opened"));
    }
  }, true);
  root.addEventListener("focusout", (event) => {
    const drop = event.target.closest("details.drop[open]");
    if (drop && event.relatedTarget && !drop.contains(event.relatedTarget)) {
      drop.open = false;
    }
  });
}

// A panel that would leave the window on the left hangs from the other edge of its button.
function fit(drop) {
  const panel = drop.querySelector(".drop-panel");
  panel.classList.remove("drop-panel-left");
  panel.classList.toggle("drop-panel-left", panel.getBoundingClientRect().left < 8);
}
