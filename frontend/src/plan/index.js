// The grid of a plan: moving with the keyboard, editing a cell in place, locking it. Sums follow at once and are
// then replaced by the server's, which are the truth.
import { isOpen, rowsIn, setOpen } from "../trees.js";
import { say, words } from "../messages.js";
import { exact, parsed, shown, written } from "./amounts.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function start(table) {
  new Grid(table).listen();
  table.dataset.ready = "";
}

class Grid {
  constructor(table) {
    this.table = table;
    this.version = table.dataset.version;
    this.isEditable = "editable" in table.dataset;
    this.waiting = Promise.resolve(); // one change after the other: each needs the version the last one made
    this.foot = document.querySelector("[data-chosen]");
    table.tBodies[0].querySelectorAll("td").forEach((cell, at) => {
      cell.tabIndex = at ? -1 : 0;
    });
  }

  listen() {
    this.table.addEventListener("keydown", (event) => this.onKey(event));
    this.table.addEventListener("mousedown", (event) => {
      this.again = event.target.closest("td") === this.chosen; // the press itself moves the focus
    });
    this.table.addEventListener("click", (event) => this.onClick(event));
    this.table.addEventListener("focusin", (event) => this.choose(event.target.closest("td")));
    if (this.foot) {
      this.foot.querySelector("[data-edit]").addEventListener("click", () => this.edit(this.chosen));
      this.foot.querySelector("[data-lock]").addEventListener("click", () => this.toggleLock(this.chosen));
    }
  }

  onClick(event) {
    const cell = event.target.closest("td");
    if (!cell || event.target.closest("input")) {
      return;
    }
    if (this.again) {
      this.edit(cell);
    } else {
      cell.focus();
    }
  }

