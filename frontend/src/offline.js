// Without a connection the open page stays: links and forms wait instead of ending in the browser's own page.
import { say, toast, words } from "./messages.js";

const ASK_AGAIN_MS = 5000;
const ALIVE = "/healthz";

let banner = null;
let asking = 0;

export function isOffline() {
  return Boolean(banner) && !banner.hidden;
}

// Told by requests that did not come through, and by the browser.
export function goneOffline() {
  if (!banner || isOffline()) {
    return;
  }
  banner.hidden = false;
  asking = setInterval(ask, ASK_AGAIN_MS);
}

async function ask() {
  try {
    const answer = await fetch(ALIVE, { cache: "no-store" });
    if (answer.ok) {
      back();
    }
  } catch {
    // Still away.
  }
}

function back() {
  if (!isOffline()) {
    return;
  }
  banner.hidden = true;
  clearInterval(asking);
  say(words("online"), "success");
  document.dispatchEvent(new CustomEvent("tw:online"));
}

function keepPage(event) {
  if (!isOffline() || event.defaultPrevented) {
    return;
  }
  const link = event.type === "click" && event.target.closest("a[href]");
  const isPage = link && link.origin === location.origin && !isHere(link);
  if (event.type === "submit" || isPage) {
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(words(isPage ? "notOpened" : "notSent"), { kind: "warning" });
  }
}

function isHere(link) {
  return link.hash && link.pathname === location.pathname && link.search === location.search;
}

export function startOffline() {
  banner = document.getElementById("offline");
  if (!banner) {
    return;
  }
  addEventListener("offline", goneOffline);
  document.addEventListener("tw:offline", goneOffline);
  addEventListener("online", ask);
  banner.querySelector("[data-offline-retry]").addEventListener("click", ask);
  document.addEventListener("click", keepPage, true);
  document.addEventListener("submit", keepPage, true);
  if (navigator.onLine === false) {
    goneOffline();
  }
}
