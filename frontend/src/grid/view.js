// What is shown and how: columns, order, grouping, density, widths. The address says it first, then what this
// browser remembers, then what the page proposes.
import { recall, remember } from "../memory.js";
import { looks } from "./address.js";

export class View {
  constructor(grid) {
    this.grid = grid;
    this.known = new Map(grid.columns.map((column) => [column.name, column]));
    const asked = looks(location.search);
    const kept = this.recalled();
    // The source has an order of its own, which is none of the columns.
    this.proposedSort = this.known.has((grid.sort || "").replace(/^-/, "")) ? grid.sort : "";
    this.sort = asked.sort ?? this.proposedSort;
    this.group = asked.group ?? grid.group ?? "";
    this.density = asked.density ?? kept.density ?? "";
    this.widths = kept.widths || {};
    this.names = this.valid(asked.columns ? asked.columns.split(",") : this.proposed());
  }

  column(name) {
    return this.known.get(name);
  }

  columns() {
    return this.names.map((name) => this.known.get(name));
  }

  proposed() {
    return this.grid.columns.filter((column) => column.shown).map((column) => column.name);
  }

  title() {
    return this.grid.columns.find((column) => column.is_title) || this.grid.columns[0];
  }

  // Unknown names are left out, nothing comes twice, the title stays in front.
  valid(names) {
    const title = this.title().name;
    return [...new Set([title, ...names.filter((name) => this.known.has(name))])];
  }

  direction(name) {
    if (this.order() === name) {
      return "ascending";
    }
    return this.order() === `-${name}` ? "descending" : "";
  }

  // A grouped list is ordered by its groups first, or one group would come in pieces.
  order() {
    const sorted = this.sort.replace(/^-/, "");
    return this.group && sorted !== this.group ? this.group : this.sort;
  }

  groupable() {
    return this.grid.columns.filter((column) => column.sortable && ["choice", "reference", "date"].includes(column.kind));
  }

  sortable() {
    return this.grid.columns.filter((column) => column.sortable);
  }

  isProposed() {
    return this.names.join() === this.valid(this.proposed()).join() && !Object.keys(this.widths).length;
  }

  // For the address: what the page would show anyway is left out.
  address() {
    const columns = this.names.join() === this.valid(this.proposed()).join() ? "" : this.names.join(",");
    const asked = new URLSearchParams(location.search);
    return {
      sort: this.sort === this.proposedSort && !asked.has("sort") ? "" : this.sort,
      group: this.group,
      columns,
      density: this.density,
    };
  }

  recalled() {
    try {
      return JSON.parse(recall(`list.${this.grid.key}`)) || {};
    } catch {
      return {};
    }
  }

  keep() {
    remember(`list.${this.grid.key}`, JSON.stringify({ density: this.density, widths: this.widths }));
  }
}
