// While somebody looks with another's eyes, what would be refused is not to be used: the forms of the page
// are inert. Whatever rights decide is left out by the server already; this closes what is shown by who is asked.
const CLOSED = 'main form[method="post"]:not(.looks-as form)';

function close() {
  if (document.querySelector("[data-only-looking]")) {
    for (const form of document.querySelectorAll(CLOSED)) {
      form.inert = true;
    }
  }
}

export function startOnlyLooking() {
  close();
  document.addEventListener("htmx:afterSettle", close);
}
