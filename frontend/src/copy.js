// Copy buttons: <button data-copy="id of the field">.
import { say, words } from "./messages.js";

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without https browsers offer no clipboard; the text is selected, so one key copies it.
    say(words("copyByHand"));
    return;
  }
  say(words("copied"), "success");
}

export function startCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      copy(button);
    }
  });
}
