// From our small chart description to ECharts options. Colours come from the page's CSS variables.
import { exact, short } from "./words.js";

const LABEL_SHARE = 0.28;

export function options(data, style, width) {
  const look = palette(style);
  const numbers = data.values.map((value) => (value === null ? null : Number(value)));
  return {
    animationDuration: 150,
    animationDurationUpdate: 150,
    textStyle: { fontFamily: style.fontFamily, fontSize: 12, color: look.muted },
    grid: { left: 0, right: data.before && !isNarrow(width) ? 112 : 72, top: 12, bottom: 0, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tooltip(data, look),
    ...(data.kind === "line" ? line(data, numbers, look, width) : bars(data, numbers, look, width)),
  };
}

function palette(style) {
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    accent: read("--chart"),
    soft: read("--chart-soft"),
    text: read("--text"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--surface"),
  };
}

// richText draws the tooltip inside the chart; the HTML kind writes style attributes, which the policy forbids.
function tooltip(data, look) {
  return {
    renderMode: "richText",
    trigger: "axis",
    confine: true,
    backgroundColor: look.surface,
    borderColor: look.line,
    textStyle: { color: look.text, fontSize: 13 },
    axisPointer: { type: data.kind === "line" ? "line" : "shadow", lineStyle: { color: look.line }, shadowStyle: { color: look.soft } },
    formatter: ([point]) => {
      const at = point.dataIndex;
      const text = data.texts ? data.texts[at] : told(data.values[at], data.unit);
      if (!data.before) {
        return `${point.name}\n${text}`;
      }
      return `${point.name}\n${data.name}  ${text}\n${data.before.name}  ${told(data.before.values[at], data.unit)}`;
    },
  };
}

function told(value, unit) {
  return value === null ? "—" : exact(value, unit);
}

function valueAxis(data, look, width) {
  return {
    type: "value",
    min: (range) => Math.min(0, range.min),
    splitNumber: isNarrow(width) ? 3 : 5,
    splitLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.muted, formatter: (value) => short(value, data.unit), hideOverlap: true },
  };
}

function labelAxis(data, look) {
  return {
    type: "category",
    data: data.labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.text },
  };
}

// Bars lie: Chinese and long names stay readable without turning the head.
function bars(data, numbers, look, width) {
  const labels = labelAxis(data, look);
  const room = Math.max(72, Math.round(width * LABEL_SHARE));
  return {
    yAxis: { ...labels, inverse: true, axisLabel: { ...labels.axisLabel, width: room, overflow: "truncate" } },
    xAxis: valueAxis(data, look, width),
    series: [
      {
        type: "bar",
        data: numbers,
        barMaxWidth: 18,
        barMinHeight: 1,
        itemStyle: { color: look.accent, borderRadius: [0, 3, 3, 0] },
        label: { show: true, position: "right", color: look.text, formatter: ({ value }) => short(value, data.unit) },
      },
    ],
  };
}

function line(data, numbers, look, width) {
  const last = numbers.findLastIndex((value) => value !== null);
  const solid = {
    type: "line",
    data: numbers,
    connectNulls: false,
    symbolSize: 6,
    showSymbol: numbers.length <= 31,
    lineStyle: { width: 2, color: look.accent },
    itemStyle: { color: look.accent },
    areaStyle: { color: look.soft },
    label: { show: true, position: "right", color: look.text, formatter: ({ dataIndex, value }) => (dataIndex === last ? ended(data.name, short(value, data.unit), "", width) : "") },
  };
  return {
    xAxis: { ...labelAxis(data, look), boundaryGap: false },
    yAxis: valueAxis(data, look, 800),
    series: data.before ? [before(data, look, width), solid] : [solid],
  };
}

// The same months of the year before: dashed and quiet, told apart without colour.
function before(data, look, width) {
  const numbers = data.before.values.map(Number);
  return {
    type: "line",
    data: numbers,
    showSymbol: false,
    lineStyle: { width: 1.5, type: "dashed", color: look.muted },
    itemStyle: { color: look.muted },
    endLabel: { show: true, color: look.muted, formatter: ({ value }) => ended(data.before.name, short(value, data.unit), data.before.name, width) },
  };
}

// What stands at the end of a line: its name and last value; where there is no room for both, one of them.
function ended(name, text, alone, width) {
  if (isNarrow(width)) {
    return alone || text;
  }
  return name ? `${name} ${text}` : text;
}

function isNarrow(width) {
  return width < 480;
}
