// Draws <figure data-chart> with a slim ECharts: bars and lines, as SVG, in the colours of the page.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { options } from "./options.js";

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

const drawn = new Map();
const resizing = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const one = drawn.get(target);
    if (one && target.clientWidth !== one.width) {
      one.width = target.clientWidth;
      one.chart.resize();
      paint(target, one);
    }
  }
});

export function draw(figure) {
  const box = figure.querySelector("[data-chart-box]");
  if (drawn.has(box)) {
    return;
  }
  forgetGone();
  const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const sideways = data.kind === "bar" && data.labels.length > 0;
  if (sideways) {
    box.style.height = `${Math.min(Math.max(data.labels.length * 32 + 40, 120), 640)}px`;
  }
  const one = { chart: init(box, null, { renderer: "svg" }), data, width: box.clientWidth };
  drawn.set(box, one);
  paint(box, one);
  resizing.observe(box);
}

function paint(box, one) {
  one.chart.setOption(options(one.data, getComputedStyle(box), one.width), true);
}

function forgetGone() {
  for (const [box, { chart }] of drawn) {
    if (!box.isConnected) {
      resizing.unobserve(box);
      chart.dispose();
      drawn.delete(box);
    }
  }
}

document.addEventListener("tradewind:theme", () => drawn.forEach((one, box) => paint(box, one)));
