// The calendar by keyboard: arrows choose a day, Enter opens it, N plans on it, Page Up and Page Down turn,
// T is today, M and W change the look. Beyond the days shown, the arrows turn the page.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function moved(iso, days) {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

function focus(table, cell) {
  table.querySelectorAll("[data-day][tabindex='0']").forEach((other) => {
    other.tabIndex = -1;
  });
  cell.tabIndex = 0;
  cell.focus();
}

function go(iso) {
  const url = new URL(location.href);
  url.searchParams.set("day", iso);
  url.hash = `day-${iso}`;
  location.assign(url);
}

function step(table, cell, days) {
  const iso = moved(cell.dataset.day, days);
  const found = table.querySelector(`[data-day="${iso}"]`);
  if (found) {
    focus(table, found);
  } else {
    go(iso);
  }
}

// Inside a day the arrows walk through what stands there; Escape goes back to the day.
function walk(cell, event) {
  const links = [...cell.querySelectorAll("ul a")];
  const at = links.indexOf(event.target);
  if (event.key === "Escape") {
    cell.focus();
  } else if (at >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] || cell).focus();
  } else {
    return;
  }
  event.preventDefault();
}

function open(cell) {
  const target = cell.querySelector("ul a");
  if (target) {
    target.focus();
  } else {
    (cell.querySelector("[data-new]") || cell.querySelector("a")).click();
  }
}

const PAGE = {
  PageUp: "[data-turn=previous]",
  PageDown: "[data-turn=next]",
  t: "[data-turn=today]",
  m: "[data-look=month]",
  w: "[data-look=week]",
};

function onKey(table, event) {
  const cell = event.target.closest("[data-day]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (PAGE[event.key]) {
    event.preventDefault();
    document.querySelector(PAGE[event.key]).click();
  } else if (event.key === "n" && cell.querySelector("[data-new]")) {
    event.preventDefault();
    cell.querySelector("[data-new]").click();
  } else if (event.target !== cell) {
    walk(cell, event);
  } else if (STEPS[event.key]) {
    event.preventDefault();
    step(table, cell, STEPS[event.key]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    open(cell);
  }
}

export function startCalendar() {
  const table = document.querySelector("[data-calendar]");
  if (!table) {
    return;
  }
  table.addEventListener("keydown", (event) => onKey(table, event));
  const named = location.hash && table.querySelector(location.hash.replace(/[^#\w-]/g, ""));
  if (named) {
    focus(table, named);
  } else if (matchMedia("(width < 768px)").matches) {
    table.querySelector("[aria-current=date]")?.scrollIntoView(); // what was done before lies above
  }
}
