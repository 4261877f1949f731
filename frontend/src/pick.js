// The reference picker: <input data-pick="/api/v1/customers" name="customer" value="id" data-label="name">.
// The given input keeps name and value and becomes hidden; the one people see shows the label.
import { combobox } from "./combo.js";
import { words } from "./messages.js";

const LIMIT = 8;

// What a source proposes for some typed letters.
export async function proposals(source, typed, signal) {
  const url = new URL(source, location.href);
  url.searchParams.set("limit", LIMIT);
  if (typed) {
    url.searchParams.set("q", typed);
  }
  const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`status ${answer.status}`);
  }
  const { items } = await answer.json();
  return items.map((item) => ({ value: item.id, label: item.label, item }));
}

// What one object of a source is called; nothing when it cannot be asked.
export async function named(source, id) {
  const answer = await fetch(`${source}/${id}`, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer && answer.ok ? (await answer.json()).label : "";
}

function enhance(kept) {
  const shown = document.createElement("input");
  const box = document.createElement("span");
  box.className = "pick";
  take(kept, shown);
  kept.replaceWith(box);
  box.append(shown, kept);
  const chosen = { value: kept.value, label: kept.dataset.label || "" };
  const choose = (option) => {
    Object.assign(chosen, option || { value: "", label: "" });
    shown.value = chosen.label;
    clear.hidden = !chosen.value || shown.required;
    if (kept.value !== chosen.value) {
      kept.value = chosen.value;
      kept.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const clear = clearer(() => {
    choose(null);
    shown.focus();
  });
  box.append(clear);
  shown.value = chosen.label;
  clear.hidden = !chosen.value || shown.required;
  combobox(shown, { options: (typed, signal) => offer(kept, chosen, typed, signal), choose });
  // Letters that chose nothing would look like a choice: they go; an emptied field means no choice.
  shown.addEventListener("blur", () => choose(shown.value.trim() ? { ...chosen } : null));
  shown.addEventListener("focus", () => shown.select());
  // A draft brings a former choice back.
  kept.addEventListener("tradewind:picked", (event) => choose(event.detail));
}

async function offer(kept, chosen, typed, signal) {
  const found = await proposals(kept.dataset.pick, typed === chosen.label ? "" : typed, signal);
  return found.map((option) => ({ ...option, isChosen: option.value === chosen.value }));
}

// The seen input takes over what people and labels refer to.
function take(kept, shown) {
  shown.type = "text";
  shown.className = kept.className || "input";
  for (const name of ["id", "placeholder", "required", "disabled", "autofocus", "aria-label", "aria-describedby", "aria-invalid"]) {
    if (kept.hasAttribute(name)) {
      shown.setAttribute(name, kept.getAttribute(name));
      kept.removeAttribute(name);
    }
  }
  kept.type = "hidden";
  kept.dataset.picked = "";
}

function clearer(run) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pick-clear";
  button.setAttribute("aria-label", words("clear"));
  button.textContent = "×";
  button.addEventListener("click", run);
  return button;
}

export function startPicks() {
  const all = (root) => root.querySelectorAll("input[data-pick]:not([data-picked])").forEach(enhance);
  all(document);
  document.addEventListener("htmx:afterSettle", (event) => all(event.target));
}
