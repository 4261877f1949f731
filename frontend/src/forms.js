// A form is sent once: a second click on a slow line must not win a deal twice.
function lock(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-busy", "true"));
}

// The browser may bring a page back as it was left; its forms must then work again.
function unlock() {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
}

// One action panel open at a time, and Escape closes it.
function startPanels() {
  document.addEventListener("toggle", (event) => {
    const panel = event.target;
    if (panel.matches && panel.matches("details.action") && panel.open) {
      document.querySelectorAll("details.action[open]").forEach((other) => {
        other.open = other === panel;
      });
      const first = panel.querySelector("input:not([type=hidden]), select, textarea");
      if (first) {
        first.focus();
        first.select?.(); // typing takes the place of what is proposed
      }
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    const panel = event.key === "Escape" && event.target.closest && event.target.closest("details[open]");
    if (panel) {
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  });
}

export function startForms() {
  document.addEventListener("submit", lock);
  addEventListener("pageshow", unlock);
  startPanels();
}
