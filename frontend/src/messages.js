// Short messages in the corner. Their words come translated from the page, see shell/_texts.html.
const STAY_MS = 6000;

export function words(key) {
  const texts = document.getElementById("texts");
  return (texts && texts.dataset[key]) || "";
}

// `action`: { label, run, stayMs } for a button in the message, such as undo.
export function say(text, kind = "info", action = null) {
  const area = document.getElementById("messages");
  if (!area || !text) {
    return null;
  }
  const toast = document.createElement("div");
  toast.className = `toast toast-${kind}`;
  const line = document.createElement("span");
  line.textContent = text;
  toast.append(line, ...(action ? [doer(action, toast)] : []), closer());
  area.append(toast);
  leaveLater(toast, action?.stayMs);
  return toast;
}

function doer({ label, run }, toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-action";
  button.textContent = label;
  button.addEventListener("click", () => {
    toast.remove();
    run();
  });
  return button;
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
function leaveLater(toast, stayMs = STAY_MS) {
  if (!toast.classList.contains("toast-error")) {
    setTimeout(() => toast.remove(), stayMs);
  }
}

export function startMessages() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) {
      button.closest(".toast").remove();
    }
  });
  document.querySelectorAll("#messages .toast").forEach((toast) => leaveLater(toast));
}
