// Finds a list on the page and fetches its code only when there is one.
function draw(root) {
  const list = root.querySelector("[data-grid]");
  if (list) {
    import(list.dataset.gridSource).then((library) => library.drawList(list));
  }
}

export function startGrids() {
  draw(document);
  document.addEventListener("htmx:afterSettle", (event) => draw(event.target));
}
