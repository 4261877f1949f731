// The list page: one set of rows, drawn as a grid or, on a phone, as cards.
import { toast } from "../messages.js";
import { keep, question } from "./address.js";
import { Bulk } from "./bulk.js";
import { Cards } from "./cards.js";
import { Cursor } from "./cursor.js";
import { Display } from "./display.js";
import { startFlyouts } from "./flyouts.js";
import { closeEditor, followScroll } from "./editor.js";
import { Edits } from "./edits.js";
import { startFilters } from "./filters.js";
import { nextSort, tellOrder } from "./headings.js";
import { startKeys } from "./keys.js";
import { Marks } from "./marks.js";
import { formerPlace, goBackTo, keepPlace } from "./place.js";
import { Rows } from "./rows.js";
import { States } from "./states.js";
import { columns, draw, grouping, MARK, repaint, stretched } from "./table.js";
import { Totals } from "./totals.js";
import { View } from "./view.js";
import { learn, word } from "./words.js";

const PHONE = "(width <= 640px)";

class List {
  constructor(root) {
    learn(root);
    this.root = root;
    this.box = root.querySelector("[data-body]");
    this.grid = JSON.parse(root.querySelector("#grid-config").textContent);
    this.look = { currency: root.dataset.currency, zone: root.dataset.zone, yes: word("yes"), no: word("no"), comma: word("comma") };
    this.view = new View(this.grid);
    this.rows = new Rows(this.grid.source, (page) => question(this.grid.asked, { sort: this.view.order(), fields: this.fields(), ...page }));
    this.marks = new Marks(this);
    this.edits = new Edits(this);
    this.rows.settled = (item) => this.edits.settled(item);
    this.states = new States(this);
    this.totals = new Totals(this);
  }

  start() {
    const brought = JSON.parse(this.root.querySelector("#grid-first").textContent);
    const former = formerPlace();
    // A grouping, other columns or a way back need other rows than the page brought.
    const fits = !former && this.view.order() === this.view.sort && !this.lacksColumns(brought.items);
    if (fits) {
      this.rows.begin(brought);
    }
    this.rows.listen((what, about) => this.hear(what, about));
    this.display = new Display(this);
    this.bulk = new Bulk(this);
    startFlyouts(this.root);
    startFilters(this);
    startKeys(this);
    this.startClicks();
    this.startNews();
    new ResizeObserver(() => this.stretch()).observe(this.box);
    this.root.classList.toggle("list-dense", this.view.density === "compact");
    this.root.classList.toggle("list-can-edit", this.grid.can.edit);
    const phone = matchMedia(PHONE);
    phone.addEventListener("change", () => this.draw(phone.matches));
    this.draw(phone.matches);
    this.totals.ask();
    keepPlace(this);
    if (fits) {
      this.states.show();
    } else {
      this.rows.reload(former?.count).then(() => former && goBackTo(this, former));
    }
  }

  fields() {
    return [...new Set([...this.view.names, ...(this.view.group ? [this.view.group] : [])])];
  }

  lacksColumns([first] = this.rows.items) {
    return Boolean(first) && this.fields().some((name) => first[name] === undefined);
  }

  isFiltered() {
    return this.grid.filters.length > 0 || Boolean(this.grid.query);
  }

  canEdit(column) {
    return Boolean(this.grid.can.edit && column.editable && column.kind !== "moment" && this.table);
  }

  // -- Drawing

  draw(isPhone) {
    closeEditor();
    this.cursor?.leave();
    this.table?.destroy();
    this.cards?.leave();
    Object.assign(this, { table: null, cards: null, cursor: null });
    this.root.classList.toggle("list-phone", isPhone);
    if (isPhone) {
      this.marks.clear();
      this.cards = new Cards(this);
      this.totals.draw();
      return;
    }
    this.table = draw(this.box, this);
    this.table.on("tableBuilt", () => this.built());
    this.table.on("columnMoved", () => this.moved());
    this.table.on("columnResized", (column) => this.resized(column));
    this.table.on("scrollHorizontal", (left) => {
      this.totals.place();
      followScroll();
      this.root.classList.toggle("is-scrolled", left > 0);
    });
    this.table.on("scrollVertical", followScroll);
    this.table.on("renderComplete", () => this.cursor?.settle());
    this.table.on("groupVisibilityChanged", () => this.nearEnd());
  }

  built() {
    this.holder = this.box.querySelector(".tabulator-tableholder");
    this.holder.append(this.states.tail);
    this.holder.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.box.setAttribute("aria-label", this.grid.title);
    // The library calls the table in it the group of rows; but what scrolls takes the focus, so it must be that.
    this.holder.setAttribute("role", "rowgroup");
    this.holder.querySelector(".tabulator-table").removeAttribute("role");
    this.box.removeAttribute("aria-owns");
    this.cursor = new Cursor(this);
    this.dressed();
    this.width = this.box.clientWidth;
    this.nearEnd();
  }

  // After the headings were built again.
  dressed() {
    tellOrder(this);
    this.totals.draw();
    this.cursor?.settle();
  }

  stretch() {
    if (!this.cursor || this.box.clientWidth === this.width || !this.box.clientWidth) {
      return;
    }
    this.width = this.box.clientWidth;
    for (const [column, width] of stretched(this, this.view.columns())) {
      this.table.getColumn(column.name).setWidth(width);
    }
    this.totals.place();
  }

  scrolled() {
    this.rows.unasked = 0;
    this.nearEnd();
  }

