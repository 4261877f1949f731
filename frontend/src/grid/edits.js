// Changing values: shown at once, saved behind it, and everything that can go wrong with that.
import { askWhich, isEditing, openEditor } from "./editor.js";
import { change, isOffline } from "./source.js";
import { isSame, sent, shown, typable } from "./values.js";
import { repaint } from "./table.js";
import { word } from "./words.js";

const WAIT_MS = 150;
const QUIET_MS = 15_000;
const CONFLICT = 412;

export class Edits {
  constructor(list) {
    this.list = list;
    this.states = new Map(); // "id column" => { state, typed, problem, isSlow }
    this.last = 0; // when somebody changed something here
    this.lines = new Map(); // id => the last save of this row; the next waits for it and its version
  }

  of(id, name) {
    return this.states.get(`${id} ${name}`);
  }

  mark(item, column, state) {
    const key = `${item.id} ${column.name}`;
    if (state) {
      this.states.set(key, state);
    } else {
      this.states.delete(key);
    }
    repaint(this.list, item, [column.name]);
  }

  // Rows that just changed stay where the eye is.
  isRecent() {
    return isEditing() || this.states.size > 0 || Date.now() - this.last < QUIET_MS;
  }

  hasUnsaved() {
    return this.states.size > 0;
  }

  // Open the editor on a cell, with what was typed before if that was refused.
  async edit(item, column) {
    if (!item || !column || !this.list.canEdit(column)) {
      return;
    }
    await this.list.cursor.to(item.id, column.name);
    const failed = this.of(item.id, column.name);
    openEditor(this.list, {
      anchor: this.list.cursor.element(),
      column,
      value: failed && "value" in failed ? failed.value : item[column.name],
      typed: failed?.typed,
      problem: failed?.problem,
      save: (value, typed, isHere) => this.save(item, column, { value, typed, isHere }),
      cancel: (direction) => {
        this.mark(item, column, null);
        this.move(item, column, direction);
      },
      move: (direction) => this.move(item, column, direction),
    });
  }

  // After Enter the cursor stays; Tab goes to the next cell that can be edited; a press elsewhere leads there.
  move(item, column, direction) {
    if (direction === null) {
      return;
    }
    const names = this.list.view.names;
    const step = direction || 1;
    let at = names.indexOf(column.name) + step;
    while (direction && names[at] && !this.list.canEdit(this.list.view.column(names[at]))) {
      at += step;
    }
    if (direction && names[at]) {
      this.edit(item, this.list.view.column(names[at]));
    } else {
      this.list.cursor.to(item.id, column.name);
    }
  }

  // `isHere`: whoever typed it is still at this cell and gets it back when it is refused.
  save(item, column, { value, typed, isHere }) {
    const before = item[column.name];
    if (isSame(column, before, value)) {
      this.mark(item, column, null);
      return;
    }
    if (isOffline()) {
      this.fail(item, column, { value, typed, isHere, problem: word("offlineKept") });
      return;
    }
    item[column.name] = value;
    this.last = Date.now();
    this.mark(item, column, { state: "saving" });
    const line = (this.lines.get(item.id) || Promise.resolve()).then(() => this.send(item, column, { before, value, typed, isHere }));
    this.lines.set(item.id, line);
  }

  async send(item, column, given) {
    const { before, value, isUndo } = given;
    const slow = setTimeout(() => this.mark(item, column, { state: "saving", isSlow: true }), WAIT_MS);
    try {
      const saved = await change(this.list.grid.source, item, { [column.name]: sent(column, value) });
      clearTimeout(slow);
      this.states.delete(`${item.id} ${column.name}`);
      this.list.rows.put(this.settled(saved));
      this.list.changed([column.name]);
      if (!isUndo) {
        this.list.say("saved", () => this.undo(item, column, { before, value }));
      }
    } catch (trouble) {
      clearTimeout(slow);
      item[column.name] = before;
      this.refused(item, column, { ...given, trouble });
    }
  }

  // The answer without the values of this row that are still on their way.
  settled(saved) {
    const isWaiting = ([name]) => this.of(saved.id, name)?.state === "saving";
    return Object.fromEntries(Object.entries(saved).filter((entry) => !isWaiting(entry)));
  }

  // Rejects with the reason, which the message in the corner says.
  async undo(item, column, { before, value }) {
    item[column.name] = before;
    this.mark(item, column, { state: "saving" });
    await this.send(item, column, { before: value, value: before, typed: typable(column, before), isUndo: true });
    const failed = this.of(item.id, column.name);
    if (failed) {
      throw new Error(failed.problem);
    }
  }

  refused(item, column, given) {
    const { trouble, value, before } = given;
    const { current } = trouble;
    if (trouble.status !== CONFLICT || !current) {
      const text = trouble.status ? trouble.about(column.name) || word("failedAs", { request: trouble.request }) : word("offlineKept");
      this.fail(item, column, { ...given, problem: text });
      return;
    }
    this.states.delete(`${item.id} ${column.name}`);
    this.list.rows.put(this.settled(current));
    // Somebody changed another value of this row: nothing contradicts ours, so it is sent again.
    if (isSame(column, before, current[column.name]) && !given.isAgain) {
      item[column.name] = value;
      this.send(item, column, { ...given, isAgain: true });
      return;
    }
    if (!isSame(column, value, current[column.name])) {
      this.choose(item, column, given);
    }
  }

  async choose(item, column, { value, typed }) {
    const theirs = item[column.name];
    await this.list.cursor.to(item.id, column.name);
    const text = (one) => shown(column, one, this.list.look) || word("nothing");
    askWhich(this.list, {
      anchor: this.list.cursor.element(),
      column,
      theirs: text(theirs),
      mine: text(value),
      take: (which) => {
        if (which === "mine") {
          this.save(item, column, { value, typed, isHere: true });
        }
        this.list.cursor.to(item.id, column.name);
      },
    });
  }

  // The typed value stays in the cell with what is wrong; whoever is not busy elsewhere gets it back to mend.
  fail(item, column, { value, typed, problem, isHere }) {
    this.mark(item, column, { state: "failed", value, typed: typed || shown(column, value, this.list.look), problem });
    const { cursor } = this.list;
    if (isHere && !isEditing() && cursor?.id === item.id && cursor.name === column.name) {
      this.edit(item, column);
    } else {
      this.list.say("notSaved", null, { column: column.label, problem });
    }
  }
}
