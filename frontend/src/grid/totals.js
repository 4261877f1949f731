// The line under the list: how many rows the filter has and what they add up to. Asked once the rows stand.
import { question } from "./address.js";
import { summary } from "./source.js";
import { MARK } from "./table.js";
import { shown } from "./values.js";
import { make, word } from "./words.js";

const QUIET_MS = 400;

export class Totals {
  constructor(list) {
    this.list = list;
    this.line = list.root.querySelector("[data-total]");
    this.answer = null;
    this.timer = 0;
  }

  // Asked a little later, so that ten quick edits cost one question.
  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), this.answer ? QUIET_MS : 0);
  }

  async fetch() {
    this.running?.abort();
    this.running = new AbortController();
    try {
      this.answer = await summary(this.list.grid.source, question(this.list.grid.asked), this.running.signal);
    } catch {
      // A list without its total is still a list; the next change asks again.
      return;
    }
    this.draw();
  }

  count() {
    const { count, is_capped: isCapped } = this.answer;
    const number = count.toLocaleString("en-US");
    return { count, text: isCapped ? `${number}+` : number };
  }

  draw() {
    if (!this.answer) {
      return;
    }
    const { count, text } = this.count();
    const label = make("span.total-count", {}, word("rows", { count, number: text }));
    if (this.list.table) {
      this.line.replaceChildren(label, ...this.sums().map(([column, sum]) => this.under(column, sum)));
      this.place();
    } else {
      this.line.replaceChildren(label, ...this.sums().map(([column, sum]) => make("span.total-fact", {}, make("span.muted", {}, column.label), " ", make("strong.number", {}, sum))));
    }
  }

  sums() {
    const { sums = {} } = this.answer;
    const columns = this.list.view.columns().filter((column) => sums[column.name] !== undefined && sums[column.name] !== null);
    return columns.map((column) => [column, shown(column, sums[column.name], this.list.look)]);
  }

  under(column, sum) {
    return make("span.total-sum", { "data-under": column.name, title: word("sumOf", { column: column.label }) }, sum);
  }

  // Every sum stands under its column, also while columns are scrolled, moved or resized.
  place() {
    const { box } = this.list;
    const left = box.getBoundingClientRect().left;
    const title = box.querySelector(`.tabulator-col[tabulator-field="${CSS.escape(this.list.view.title().name)}"]`);
    const mark = box.querySelector(`.tabulator-col[tabulator-field="${MARK}"]`);
    const label = this.line.querySelector(".total-count");
    if (label && title && mark) {
      const frozen = title.getBoundingClientRect().right - left;
      label.style.width = `${frozen}px`;
      box.style.setProperty("--frozen", `${frozen}px`);
    }
    for (const sum of this.line.querySelectorAll("[data-under]")) {
      const head = box.querySelector(`.tabulator-col[tabulator-field="${CSS.escape(sum.dataset.under)}"]`);
      if (head) {
        sum.style.right = `${this.line.clientWidth - (head.getBoundingClientRect().right - left)}px`;
      }
    }
  }
}
