// The loaded rows and where the next ones begin. Whoever draws them listens: "reset", "added", "changed", "state".
import { page } from "./source.js";

const PAGE = 50;
const MOST = 200; // rows in one answer
const UNASKED = 6; // pages

export class Rows {
  constructor(source, query) {
    this.source = source;
    this.query = query; // (after, limit) => URLSearchParams
    this.items = [];
    this.byId = new Map();
    this.next = null;
    this.isLoading = false;
    this.trouble = null;
    this.listeners = [];
    this.running = null;
    this.unasked = 0;
    this.settled = (item) => item; // without what is on its way to the server
  }

  isResting() {
    return this.unasked >= UNASKED;
  }

  wake() {
    this.unasked = 0;
    this.more();
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  tell(what, about) {
    this.listeners.forEach((listener) => listener(what, about));
  }

  // What the page brought along.
  begin(answer) {
    this.items = [];
    this.byId.clear();
    this.take(answer);
    this.tell("reset");
  }

  async reload(limit = PAGE) {
    this.running?.abort();
    this.isLoading = false;
    await this.load({ limit: Math.min(limit, MOST) }, (answer) => this.begin(answer));
  }

  // Folded groups take no room: whatever keeps asking without anybody scrolling is stopped after some pages.
  async more() {
    if (this.next && !this.isLoading && !this.trouble && !this.isResting()) {
      this.unasked += 1;
      await this.load({ after: this.next, limit: PAGE }, (answer) => this.tell("added", this.take(answer)));
    }
  }

  // The same rows once more, without a word when that fails. `mayMove`: or as many as the list has now.
  async renew(mayMove) {
    if (this.isLoading || this.trouble) {
      return;
    }
    const began = this.running;
    const limit = Math.min(Math.max(this.items.length, PAGE), MOST);
    const answer = await page(this.source, this.query({ limit })).catch(() => null);
    if (!answer || this.running !== began) {
      return;
    }
    const isSame = answer.items.length === this.items.length && answer.items.every(({ id }, at) => id === this.items[at].id);
    if (mayMove && !isSame && this.items.length <= limit) {
      this.begin(answer);
      this.tell("state");
    } else {
      const changed = answer.items.filter((item) => this.byId.get(item.id)?.version !== item.version);
      changed.forEach((item) => this.put(this.settled(item)));
    }
  }

  async retry() {
    const wasMore = this.items.length > 0 && this.next;
    this.trouble = null;
    await (wasMore ? this.more() : this.reload());
  }

  async load(asked, use) {
    const running = new AbortController();
    this.running = running;
    Object.assign(this, { isLoading: true, trouble: null, isReload: !asked.after });
    this.tell("state");
    try {
      const answer = await page(this.source, this.query(asked), running.signal);
      this.isLoading = false;
      use(answer);
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      Object.assign(this, { isLoading: false, trouble: error });
    }
    this.tell("state");
  }

  // A row that moved between two pages comes twice: the later answer wins, its place stays.
  take(answer) {
    const fresh = answer.items.filter((item) => !this.put(item));
    for (const item of fresh) {
      this.byId.set(item.id, item);
      this.items.push(item);
    }
    this.next = answer.next;
    return fresh;
  }

  // Newer values of a loaded row; rows are changed in place because the grid holds on to them.
  put(item) {
    const known = this.byId.get(item.id);
    if (known) {
      Object.assign(known, item);
      this.tell("changed", known);
    }
    return known;
  }
}
