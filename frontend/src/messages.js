// Short messages in the corner. Their words come translated from the page, see shell/_texts.html.
const STAY_MS = 6000;

export function words(key) {
  const texts = document.getElementById("texts");
  return (texts && texts.dataset[key]) || "";
}

export function say(text, kind = "info") {
  const area = document.getElementById("messages");
  if (!area || !text) {
    return;
  }
  const toast = document.createElement("div");
  toast.className = `toast toast-${kind}`;
  const line = document.createElement("span");
  line.textContent = text;
  toast.append(line, closer());
  area.append(toast);
  leaveLater(toast);
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
