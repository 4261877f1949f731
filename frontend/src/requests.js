// htmx under a strict content security policy, and what happens while a request runs and when it fails.
import htmx from "htmx.org";
import { say, words } from "./messages.js";
import { goneOffline } from "./offline.js";

const REFUSED_WITH_FORM = "409|412|422";
const SAFE = /^(get|head)$/i;

function configure() {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    // Chart data travels in script elements of type application/json; the policy stops any that would run.
    allowScriptTags: true,
    selfRequestsOnly: true,
    // Pages hold customers' figures: going back asks the server again instead of keeping copies in the browser.
    historyCacheSize: 0,
    historyRestoreAsHxRequest: false,
    refreshOnHistoryMiss: true,
    scrollIntoViewOnBoost: false,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: REFUSED_WITH_FORM, swap: true, error: false },
      { code: "[45]..", swap: false, error: true },
    ],
  });
}

// What a change must carry along.
export function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  return found ? found[1] : "";
}

// A fragment's own heading is read out, because a swapped part does not move the focus.
function announce(event) {
  const heading = event.target.querySelector && event.target.querySelector("[data-announce]");
  const voice = document.getElementById("voice");
  if (heading && voice) {
    voice.textContent = heading.textContent.trim();
  }
}

// The line on top: requests under way, and pages on their way.
let underWay = 0;

function line(change) {
  underWay = Math.max(0, underWay + change);
  const progress = document.getElementById("progress");
  if (progress) {
    progress.classList.toggle("is-busy", underWay > 0);
  }
}

function leaving(event) {
  const link = event.target.closest("a[href]");
  const isPlain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  const isPage = link && link.origin === location.origin && !link.target && !link.hasAttribute("download");
  if (isPlain && isPage && link.pathname + link.search !== location.pathname + location.search) {
    line(1);
    setTimeout(() => line(-1), 10000); // a file that the browser only saves never leaves this page
  }
}

export function startRequests() {
  configure();
  document.addEventListener("htmx:configRequest", (event) => {
    if (!SAFE.test(event.detail.verb)) {
      event.detail.headers["X-CSRFToken"] = token();
    }
  });
  document.addEventListener("htmx:beforeSend", () => line(1));
  document.addEventListener("htmx:afterRequest", () => line(-1));
  document.addEventListener("click", leaving);
  addEventListener("pageshow", () => line(-underWay));
  document.addEventListener("htmx:afterSettle", announce);
  document.addEventListener("htmx:sendError", () => {
    goneOffline();
    say(words("offline"), "error");
  });
  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    const id = answer.getResponseHeader("X-Request-ID");
    say([words("failed"), id].filter(Boolean).join(" "), "error");
  });
}
