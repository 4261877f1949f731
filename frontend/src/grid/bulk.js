// The bar for selected rows: set one field of all of them, export them, undo.
import { field } from "./fields.js";
import { changeMany, isOffline } from "./source.js";
import { repaint, stale } from "./table.js";
import { reason } from "./states.js";
import { isSame, sent, shown } from "./values.js";
import { make, word } from "./words.js";

const MOST = 500;

export class Bulk {
  constructor(list) {
    this.list = list;
    this.bar = list.root.querySelector("[data-bulk]");
    this.flyout = this.bar.querySelector("[data-flyout=bulk]");
    this.control = null;
    list.marks.listen(() => this.show());
    this.bar.querySelector("[data-bulk-clear]").addEventListener("click", () => {
      list.marks.clear();
      list.cursor.toHere();
    });
    if (this.flyout) {
      this.startSetting();
    }
  }

  show() {
    const items = this.list.marks.items();
    this.bar.hidden = !items.length;
    this.list.root.classList.toggle("has-bulk", items.length > 0);
    this.bar.querySelector("[data-bulk-count]").textContent = word("selected", { count: items.length });
    const link = this.bar.querySelector("[data-bulk-export]");
    if (link) {
      const isTooMany = items.length > MOST;
      const query = new URLSearchParams(items.map((item) => ["ids", item.id]));
      link.href = `${this.list.grid.export_url}?${query}`;
      link.toggleAttribute("inert", isTooMany);
      link.title = isTooMany ? word("tooMany", { most: MOST }) : "";
    }
    if (this.flyout && !items.length) {
      this.flyout.open = false;
    }
    this.preview();
  }

  startSetting() {
    const { grid, view } = this.list;
    this.select = this.bar.querySelector("[data-bulk-column]");
    this.select.append(...grid.bulk.map((name) => view.column(name)).filter(Boolean).map((column) => new Option(column.label, column.name)));
    this.select.addEventListener("change", () => this.build());
    this.bar.querySelector("[data-bulk-apply]").addEventListener("click", () => this.apply());
    this.bar.querySelector("[data-bulk-value]").addEventListener("input", () => this.preview());
    this.flyout.addEventListener("opened", () => this.build());
  }

  build() {
    const column = this.list.view.column(this.select.value);
    this.control = field(column, undefined, { look: this.list.look, done: () => this.preview() });
    this.bar.querySelector("[data-bulk-value]").replaceChildren(make("span", {}, word("newValue")), this.control.element);
    this.complain("");
    this.preview();
    this.control.focus();
  }

  // The button says what it will do.
  preview() {
    const button = this.bar.querySelector("[data-bulk-apply]");
    if (!button || !this.control) {
      return;
    }
    const column = this.list.view.column(this.select.value);
    const { value, problem } = this.control.read();
    button.disabled = value === undefined && !problem;
    const text = problem || button.disabled ? "…" : shown(column, value, this.list.look) || word("noValue");
    button.textContent = word("setTo", { count: this.list.marks.items().length, column: column.label, value: text });
  }

  complain(text) {
    const place = this.bar.querySelector("[data-bulk-problem]");
    place.textContent = text;
    place.hidden = !text;
  }

  async apply() {
    const column = this.list.view.column(this.select.value);
    const { value, problem, facts } = this.control.read();
    if (problem || isOffline()) {
      this.complain(problem ? word(problem, facts) : word("offlineKept"));
      return;
    }
    const items = this.list.marks.items().filter((item) => !isSame(column, item[column.name], value));
    const before = new Map(items.map((item) => [item.id, item[column.name]]));
    const button = this.bar.querySelector("[data-bulk-apply]");
    button.setAttribute("aria-busy", "true");
    const result = await this.send(column, items, () => value);
    button.removeAttribute("aria-busy");
    if (result) {
      this.flyout.open = false;
      this.tell(column, result, before);
    }
  }

  // In parcels of what the server takes at once; null when nothing could be sent.
  async send(column, items, valueOf) {
    const result = { items: [], refused: [] };
    try {
      for (let at = 0; at < items.length; at += MOST) {
        const parcel = items.slice(at, at + MOST);
        const changes = parcel.map(({ id, version }) => ({ id, version, values: { [column.name]: sent(column, valueOf(id)) } }));
        const answer = await changeMany(this.list.grid.source, changes);
        result.items.push(...answer.items);
        result.refused.push(...answer.refused);
      }
    } catch (trouble) {
      this.complain([reason(trouble), trouble.request].filter(Boolean).join(" "));
      if (!result.items.length) {
        return null;
      }
    }
    result.items.forEach((item) => this.list.rows.put(item));
    stale(this.list, new Set(result.items.map((item) => item.id)));
    result.items.forEach((item) => repaint(this.list, this.list.rows.byId.get(item.id) || item));
    this.list.changed([column.name]);
    return result;
  }

  tell(column, { items, refused }, before) {
    if (items.length) {
      this.list.say("changedMany", () => this.undo(column, items, before), { count: items.length });
    }
    if (refused.length) {
      const dialog = this.list.root.querySelector("[data-refused]");
      dialog.querySelector("[data-refused-title]").textContent = word("refused", { count: refused.length });
      const lines = refused.map((one) => make("li", {}, make("strong", {}, one.label || this.list.marks.ids.get(one.id)?.label || one.id), make("span", {}, one.title)));
      dialog.querySelector("[data-refused-rows]").replaceChildren(...lines);
      dialog.showModal();
    }
  }

  async undo(column, items, before) {
    const result = await this.send(column, items, (id) => before.get(id));
    if (!result) {
      throw new Error(word("failed"));
    }
    this.tell(column, { items: [], refused: result.refused });
  }
}
