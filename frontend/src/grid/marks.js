// The selected rows: by checkbox, with Shift as far as there, or all that are loaded.
import { showMark, stale } from "./table.js";

export class Marks {
  constructor(list) {
    this.list = list;
    this.ids = new Set();
    this.last = null;
    this.listeners = [];
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  has(id) {
    return this.ids.has(id);
  }

  items() {
    return this.list.rows.items.filter((item) => this.ids.has(item.id));
  }

  toggle(id, isRange = false) {
    const on = !this.ids.has(id);
    const range = isRange && this.last ? this.between(this.last, id) : [id];
    // A range takes on what its first row is: selecting stays selecting.
    range.forEach((one) => (isRange ? this.ids.add(one) : on ? this.ids.add(one) : this.ids.delete(one)));
    this.last = id;
    this.tell();
  }

  // In the order in which they are drawn, which grouping may change.
  between(from, to) {
    const drawn = this.list.cursor.stops().map((stop) => stop.id).filter((id) => this.list.rows.byId.has(id));
    const [start, end] = [drawn.indexOf(from), drawn.indexOf(to)].sort((left, right) => left - right);
    return start < 0 ? [to] : drawn.slice(start, end + 1);
  }

  all() {
    const every = this.list.rows.items;
    if (every.length && every.every((item) => this.ids.has(item.id))) {
      this.ids.clear();
    } else {
      every.forEach((item) => this.ids.add(item.id));
    }
    this.tell();
  }

  clear() {
    if (!this.ids.size) {
      return false;
    }
    this.ids.clear();
    this.last = null;
    this.tell();
    return true;
  }

  // After the rows changed: what is no longer there cannot be selected.
  prune() {
    this.ids.forEach((id) => this.list.rows.byId.has(id) || this.ids.delete(id));
    this.tell();
  }

  tell() {
    const { box, rows } = this.list;
    for (const element of box.querySelectorAll(".tabulator-row[data-id]")) {
      showMark(element, this.ids.has(element.dataset.id));
    }
    stale(this.list, rows.byId);
    const head = box.querySelector("[data-mark-all]");
    if (head) {
      head.checked = this.ids.size > 0 && this.ids.size === rows.items.length;
      head.indeterminate = this.ids.size > 0 && !head.checked;
    }
    this.listeners.forEach((listener) => listener());
  }
}
