// A card dropped on won or lost asks how and why first; until that is said, it stays where it was.
import { say, words } from "../messages.js";
import { token } from "./server.js";

export function closer() {
  const dialog = document.querySelector("[data-closing]");

  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-cancel]") || event.target === dialog) {
      dialog.close();
    }
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const headers = { "HX-Request": "true", "X-CSRFToken": token() };
    const answer = await fetch(form.action, { method: "POST", headers, body: new FormData(form) }).catch(() => null);
    if (answer && answer.status === 204) {
      dialog.close();
      document.querySelector("[data-board-filters]").requestSubmit(); // which brings the board anew
    } else {
      await fill(dialog, answer);
    }
  });

  return async function close(card, target) {
    const address = `/opportunities/${card.dataset.card}/closing?as=${target.dataset.kind}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (await fill(dialog, answer)) {
      dialog.showModal();
      const first = dialog.querySelector("input:not([type=hidden]), select, textarea");
      first.focus();
      first.select?.();
    }
  };
}

// A refusal brings the form back with the reason at its field.
async function fill(dialog, answer) {
  if (!answer || ![200, 409, 422].includes(answer.status)) {
    say(words(answer ? "failed" : "offline"), "error");
    return false;
  }
  dialog.innerHTML = await answer.text();
  return true;
}
