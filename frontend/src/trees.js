// Tables whose rows hold rows: opening and closing them. Editing a plan is fetched only where it is possible.
const MANY = 60; // rows; a longer table starts with its lowest units closed

export function rowsIn(table, row) {
  return [...table.tBodies[0].rows].filter((one) => one.dataset.parent === row.dataset.row);
}

function holder(row) {
  return row.hasAttribute("aria-expanded") ? row : row.querySelector("[data-toggle]");
}

export function isOpen(row) {
  const held = holder(row);
  return !held || held.getAttribute("aria-expanded") === "true";
}

export function setOpen(table, row, open) {
  const held = holder(row);
  if (held) {
    held.setAttribute("aria-expanded", String(open));
    show(table, row, open);
  }
}

function show(table, row, visible) {
  for (const child of rowsIn(table, row)) {
    child.hidden = !visible;
    show(table, child, visible && isOpen(child));
  }
}

function start(table) {
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (button) {
      const row = button.closest("tr");
      setOpen(table, row, !isOpen(row));
    }
  });
  const rows = [...table.tBodies[0].rows];
  if (rows.length > MANY) {
    const lowest = (row) => holder(row) && !rowsIn(table, row).some((child) => holder(child));
    rows.filter(lowest).forEach((row) => setOpen(table, row, false));
  }
}

export function startTrees() {
  for (const table of document.querySelectorAll("table[data-tree]")) {
    start(table);
    if (table.dataset.tree === "plan") {
      import(table.dataset.source).then((plan) => plan.start(table));
    }
  }
}
