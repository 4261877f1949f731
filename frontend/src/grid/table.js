// The grid library with the modules it needs, and our columns in it. It draws only the rows in view.
import { FormatModule, FrozenColumnsModule, GroupRowsModule, MoveColumnsModule, ResizeColumnsModule, ResizeTableModule, Tabulator } from "tabulator-tables";
import { cell } from "./cells.js";
import { heading } from "./headings.js";
import { isNothing, isNumber, shown } from "./values.js";
import { icon, make, word } from "./words.js";

Tabulator.registerModule([FormatModule, FrozenColumnsModule, GroupRowsModule, MoveColumnsModule, ResizeColumnsModule, ResizeTableModule]);

export const MARK = "_mark"; // the column of checkboxes
export const HEIGHTS = { "": 40, compact: 32 };
const MARK_WIDTH = 40;
const NARROWEST = 64;
const WIDTHS = { text: 180, long: 240, integer: 96, decimal: 112, money: 144, percent: 96, date: 152, moment: 152, bool: 80, choice: 128, reference: 144, tags: 180 };

export function widthOf(column, view) {
  return view.widths[column.name] || column.width || (column.is_title ? 240 : WIDTHS[column.kind] || 140);
}

// `view`: what is shown and how (state.js); `edits`: what is being saved; `marks`: what is selected.
export function draw(box, list) {
  const { view, rows } = list;
  const table = new Tabulator(box, {
    data: rows.items,
    columns: columns(list),
    layout: "fitData",
    height: "100%",
    rowHeight: HEIGHTS[view.density] || HEIGHTS[""],
    nestedFieldSeparator: false,
    movableColumns: true,
    groupBy: grouping(list),
    groupHeader: (value, count, items, group) => groupHeading(list, value, count, items, group),
    groupToggleElement: "header",
    columnDefaults: { minWidth: NARROWEST, resizable: "header" },
    rowFormatter: (row) => dress(list, row),
    debugInvalidComponentFuncs: false,
  });
  return table;
}

export function columns(list) {
  const shownColumns = list.view.columns();
  const marks = { field: MARK, title: "", width: MARK_WIDTH, minWidth: MARK_WIDTH, resizable: false, frozen: true, cssClass: "cell-mark" };
  marks.formatter = (one) => make("input", { type: "checkbox", tabindex: -1, "aria-label": word("selectRow", { name: one.getData().label }) });
  marks.titleFormatter = () => make("input", { type: "checkbox", tabindex: -1, "aria-label": word("selectAll"), "data-mark-all": true });
  return [marks, ...stretched(list, shownColumns).map(([column, width]) => ({
    field: column.name,
    title: column.label,
    width,
    frozen: Boolean(column.is_title),
    cssClass: classes(column),
    formatter: (one) => cell(column, one.getData(), list.look, list.edits.of(one.getData().id, column.name)),
    titleFormatter: () => heading(list, column),
  }))];
}

// The title takes the room that is left over, unless somebody gave it a width.
export function stretched(list, shownColumns) {
  const widths = shownColumns.map((column) => widthOf(column, list.view));
  const rest = list.box.clientWidth - MARK_WIDTH - widths.reduce((sum, width) => sum + width, 0) - 2;
  return shownColumns.map((column, at) => {
    const takes = column.is_title && rest > 0 && !list.view.widths[column.name];
    return [column, takes ? widths[at] + rest : widths[at]];
  });
}

function classes(column) {
  return [isNumber(column) ? "cell-number" : "", column.editable ? "cell-editable" : "", column.is_title ? "cell-first" : ""].filter(Boolean).join(" ");
}

// What every row element carries: its id, whether it is selected, and where it stands in the whole list.
export function dress(list, row) {
  const element = row.getElement();
  const { id } = row.getData();
  element.dataset.id = id;
  showMark(element, list.marks.has(id));
  for (const one of element.querySelectorAll(".tabulator-cell")) {
    const edit = list.edits.of(id, one.getAttribute("tabulator-field"));
    one.classList.toggle("cell-invalid", Boolean(edit && edit.state === "failed"));
  }
}

export function showMark(element, isMarked) {
  element.classList.toggle("row-marked", isMarked);
  element.setAttribute("aria-selected", String(isMarked));
  const box = element.querySelector(".cell-mark input");
  if (box) {
    box.checked = isMarked;
  }
}

// The library keeps the elements of rows that scrolled away: those that changed are built again when they return.
export function stale(list, ids) {
  for (const row of list.table ? list.table.getRows() : []) {
    if (ids.has(row.getIndex()) && !row.getElement().isConnected) {
      row.reformat();
    }
  }
}

// A cell drawn again where it stands, so that it keeps the focus.
export function repaint(list, item, names) {
  const row = list.box.querySelector(`.tabulator-row[data-id="${CSS.escape(item.id)}"]`);
  if (!row) {
    stale(list, new Set([item.id]));
  }
  for (const column of row ? list.view.columns() : []) {
    const element = (!names || names.includes(column.name)) && row.querySelector(`[tabulator-field="${CSS.escape(column.name)}"]`);
    if (element) {
      const edit = list.edits.of(item.id, column.name);
      element.replaceChildren(cell(column, item, list.look, edit));
      element.classList.toggle("cell-invalid", Boolean(edit && edit.state === "failed"));
    }
  }
}

export function grouping(list) {
  const column = list.view.column(list.view.group);
  return column ? (item) => key(column, item[column.name]) : false;
}

function key(column, value) {
  if (isNothing(value)) {
    return "";
  }
  return column.kind === "reference" ? value.id : String(value);
}

// The last group is only counted once everything is loaded: more of it may follow.
function groupHeading(list, value, count, items, group) {
  const column = list.view.column(list.view.group);
  const element = group.getElement();
  element.setAttribute("role", "row");
  element.dataset.group = value;
  const isWhole = !list.rows.next || items[items.length - 1] !== list.rows.items[list.rows.items.length - 1];
  const label = shown(column, items[0][column.name], list.look) || word("nothing");
  const heads = [icon("chevron-right"), make("span.muted", {}, column.label), make("strong", {}, label), make("span.muted", {}, isWhole ? String(count) : `${count}+`)];
  return make("div.group-head", { role: "gridcell", tabindex: -1, "aria-expanded": String(group.isVisible()) }, ...heads);
}
