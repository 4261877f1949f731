// Headings: a press sorts on the server; Alt and the arrow keys change the width.
import { isNumber } from "./values.js";
import { icon, make, word } from "./words.js";

export function heading(list, column) {
  if (!column.sortable) {
    return make("span.heading", { "data-heading": column.name, tabindex: -1 }, make("span.heading-text", { title: column.label }, column.label));
  }
  const button = make("button.heading", { type: "button", tabindex: -1, "data-heading": column.name, "data-sorts": true });
  button.append(make("span.heading-text", { title: column.label }, column.label));
  const direction = list.view.direction(column.name);
  if (direction) {
    button.append(icon(direction === "descending" ? "arrow-down" : "arrow-up"));
  }
  return button;
}

// The library builds the heading's element; what assistive technology is told about it is ours.
export function tellOrder(list) {
  for (const element of list.box.querySelectorAll(".tabulator-col")) {
    const name = element.getAttribute("tabulator-field");
    const column = list.view.column(name);
    const direction = column && list.view.direction(name);
    if (direction) {
      element.setAttribute("aria-sort", direction);
    } else {
      element.removeAttribute("aria-sort");
    }
    element.setAttribute("aria-label", column ? column.label : word("selectAll"));
  }
}

// Unsorted, then the direction people mean first (large numbers, late days), then the other, then unsorted.
export function nextSort(view, column) {
  const first = isNumber(column) || ["date", "moment"].includes(column.kind) ? "-" : "";
  const other = first ? "" : "-";
  if (view.sort === first + column.name) {
    return other + column.name;
  }
  return view.sort === other + column.name ? "" : first + column.name;
}
