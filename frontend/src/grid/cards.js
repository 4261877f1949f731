// The list on a phone: the same rows as cards, read with the thumb.
import { cell, hasTones } from "./cells.js";
import { isNothing, isNumber, shown } from "./values.js";
import { make } from "./words.js";

const FACTS = 3;

export class Cards {
  constructor(list) {
    this.list = list;
    this.plan = plan(list.view.columns());
    this.place = make("ul.cards");
    list.box.replaceChildren(this.place, list.states.tail);
    this.watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && list.rows.more(), { rootMargin: "800px" });
    this.reset();
  }

  reset() {
    this.group = null;
    this.place.replaceChildren();
    this.add(this.list.rows.items);
  }

  add(items) {
    this.place.append(...items.flatMap((item) => this.withHeading(item)));
    this.watch.disconnect();
    this.watch.observe(this.list.states.tail);
  }

  change(item) {
    this.place.querySelector(`[data-id="${CSS.escape(item.id)}"]`)?.replaceWith(this.card(item));
  }

  leave() {
    this.watch.disconnect();
    this.list.box.replaceChildren();
  }

  withHeading(item) {
    const column = this.list.view.column(this.list.view.group);
    if (!column) {
      return [this.card(item)];
    }
    const text = shown(column, item[column.name], this.list.look) || "—";
    const isNew = text !== this.group;
    this.group = text;
    return [...(isNew ? [make("li.cards-group", {}, make("span.muted", {}, column.label), " ", text)] : []), this.card(item)];
  }

  card(item) {
    const { title, badge, number, facts } = this.plan;
    const { look } = this.list;
    const known = facts.filter((column) => !isNothing(item[column.name])).slice(0, FACTS);
    const draw = (column) => cell(column, item, look);
    const head = make("div.card-head", {}, make("a.card-title", { href: item.url }, shown(title, item[title.name], look) || item.label));
    if (number && !isNothing(item[number.name])) {
      head.append(make("span.card-number.number", {}, shown(number, item[number.name], look)));
    }
    const line = make("div.card-facts");
    if (badge && !isNothing(item[badge.name])) {
      line.append(draw(badge));
    }
    line.append(...known.map((column) => make("span.card-fact", {}, shown(column, item[column.name], look))));
    return make("li.card", { "data-id": item.id }, head, line);
  }
}

// Which column says what on a card: its title, one badge, one number, and what people look for next.
export function plan(columns) {
  const title = columns.find((column) => column.is_title) || columns[0];
  const rest = columns.filter((column) => column !== title);
  const badge = rest.find((column) => column.kind === "choice" && hasTones(column));
  const number = rest.find((column) => column.kind === "money") || rest.find((column) => column.summed) || rest.find(isNumber);
  const others = rest.filter((column) => column !== badge && column !== number);
  const person = others.find((column) => column.kind === "reference");
  const facts = ["choice", "date", "text", "reference", "moment"].flatMap((kind) => others.filter((column) => column.kind === kind && column !== person));
  return { title, badge, number, facts: person ? [person, ...facts] : facts };
}
