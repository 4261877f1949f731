// Long forms: <form data-draft> keeps what was typed in this tab and warns before it is lost.
import { words } from "./messages.js";

const SECRET = ["password", "hidden", "file", "submit", "button"];

function key(form) {
  return `tradewind.draft.${location.pathname}#${form.id}`;
}

function entries(form) {
  return [...form.elements].filter((field) => (field.name && !SECRET.includes(field.type)) || isPicked(field));
}

// A picked reference is hidden, but somebody chose it.
function isPicked(field) {
  return field.name && "picked" in field.dataset;
}

function state(form) {
  return entries(form).map((field) => {
    const value = ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
    const seen = isPicked(field) ? field.previousElementSibling.value : "";
    return [field.name, field.type === "radio" ? field.value : "", value, seen];
  });
}

function store(form, began) {
  const now = JSON.stringify(state(form));
  form.dataset.changed = now === began ? "" : "yes";
  try {
    if (now === began) {
      sessionStorage.removeItem(key(form));
    } else {
      sessionStorage.setItem(key(form), now);
    }
  } catch {
    // A full or forbidden store costs the draft, not the form.
  }
}

function forget(form) {
  form.dataset.changed = "";
  try {
    sessionStorage.removeItem(key(form));
  } catch {
    // Nothing was kept then.
  }
}

function restore(form, kept) {
  const fields = entries(form);
  kept.forEach(([name, option, value, seen], at) => {
    const field = fields[at]?.name === name ? fields[at] : form.elements[name];
    if (!field || (option && field.value !== option)) {
      return;
    }
    if (typeof value === "boolean") {
      field.checked = value;
    } else {
      field.value = value;
    }
    if (isPicked(field)) {
      field.dispatchEvent(new CustomEvent("tradewind:picked", { detail: { value, label: seen } }));
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Never filled in by itself: somebody may have come to the form for something else.
function offer(form, kept) {
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  const text = document.createElement("p");
  text.className = "notice-body";
  text.textContent = words("draftFound");
  notice.append(text);
  const answers = [["draftRestore", () => restore(form, kept)], ["draftForget", () => forget(form)]];
  for (const [name, run] of answers) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: words(name) });
    button.addEventListener("click", () => {
      run();
      notice.remove();
    });
    notice.append(button);
  }
  form.prepend(notice);
}

function watch(form) {
  if (form.dataset.watched) {
    return;
  }
  form.dataset.watched = "yes";
  const began = JSON.stringify(state(form));
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(key(form)));
  } catch {
    // An unreadable draft is none.
  }
  // A form that came back with errors already holds what was typed.
  if (kept && JSON.stringify(kept) !== began && !form.querySelector("[aria-invalid=true], .notice-error")) {
    offer(form, kept);
  }
  form.addEventListener("input", () => store(form, began));
  form.addEventListener("change", () => store(form, began));
  form.addEventListener("submit", () => forget(form));
}

// Whoever sent a form that was refused is taken to what is wrong with it.
function toErrors(root) {
  const summary = root.querySelector("form .notice-error, form [aria-invalid=true]");
  if (summary && document.activeElement === document.body) {
    if (!summary.matches("input, select, textarea")) {
      summary.tabIndex = -1;
    }
    summary.focus();
  }
}

export function startDrafts() {
  const all = (root) => root.querySelectorAll("form[data-draft]").forEach(watch);
  all(document);
  toErrors(document);
  document.addEventListener("htmx:afterSettle", (event) => all(event.target));
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed=yes]")) {
      event.preventDefault();
    }
  });
}
