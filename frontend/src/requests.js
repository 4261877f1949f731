// htmx under a strict content security policy, and what happens when a request fails.
import htmx from "htmx.org";
import { say, words } from "./messages.js";

const REFUSED_WITH_FORM = "409|412|422";

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

// A fragment's own heading is read out, because a swapped part does not move the focus.
function announce(event) {
  const heading = event.target.querySelector && event.target.querySelector("[data-announce]");
  const voice = document.getElementById("voice");
  if (heading && voice) {
    voice.textContent = heading.textContent.trim();
  }
}

export function startRequests() {
  configure();
  document.addEventListener("htmx:afterSettle", announce);
  document.addEventListener("htmx:sendError", () => say(words("offline"), "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    const id = answer.getResponseHeader("X-Request-ID");
    say([words("failed"), id].filter(Boolean).join(" "), "error");
  });
}