  onKey(event) {
    const cell = event.target.closest("td");
    if (!cell || event.target.matches("input")) {
      return;
    }
    if (event.key in STEPS && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.move(cell, ...STEPS[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      this.go(cell.parentElement, event.key === "Home" ? 1 : cell.parentElement.cells.length - 1);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      this.open(cell);
    } else if (/^\d$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.edit(cell, event.key);
    } else if (event.key.toLowerCase() === "l" && !event.ctrlKey && !event.metaKey) {
      this.toggleLock(cell);
    }
  }

  // Enter edits a month; on a unit, whose numbers are sums, it opens or closes the row.
  open(cell) {
    const row = cell.parentElement;
    if ("cell" in cell.dataset) {
      this.edit(cell);
    } else if (rowsIn(this.table, row).length) {
      setOpen(this.table, row, !isOpen(row));
    }
  }

  move(cell, down, right) {
    const rows = [...this.table.tBodies[0].rows].filter((row) => !row.hidden);
    const row = rows[rows.indexOf(cell.parentElement) + down];
    this.go(row, cell.cellIndex + right);
  }

  go(row, index) {
    const cell = row && index > 0 ? row.cells[index] : null;
    if (cell) {
      cell.focus();
    }
  }

  choose(cell) {
    if (!cell || cell === this.chosen) {
      return;
    }
    if (this.chosen) {
      this.chosen.tabIndex = -1;
    }
    this.chosen = cell;
    cell.tabIndex = 0;
    this.tell();
  }

  // Under the grid: which cell is chosen, and what can be done with it; the only way on a phone.
  tell() {
    if (!this.foot) {
      return;
    }
    const cell = this.chosen;
    const can = cell && "cell" in cell.dataset;
    this.foot.hidden = !can;
    if (!can) {
      return;
    }
    const row = cell.parentElement.querySelector(".plan-label").textContent.trim();
    const column = this.table.tHead.rows[0].cells[cell.cellIndex].textContent.trim();
    this.foot.querySelector("[data-chosen-name]").textContent = `${row} · ${column}`;
    const button = this.foot.querySelector("[data-lock]");
    const isLocked = cell.classList.contains("plan-locked");
    button.querySelector("span").textContent = isLocked ? button.dataset.unlockText : button.dataset.lockText;
  }

  // -- Editing --------------------------------------------------------------------------------------

  edit(cell, typed) {
    if (!this.isEditable || !cell || !("cell" in cell.dataset) || cell.querySelector("input")) {
      return;
    }
    if (cell.classList.contains("plan-locked")) {
      say(this.table.dataset.textLocked, "warning");
      return;
    }
    const input = document.createElement("input");
    input.className = "plan-input";
    input.inputMode = "decimal";
    input.setAttribute("aria-label", this.foot.querySelector("[data-chosen-name]").textContent);
    input.value = typed || cell.textContent;
    cell.append(input);
    this.editing = input;
    input.focus();
    if (!typed) {
      input.select();
    }
    input.addEventListener("input", () => this.check(cell, input));
    input.addEventListener("keydown", (event) => this.onInputKey(event, cell, input));
    input.addEventListener("blur", () => this.leave(cell, input));
  }

  onInputKey(event, cell, input) {
    if (event.key === "Escape") {
      event.preventDefault();
      input.value = shown(exact(cell.dataset.value));
      this.check(cell, input);
      this.back(cell, 0);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.check(cell, input) !== null) {
        this.back(cell, 1);
      }
    } else if (event.key === "Tab" && this.check(cell, input) !== null) {
      event.preventDefault();
      this.leave(cell, input);
      this.move(cell, 0, event.shiftKey ? -1 : 1);
    }
  }

  back(cell, down) {
    this.leave(cell, cell.querySelector("input"));
    cell.focus();
    if (down) {
      this.move(cell, 1, 0);
    }
  }

  // The value typed, or null with the reason said at the cell.
  check(cell, input) {
    const value = parsed(input.value);
    let problem = value === null ? this.table.dataset.textNumber : "";
    if (!problem && cell.parentElement.dataset.kind === "person") {
      const reserve = this.reserveOf(cell);
      const left = reserve && exact(reserve.dataset.value) + exact(cell.dataset.value) - value;
      problem = reserve && left < 0n ? this.table.dataset.textReserve : "";
    }
    input.setAttribute("aria-invalid", String(Boolean(problem)));
    input.title = problem;
    cell.dataset.problem = problem;
    return problem ? null : value;
  }

  leave(cell, input) {
    if (!input || this.editing !== input) {
      return; // taking the field away makes it lose the focus, which leads here once more
    }
    this.editing = null;
    const value = this.check(cell, input);
    const before = exact(cell.dataset.value);
    delete cell.dataset.problem;
    cell.replaceChildren(shown(before));
    if (value === null) {
      say(input.title, "warning");
    } else if (value !== before) {
      this.apply(cell, value - before);
      this.send("cells", cell, { value: written(value) });
    }
  }

  // -- Sums -----------------------------------------------------------------------------------------

  reserveOf(cell) {
    const { unit } = cell.parentElement.dataset;
    const row = [...this.table.tBodies[0].rows].find((one) => one.dataset.kind === "reserve" && one.dataset.unit === unit);
    return row ? row.cells[cell.cellIndex] : null;
  }

  apply(cell, difference) {
    const row = cell.parentElement;
    this.add(row, cell.cellIndex, difference);
    queueMicrotask(() => this.putTotal());
    if (row.dataset.kind === "person") {
      const reserve = this.reserveOf(cell);
      if (reserve) {
        this.add(reserve.parentElement, cell.cellIndex, -difference);
      }
      return;
    }
    for (let up = this.parentOf(row); up; up = this.parentOf(up)) {
      this.add(up, cell.cellIndex, difference);
    }
  }

  parentOf(row) {
    return row.dataset.parent ? document.getElementById(`row-${row.dataset.parent}`) : null;
  }

  // A month, the sum of its quarter, the sum of the year.
  add(row, index, difference) {
    const quarter = Math.ceil(index / 4) * 4;
    for (const at of [index, quarter, row.cells.length - 1]) {
      const cell = row.cells[at];
      this.put(cell, exact(cell.dataset.value) + difference);
    }
  }

  put(cell, value) {
    cell.dataset.value = written(value);
    if (!cell.querySelector("input")) {
      cell.textContent = shown(value);
    }
  }

  // The amount above the grid, where the grid shows the whole plan.
  putTotal() {
    const held = document.querySelector("[data-total]");
    if (held) {
      const tops = [...this.table.tBodies[0].rows].filter((row) => !row.dataset.parent);
      const total = tops.reduce((sum, row) => sum + exact(row.cells[row.cells.length - 1].dataset.value), 0n);
      const [whole, rest] = written(total).split(".");
      const digits = held.textContent.includes(".") ? `${shown(BigInt(whole) * 100n)}.${rest}` : shown(total);
      held.textContent = held.textContent.replace(/[\d,.]+$/, digits);
    }
  }

  // -- The server -----------------------------------------------------------------------------------

  toggleLock(cell) {
    if (!this.isEditable || !cell || !("cell" in cell.dataset)) {
      return;
    }
    const isLocked = cell.classList.toggle("plan-locked");
    this.tell();
    this.send(isLocked ? "lock" : "unlock", cell, {});
  }

  send(what, cell, more) {
    const { kind, unit, person } = cell.parentElement.dataset;
    const body = { row: { kind, unit, person }, month: Number(cell.dataset.month), ...more };
    this.waiting = this.waiting.then(() => this.post(what, body));
  }

  async post(what, body) {
    const headers = {
      "Content-Type": "application/json",
      "If-Match": `"${this.version}"`,
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
    };
    let answer;
    try {
      answer = await fetch(`${this.table.dataset.url}/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
    } catch {
      say(words("offline"), "error");
      await this.refetch();
      return;
    }
    const said = await answer.json();
    if (answer.ok) {
      this.take(said);
    } else {
      say(answer.status === 412 ? this.table.dataset.textStale : said.title || words("failed"), "error");
      if (answer.status !== 412) {
        await this.refetch();
      }
    }
  }

  // After a refusal the grid shows again what the server has.
  async refetch() {
    try {
      const answer = await fetch(this.table.dataset.url);
      if (answer.ok) {
        this.take(await answer.json());
      }
    } catch {
      // Still no connection: it was said already.
    }
  }

  take(said) {
    this.version = String(said.version);
    document.querySelectorAll("input[data-version], #spread [name=version]").forEach((field) => {
      field.value = this.version;
    });
    for (const one of said.rows) {
      const row = document.getElementById(`row-${one.id}`);
      if (row) {
        this.show(row, one);
      }
    }
    this.putTotal();
    this.tell();
  }

  show(row, one) {
    for (const cell of row.cells) {
      const month = Number(cell.dataset.month);
      if (month) {
        this.put(cell, exact(one.months[month - 1]));
        cell.classList.toggle("plan-locked", one.locked[month - 1]);
      } else if (cell.classList.contains("plan-quarter")) {
        this.put(cell, exact(one.quarters[cell.cellIndex / 4 - 1]));
      } else if (cell.classList.contains("plan-year")) {
        this.put(cell, exact(one.total));
      }
    }
  }
}
