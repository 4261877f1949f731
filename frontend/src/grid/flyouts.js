// Panels with controls in them that open under a button: a press elsewhere or leaving them by Tab closes them, and
// one is open at a time. The shell's drops are lists of links, through which the arrow keys walk; these are not.
export function startFlyouts(root) {
  // A press on a panel's empty places keeps the focus in it.
  root.querySelectorAll(".flyout-panel").forEach((panel) => panel.setAttribute("tabindex", "-1"));
  const flyouts = () => [...root.querySelectorAll("details.flyout[open]")];
  document.addEventListener("pointerdown", (event) => {
    const inside = event.target.closest?.("details.flyout, .cell-editor");
    flyouts().forEach((flyout) => {
      flyout.open = flyout === inside;
    });
  });
  root.addEventListener("toggle", (event) => {
    const flyout = event.target;
    if (flyout.matches("details.flyout") && flyout.open) {
      flyouts().forEach((other) => {
        other.open = other === flyout;
      });
      fit(flyout);
      flyout.dispatchEvent(new CustomEvent("opened"));
    }
  }, true);
  root.addEventListener("focusout", (event) => {
    const flyout = event.target.closest("details.flyout[open]");
    if (flyout && event.relatedTarget && !flyout.contains(event.relatedTarget)) {
      flyout.open = false;
    }
  });
}

// A panel that would leave the window on the left hangs from the other edge of its button.
function fit(flyout) {
  const panel = flyout.querySelector(".flyout-panel");
  panel.classList.remove("flyout-panel-left");
  panel.classList.toggle("flyout-panel-left", panel.getBoundingClientRect().left < 8);
}
