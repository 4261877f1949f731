// The page that takes a file: says which one was chosen or dropped, and refuses one that is too big at once.
function choose(form) {
  const input = form.querySelector("input[type=file]");
  const name = form.querySelector("[data-upload-name]");
  const empty = name.textContent;
  input.addEventListener("change", () => {
    const file = input.files[0];
    name.textContent = file ? file.name : empty;
    input.setCustomValidity(file && file.size > Number(form.dataset.largest) ? form.dataset.tooBig : "");
    input.reportValidity();
    if (file && input.validity.valid) {
      form.querySelector("button").focus();
    }
  });
  const zone = input.closest(".drop-zone");
  const mark = (event) => zone.classList.toggle("is-over", event.type === "dragover");
  ["dragover", "dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, mark));
}

export function startUpload() {
  document.querySelectorAll("form[data-upload]").forEach(choose);
  // Work with a page of its own shows its result there by itself.
  document.addEventListener("tw:work-ended", (event) => {
    if (event.target.closest("[data-reload-when-done]")) {
      location.reload();
    }
  });
}
