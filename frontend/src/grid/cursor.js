// The cursor: one cell has the focus, the arrow keys move it, and the rest of the page is one Tab away.
import { MARK } from "./table.js";

export const HEAD = "#head";

export class Cursor {
  constructor(list) {
    this.list = list;
    this.id = null; // a row's id, HEAD, or "group:" and a group's key
    this.name = list.view.title().name;
    this.holder = list.box.querySelector(".tabulator-tableholder");
    this.ending = new AbortController();
    const { signal } = this.ending;
    list.box.addEventListener("focusin", (event) => this.follow(event.target), { signal });
    // A press on a cell gives the focus to what holds it, before the press itself says where the cursor goes.
    list.box.addEventListener("pointerdown", () => (this.isPressed = true), { signal });
    addEventListener("pointerup", () => (this.isPressed = false), { signal });
    this.holder.addEventListener("focus", () => this.isParked || this.isPressed || this.toHere());
    this.holder.addEventListener("scroll", () => requestAnimationFrame(() => this.settle()), { passive: true });
    this.settle();
  }

  // The grid is drawn anew: the next cursor listens.
  leave() {
    this.ending.abort();
  }

  // Everything the cursor can stand on, from top to bottom.
  stops() {
    const drawn = this.list.table.getRows("display");
    return [{ id: HEAD }, ...drawn.map((one) => (one.getSubGroups ? { id: `group:${one.getKey()}`, part: one } : { id: one.getIndex(), part: one }))];
  }

  names() {
    return [MARK, ...this.list.view.names];
  }

  column() {
    return this.list.view.column(this.name);
  }

  item() {
    return this.list.rows.byId.get(this.id);
  }

  element(id = this.id, name = this.name) {
    if (id === HEAD) {
      return this.list.box.querySelector(`.tabulator-col[tabulator-field="${CSS.escape(name)}"] :is([data-heading], input)`);
    }
    if (String(id).startsWith("group:")) {
      return this.list.box.querySelector(`.tabulator-group[data-group="${CSS.escape(id.slice(6))}"] .group-head`);
    }
    const row = id && this.list.box.querySelector(`.tabulator-row[data-id="${CSS.escape(id)}"]`);
    return row && row.querySelector(`[tabulator-field="${CSS.escape(name)}"]`);
  }

  // Put the cursor somewhere and bring it into view.
  async to(id, name = this.name) {
    Object.assign(this, { id, name });
    const stop = this.stops().find((one) => one.id === id);
    if (stop && stop.part && !this.element()?.isConnected) {
      await stop.part.scrollTo("center", true).catch(() => {});
    }
    this.element()?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.take();
  }

  // Where somebody pressed: nothing scrolls, or a second press would meet another cell.
  press(id, name = this.name) {
    Object.assign(this, { id, name });
    this.take();
  }

  take() {
    const element = this.element();
    if (element) {
      element.tabIndex = 0;
      element.focus({ preventScroll: true });
    }
    this.settle();
  }

  toHere() {
    const stops = this.stops();
    return this.to(stops.some((one) => one.id === this.id) ? this.id : (stops[1] || stops[0]).id);
  }

  // Up and down by so many; beyond the last loaded row the next page is fetched meanwhile.
  down(steps) {
    const stops = this.stops();
    const at = stops.findIndex((one) => one.id === this.id);
    const next = Math.min(Math.max(at + steps, 0), stops.length - 1);
    if (next >= stops.length - 10) {
      this.list.rows.more();
    }
    return this.to(stops[next].id);
  }

  right(steps) {
    const names = this.names();
    const next = Math.min(Math.max(names.indexOf(this.name) + steps, 0), names.length - 1);
    return this.to(this.id, names[next]);
  }

  edge(key, isFar) {
    const [names, stops] = [this.names(), this.stops()];
    const isFirst = key === "Home";
    const far = isFirst ? stops[1] || stops[0] : stops[stops.length - 1];
    return this.to(isFar ? far.id : this.id, isFar ? this.name : isFirst ? names[1] : names[names.length - 1]);
  }

  page() {
    const row = this.list.box.querySelector(".tabulator-row");
    return Math.max(1, Math.floor(this.holder.clientHeight / (row ? row.offsetHeight : 40)) - 1);
  }

  // A mouse that lands on a cell takes the cursor along.
  follow(target) {
    const cell = target.closest(".tabulator-cell, .tabulator-col");
    const row = target.closest(".tabulator-row[data-id], .tabulator-group");
    if (cell) {
      this.name = cell.getAttribute("tabulator-field");
      this.id = row ? row.dataset.id : HEAD;
    } else if (row) {
      this.id = `group:${row.dataset.group}`;
    }
    this.settle();
  }

  // One stop for the Tab key, also when the row of the cursor was scrolled out of the drawn ones.
  settle() {
    const here = this.element();
    for (const other of this.list.box.querySelectorAll('.tabulator [tabindex="0"]')) {
      if (other !== here && other !== this.holder) {
        other.tabIndex = -1;
      }
    }
    if (here) {
      here.tabIndex = 0;
    }
    this.holder.tabIndex = here ? -1 : 0;
    // The focused cell was drawn anew, or its row was scrolled away: the keys stay with the grid, and the rows
    // stay where they are.
    const active = document.activeElement;
    if ((this.hadFocus && active === document.body) || (active === this.holder && !this.isPressed)) {
      this.isParked = true;
      (here || this.holder).focus({ preventScroll: true });
      this.isParked = false;
    }
    this.hadFocus = this.list.box.contains(document.activeElement);
  }
}
