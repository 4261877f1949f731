// Short messages in the corner. Their words come translated from the page, see shell/_texts.html.
const STAY_MS = 6000;

export function words(key) {
  const texts = document.getElementById("texts");
  return (texts && texts.dataset[key]) || "";
}

export function say(text, kind = "info") {
  const toast = show(text, kind);
  if (toast) {
    leaveLater(toast);
  }
}

// What was done, with a button that takes it back while the message stays.
export function offer(text, label, act, stayMs) {
  const toast = show(text, "success");
  if (!toast) {
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    toast.remove();
    act();
  });
  toast.lastElementChild.before(button);
  setTimeout(() => toast.remove(), stayMs);
}

function show(text, kind) {
  const area = document.getElementById("messages");
  if (!area || !text) {
    return null;
  }
  const toast = document.createElement("div");
  toast.className = `toast toast-${kind}`;
  const line = document.createElement("span");
  line.textContent = text;
  toast.append(line, closer());
  area.append(toast);
  return toast;
}

function closer() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", words("close"));
  button.textContent = "×";
  return button;
}

// Errors stay until closed: six seconds are not enough for everybody to read what went wrong.
function leaveLater(toast) {
  if (!toast.classList.contains("toast-error")) {
    setTimeout(() => toast.remove(), STAY_MS);
  }
}

export function startMessages() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) {
      button.closest(".toast").remove();
    }
  });
  document.querySelectorAll("#messages .toast").forEach(leaveLater);
}
