// Finds charts on the page and fetches the drawing code only when there is one.
function draw(root) {
  const figures = [...root.querySelectorAll("[data-chart]")];
  if (!figures.length) {
    return;
  }
  import(figures[0].dataset.chartSource).then((library) => figures.forEach(library.draw));
}

export function startCharts() {
  draw(document);
  document.addEventListener("htmx:afterSettle", (event) => draw(event.target));
}
