// The star keeps the page as it stands in the address bar, under the title it has now.
import htmx from "htmx.org";
import { toast, words } from "./messages.js";

function address() {
  return location.pathname + location.search;
}

// A title may tell a figure that is another one tomorrow; such pages say what they are called beside it.
export function pageTitle() {
  const named = document.querySelector("[data-page-name]");
  return (named && named.dataset.pageName) || document.title.replace(/ · [^·]*$/, "");
}

function kept() {
  return [...document.querySelectorAll("#kept a")].find((link) => link.getAttribute("href") === address());
}

function show(star) {
  star.setAttribute("aria-pressed", String(Boolean(kept())));
}

function send(to, values) {
  return htmx.ajax("POST", to, { target: "#kept", swap: "outerHTML", values });
}

async function change(star) {
  const was = kept();
  if (!was) {
    await send(star.dataset.keep, { url: address(), label: pageTitle() });
    return;
  }
  const page = { url: address(), label: was.title };
  await send(star.dataset.drop, page);
  if (!kept()) {
    toast(words("dropped"), { undo: () => send(star.dataset.keep, page) });
  }
}

export function startStar() {
  const star = document.querySelector("[data-star]");
  if (!star) {
    return;
  }
  star.addEventListener("click", () => change(star));
  document.addEventListener("htmx:afterSettle", () => show(star));
  document.addEventListener("htmx:pushedIntoHistory", () => show(star));
  addEventListener("popstate", () => show(star));
  show(star);
}
