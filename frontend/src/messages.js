// Short messages in the corner. Their words come translated from the page, see shell/_texts.html.
const STAY_MS = 6000;
const UNDO_MS = 10000;

export function words(key, fact) {
  const texts = document.getElementById("texts");
  const text = (texts && texts.dataset[key]) || "";
  return fact === undefined ? text : text.replace("{}", fact);
}

// toast("Saved.", {kind: "success", undo: () => …}): an undo may return a promise; while it runs nothing else can.
export function toast(text, { kind = "info", undo } = {}) {
  const area = document.getElementById("messages");
  if (!area || !text) {
    return null;
  }
  const made = document.createElement("div");
  made.className = `toast toast-${kind}`;
  const line = document.createElement("span");
  line.textContent = text;
  made.append(line, ...(undo ? [undoer(made, undo)] : []), closer());
  area.append(made);
  leaveLater(made);
  return made;
}

export function say(text, kind = "info") {
  toast(text, { kind });
}

function undoer(made, undo) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-undo";
  button.textContent = words("undo");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await undo();
      made.remove();
      say(words("undone"), "success");
    } catch (error) {
      made.remove();
      say((error && error.message) || words("failed"), "error");
    }
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
// What can be undone stays ten, and as long as somebody points at it.
function leaveLater(made) {
  if (made.classList.contains("toast-error")) {
    return;
  }
  made.dataset.leaving = "";
  const stays = made.querySelector(".toast-undo") ? UNDO_MS : STAY_MS;
  const leave = () => {
    if (made.matches(":hover, :focus-within")) {
      setTimeout(leave, 1000);
    } else {
      made.remove();
    }
  };
  setTimeout(leave, stays);
}

export function startMessages() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) {
      button.closest(".toast").remove();
    }
  });
  // Servers may speak with an answer: HX-Trigger: {"tw:say": {"text": "…", "kind": "success"}}.
  document.addEventListener("tw:say", (event) => say(event.detail.text, event.detail.kind));
  const leaveAll = () => document.querySelectorAll("#messages .toast:not([data-leaving])").forEach(leaveLater);
  document.addEventListener("htmx:afterSettle", leaveAll);
  leaveAll();
}
