// The star keeps the page as it stands in the address bar, under the title it has now.
import htmx from "htmx.org";

function address() {
  return location.pathname + location.search;
}

// A title may tell a figure that is another one tomorrow; such pages say what they are called beside it.
export function pageTitle() {
  const named = document.querySelector("[data-page-name]");
  return (named && named.dataset.pageName) || document.title.replace(/ · [^·]*$/, "");
}

function isKept() {
  return [...document.querySelectorAll("#kept a")].some((link) => link.getAttribute("href") === address());
}

function show(star) {
  star.setAttribute("aria-pressed", String(isKept()));
}

function change(star) {
  const to = isKept() ? star.dataset.drop : star.dataset.keep;
  const values = { url: address(), label: pageTitle() };
  htmx.ajax("POST", to, { target: "#kept", swap: "outerHTML", values });
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
