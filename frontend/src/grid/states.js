// What stands where the rows are not: waiting, nothing there, nothing fits, it failed.
import { make, icon, word } from "./words.js";

export class States {
  constructor(list) {
    this.list = list;
    this.parts = Object.fromEntries([...list.root.querySelectorAll("[data-state]")].map((part) => [part.dataset.state, part]));
    this.parts.failed.querySelector("[data-retry]").addEventListener("click", () => list.rows.retry());
    this.tail = make("div.list-tail");
  }

  show() {
    const { rows } = this.list;
    const isEmpty = !rows.items.length;
    const waiting = rows.isLoading && (isEmpty || rows.isReload);
    if (waiting) {
      this.only("waiting"); // its style lets quick answers come before it is seen
    } else if (rows.trouble && (isEmpty || rows.isReload)) {
      this.explain(rows.trouble);
      this.only("failed");
    } else if (isEmpty) {
      this.only(this.list.isFiltered() ? "nothing" : "none");
    } else {
      this.only("");
    }
    this.list.root.classList.toggle("list-is-empty", isEmpty && !rows.isLoading && !rows.trouble);
    this.drawTail();
  }

  only(name) {
    for (const [key, part] of Object.entries(this.parts)) {
      part.hidden = key !== name;
    }
  }

  explain(trouble) {
    const part = this.parts.failed;
    part.querySelector("[data-reason]").textContent = reason(trouble);
    const id = part.querySelector("[data-request]");
    id.textContent = trouble.request ? word("request", { id: trouble.request }) : "";
  }

  // Under the last row: the next ones are on their way, or why they did not come.
  drawTail() {
    const { rows } = this.list;
    const isMore = !rows.isReload && rows.items.length > 0;
    if (isMore && rows.trouble) {
      this.tail.replaceChildren(this.wrong(rows.trouble));
    } else if (isMore && rows.isLoading) {
      const lines = Array.from({ length: 3 }, () => make("div.skeleton-row", {}, make("i"), make("i"), make("i"), make("i")));
      this.tail.replaceChildren(make("div.list-skeleton", { "aria-hidden": "true" }, ...lines));
    } else if (isMore && rows.next && rows.isResting()) {
      this.tail.replaceChildren(this.pause());
    } else {
      this.tail.replaceChildren();
    }
  }

  pause() {
    const more = make("button.button", { type: "button" }, word("loadMore"));
    more.addEventListener("click", () => this.list.rows.wake());
    return this.row(more);
  }

  wrong(trouble) {
    const again = make("button.button", { type: "button" }, icon("refresh"), word("retry"));
    again.addEventListener("click", () => this.list.rows.retry());
    const id = trouble.request ? make("span.muted", {}, word("request", { id: trouble.request })) : "";
    const text = make("span", {}, reason(trouble));
    return this.row(icon("alert-triangle"), text, id, again);
  }

  // Inside the grid everything has to be a row of it.
  row(...inside) {
    const isGrid = Boolean(this.list.table);
    return make("div", { role: isGrid && "row" }, make("div.list-wrong", { role: isGrid && "gridcell" }, ...inside));
  }
}

export function reason(trouble) {
  if (!trouble.status) {
    return word("offline");
  }
  return trouble.status === 401 ? word("signedOut") : trouble.said || word("failed");
}
