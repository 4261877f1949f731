// Something that takes long: <div data-work="address"> asks how far it is until it has come to its end.
// Answers: {"state": "waiting" | "running" | "done" | "failed" | "cancelled", "percent": 0–100,
//           "remaining_s": seconds or null, "message": "…", "result_url": "/…"}.
import { words } from "./messages.js";
import { token } from "./requests.js";

const ASK_MS = 1000;
const SLOWEST_MS = 10000;
const ENDED = { done: "workDone", failed: "workFailed", cancelled: "cancelled" };

function watch(root) {
  if (root.dataset.watched) {
    return;
  }
  root.dataset.watched = "yes";
  const stop = root.querySelector("[data-work-stop]");
  if (stop) {
    stop.addEventListener("click", () => cancel(root, stop));
  }
  ask(root, ASK_MS);
}

async function ask(root, pause) {
  if (!root.isConnected) {
    return;
  }
  let next = pause;
  try {
    const answer = await fetch(root.dataset.work, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) {
      throw new Error(answer.status);
    }
    const state = await answer.json();
    show(root, state);
    if (ENDED[state.state]) {
      return;
    }
    next = ASK_MS;
  } catch {
    next = Math.min(pause * 2, SLOWEST_MS); // the work goes on without us: ask less often until it answers
  }
  setTimeout(() => ask(root, next), next);
}

function show(root, { state, percent, remaining_s: left, message, result_url: result }) {
  root.dataset.state = state;
  const bar = root.querySelector("progress");
  if (percent === undefined || percent === null) {
    bar.removeAttribute("value");
  } else {
    bar.value = percent;
    root.querySelector("[data-work-percent]").textContent = `${Math.floor(percent)}%`;
  }
  const line = root.querySelector("[data-work-left]");
  line.textContent = message || (ENDED[state] ? words(ENDED[state]) : remaining(left));
  if (ENDED[state]) {
    end(root, state, result);
  }
}

function end(root, state, result) {
  const stop = root.querySelector("[data-work-stop]");
  const open = root.querySelector("[data-work-result]");
  if (stop) {
    stop.hidden = true;
  }
  if (open && result && state === "done") {
    open.href = result;
    open.hidden = false;
  }
  root.dispatchEvent(new CustomEvent("tw:work-ended", { bubbles: true, detail: { state } }));
}

function remaining(seconds) {
  if (seconds === undefined || seconds === null) {
    return "";
  }
  const told = seconds < 90 ? words("second", Math.max(1, Math.ceil(seconds))) : words("minute", Math.round(seconds / 60));
  return words("timeLeft", told);
}

async function cancel(root, stop) {
  stop.disabled = true;
  try {
    const answer = await fetch(root.dataset.workCancel, { method: "POST", headers: { "X-CSRFToken": token() } });
    stop.disabled = answer.ok;
  } catch {
    stop.disabled = false;
  }
}

export function startWork() {
  const find = (root) => root.querySelectorAll && root.querySelectorAll("[data-work]").forEach(watch);
  find(document);
  document.addEventListener("htmx:load", (event) => find(event.target.parentNode || document));
}