  nearEnd() {
    const { holder } = this;
    if (this.table && holder.scrollHeight - holder.scrollTop - holder.clientHeight < holder.clientHeight * 1.5) {
      this.rows.more();
    }
  }

  hear(what, about) {
    if (what === "reset") {
      this.marks.renew();
      this.cards?.reset();
      this.table?.replaceData(this.rows.items).then(() => this.nearEnd());
    } else if (what === "added") {
      this.cards?.add(about);
      this.table?.addData(about).then(() => this.nearEnd());
    } else if (what === "changed") {
      this.cards?.change(about);
      if (this.table) {
        repaint(this, about);
      }
    } else {
      this.states.show();
    }
  }

  // -- What people do

  startClicks() {
    for (const sign of ["wheel", "keydown", "pointerdown", "touchmove"]) {
      this.root.addEventListener(sign, () => (this.rows.unasked = 0), { passive: true });
    }
    this.box.addEventListener("click", (event) => this.click(event));
    this.box.addEventListener("dblclick", (event) => {
      const cell = event.target.closest(".tabulator-cell");
      if (cell && !event.target.closest("a, input")) {
        this.edit(this.rows.byId.get(cell.closest("[data-id]").dataset.id), this.view.column(cell.getAttribute("tabulator-field")));
      }
    });
  }

  click(event) {
    const head = event.target.closest("[data-sorts]");
    const cell = event.target.closest(".tabulator-cell");
    if (head) {
      this.sortBy(this.view.column(head.dataset.heading));
    } else if (event.target.closest("[data-mark-all]")) {
      this.marks.all();
    } else if (event.target.closest(".tabulator-group")) {
      this.cursor.press(`group:${event.target.closest(".tabulator-group").dataset.group}`);
    } else if (cell && !event.target.closest("a")) {
      const { id } = cell.closest("[data-id]").dataset;
      const name = cell.getAttribute("tabulator-field");
      if (name === MARK) {
        this.marks.toggle(id, event.shiftKey);
      }
      this.cursor.press(id, name);
    }
  }

  edit(item, column) {
    return this.edits.edit(item, column);
  }

  toggle(id) {
    const group = this.cursor.stops().find((stop) => stop.id === id).part;
    group.toggle();
    this.cursor.to(id);
  }

  sortBy(column) {
    this.lookAt({ sort: nextSort(this.view, column) });
  }

  // Another order, grouping or density: kept in the address, fetched again where that changes the rows.
  lookAt(changes) {
    const before = this.view.order();
    Object.assign(this.view, changes);
    keep(this.view.address(), this.root);
    this.view.keep();
    this.display.show();
    if ("density" in changes) {
      this.root.classList.toggle("list-dense", this.view.density === "compact");
      return this.redraw();
    }
    if ("group" in changes) {
      this.table?.setGroupBy(grouping(this));
      this.cards?.reset();
    }
    this.rebuild();
    return this.view.order() !== before || this.lacksColumns() ? this.rows.reload() : undefined;
  }

  setColumns(names) {
    this.view.names = this.view.valid(names);
    keep(this.view.address(), this.root);
    this.display.show();
    this.rebuild();
    if (this.lacksColumns()) {
      this.rows.reload();
    }
  }

  resetColumns() {
    this.view.widths = {};
    this.view.keep();
    this.setColumns(this.view.proposed());
  }

  rebuild() {
    if (this.table) {
      const left = this.holder?.scrollLeft;
      this.table.setColumns(columns(this));
      this.holder.scrollLeft = left;
      this.dressed();
    } else if (this.cards) {
      this.cards.leave();
      this.cards = new Cards(this);
      this.totals.draw();
    }
  }

  redraw() {
    this.draw(matchMedia(PHONE).matches);
  }

  moved() {
    const names = this.table.getColumns().map((column) => column.getField()).filter((name) => name !== MARK);
    this.view.names = this.view.valid(names);
    keep(this.view.address(), this.root);
    this.display.show();
    this.totals.place();
  }

  resized(column) {
    this.view.widths[column.getField()] = column.getWidth();
    this.view.keep();
    this.display.show();
    this.totals.place();
  }

  resize(name, width) {
    const column = this.table.getColumn(name);
    column.setWidth(width);
    this.resized(column);
  }

  // Values changed: the sums, and where the rows stand, may be others now.
  changed(names) {
    this.totals.ask();
    if (this.view.group && names.includes(this.view.group)) {
      this.table?.setGroupBy(grouping(this));
    }
  }

  // -- Messages

  say(name, undo = null, facts = {}) {
    this.toast?.remove();
    this.toast = toast(word(name, facts), { kind: undo ? "success" : "info", undo });
  }

  // -- What happens elsewhere

  startNews() {
    document.addEventListener("tw:online", () => this.rows.trouble && !this.rows.trouble.status && this.rows.retry());
    this.root.addEventListener("tw:changed", (event) => {
      event.preventDefault();
      this.renew();
    });
    addEventListener("beforeunload", (event) => this.edits.hasUnsaved() && event.preventDefault());
  }

  // Somebody changed something: rows take their new values where they stand. They only move, come and go while
  // nobody looks at a certain one.
  renew() {
    const isIdle = !this.marks.ids.size && !this.edits.isRecent() && !(this.holder && this.holder.scrollTop > 0);
    this.rows.renew(isIdle);
    this.totals.ask();
  }
}

export function drawList(root) {
  if (!root.dataset.drawn) {
    root.dataset.drawn = "yes";
    new List(root).start();
  }
}
