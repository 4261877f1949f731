// The panel that says how the list looks: group, order, density, which columns in which order.
import { icon, make, word } from "./words.js";

export class Display {
  constructor(list) {
    this.list = list;
    this.panel = list.root.querySelector("[data-flyout=display]");
    this.group = this.panel.querySelector("[data-group]");
    this.sort = this.panel.querySelector("[data-sort]");
    this.order = this.panel.querySelector("[data-columns]");
    this.fill();
    this.listen();
    this.show();
  }

  fill() {
    const options = (columns) => columns.map((column) => new Option(column.label, column.name));
    this.group.append(...options(this.list.view.groupable()));
    this.sort.append(new Option(word("noOrder"), ""), ...options(this.list.view.sortable()));
    this.group.closest(".display-line").hidden = !this.list.view.groupable().length;
  }

  listen() {
    const { list } = this;
    this.group.addEventListener("change", () => list.lookAt({ group: this.group.value }));
    this.sort.addEventListener("change", () => list.lookAt({ sort: this.sort.value }));
    this.panel.querySelector("[data-direction]").addEventListener("click", () => {
      const { sort } = list.view;
      list.lookAt({ sort: sort.startsWith("-") ? sort.slice(1) : `-${sort}` });
    });
    for (const button of this.panel.querySelectorAll("[data-density]")) {
      button.addEventListener("click", () => list.lookAt({ density: button.dataset.density }));
    }
    this.panel.querySelector("[data-reset]").addEventListener("click", () => list.resetColumns());
    this.order.addEventListener("change", (event) => this.tick(event.target));
    this.order.addEventListener("keydown", (event) => this.key(event));
    this.startDrag();
  }

  show() {
    const { view } = this.list;
    this.group.value = view.group;
    this.sort.value = view.sort.replace(/^-/, "");
    const direction = this.panel.querySelector("[data-direction]");
    const isDown = view.sort.startsWith("-");
    direction.disabled = !view.sort;
    direction.dataset.down = isDown ? "yes" : "";
    direction.setAttribute("aria-label", word(isDown ? "descending" : "ascending"));
    direction.title = word(isDown ? "descending" : "ascending");
    for (const button of this.panel.querySelectorAll("[data-density]")) {
      button.setAttribute("aria-pressed", String(button.dataset.density === view.density));
    }
    this.panel.querySelector("[data-reset]").disabled = view.isProposed();
    this.draw();
  }

  // Shown ones in their order, then the others as the page knows them.
  draw() {
    const { view, grid } = this.list;
    const hidden = grid.columns.filter((column) => !view.names.includes(column.name));
    this.order.replaceChildren(...[...view.columns(), ...hidden].map((column) => this.line(column, view.names.includes(column.name))));
  }

  line(column, isShown) {
    const box = make("input", { type: "checkbox", value: column.name, "aria-describedby": "display-hint" });
    box.checked = isShown;
    box.disabled = Boolean(column.is_title);
    const moves = isShown && !column.is_title;
    return make(`li${moves ? ".movable" : ""}`, { draggable: moves ? "true" : false, "data-column": column.name },
      moves ? make("span.grip", { "aria-hidden": "true" }, icon("grip-vertical")) : make("span.grip"),
      make("label.check", {}, box, column.label));
  }

  tick(box) {
    const { view } = this.list;
    const names = box.checked ? [...view.names, box.value] : view.names.filter((name) => name !== box.value);
    this.list.setColumns(names);
    this.order.querySelector(`input[value="${CSS.escape(box.value)}"]`).focus();
  }

  key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const line = event.target.closest("li");
    if (!step || !line) {
      return;
    }
    event.preventDefault();
    if (event.altKey) {
      this.move(line.dataset.column, step);
    } else {
      const boxes = [...this.order.querySelectorAll("input:not(:disabled)")];
      boxes[boxes.indexOf(event.target) + step]?.focus();
    }
  }

  move(name, step) {
    const names = [...this.list.view.names];
    const at = names.indexOf(name);
    // The title stays in front.
    if (at < 1 || at + step < 1 || at + step >= names.length) {
      return;
    }
    names.splice(at + step, 0, ...names.splice(at, 1));
    this.list.setColumns(names);
    this.order.querySelector(`input[value="${CSS.escape(name)}"]`).focus();
  }

  startDrag() {
    let dragged = null;
    this.order.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("li.movable");
      dragged?.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
    });
    this.order.addEventListener("dragover", (event) => {
      const over = event.target.closest("li.movable");
      if (dragged && over && over !== dragged) {
        event.preventDefault();
        const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
        over[event.clientY < middle ? "before" : "after"](dragged);
      } else if (dragged) {
        event.preventDefault();
      }
    });
    this.order.addEventListener("dragend", () => {
      dragged?.classList.remove("dragged");
      dragged = null;
      const names = [...this.order.querySelectorAll("li")].map((line) => line.dataset.column);
      this.list.setColumns(names.filter((name) => this.list.view.names.includes(name)));
    });
  }
}
