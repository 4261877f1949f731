// The selected rows: by checkbox, with Shift as far as there, or all that are loaded.
import { showMark, stale } from "./table.js";

export class Marks {
  constructor(list) {
    this.list = list;
    this.ids = new Map(); // id => its row, which outlives another order of the list
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
    return [...this.ids.values()];
  }

  add(id) {
    this.ids.set(id, this.list.rows.byId.get(id));
  }

  toggle(id, isRange = false) {
    if (isRange && this.last) {
      this.between(this.last, id).forEach((one) => this.add(one));
    } else if (!this.ids.delete(id)) {
      this.add(id);
    }
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
      every.forEach((item) => this.add(item.id));
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

  // The rows came again, in another order perhaps: what is selected stays so, with its newest values.
  renew() {
    for (const id of this.ids.keys()) {
      this.ids.set(id, this.list.rows.byId.get(id) || this.ids.get(id));
    }
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
      head.checked = rows.items.length > 0 && rows.items.every((item) => this.ids.has(item.id));
      head.indeterminate = this.ids.size > 0 && !head.checked;
    }
    this.listeners.forEach((listener) => listener());
  }
}
