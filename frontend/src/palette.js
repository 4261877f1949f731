// The search box over everything (Ctrl-K, /): type, choose with the arrows, open with Enter.
import { askServer, fitting, forget, localEntries, recent, stopAsking, visited } from "./palette/find.js";
import { draw } from "./palette/draw.js";
import { pageTitle } from "./star.js";

const WAIT_MS = 150;

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("#palette-list");
    this.empty = dialog.querySelector(".palette-empty");
    this.voice = dialog.querySelector("[data-count]");
    this.entries = localEntries();
    this.records = [];
    this.state = "ready";
    this.options = [];
    this.at = 0;
    this.timer = 0;
    this.isHurried = false;
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", (event) => event.isComposing || this.typed());
    this.input.addEventListener("compositionend", () => this.typed());
    this.dialog.addEventListener("keydown", (event) => this.pressed(event));
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    this.dialog.addEventListener("close", () => stopAsking());
    this.list.addEventListener("pointermove", (event) => {
      const over = this.options.indexOf(event.target.closest("[role=option]"));
      if (over >= 0 && over !== this.at) {
        this.choose(over, false);
      }
    });
  }

  open() {
    if (this.dialog.open) {
      return;
    }
    this.input.value = "";
    this.typed();
    this.dialog.showModal();
    this.input.focus();
  }

  get text() {
    return this.input.value.trim();
  }

  typed() {
    clearTimeout(this.timer);
    stopAsking();
    this.records = [];
    this.isHurried = false;
    this.state = this.text ? "asking" : "ready";
    if (this.text) {
      this.timer = setTimeout(() => this.ask(), WAIT_MS);
    }
    this.paint();
  }

  async ask() {
    const asked = this.text;
    try {
      this.records = await askServer(this.dialog.dataset.search, asked);
      this.state = "ready";
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      this.state = "failed";
    }
    if (asked === this.text) {
      this.paint();
      this.tell();
      if (this.isHurried && this.options.length) {
        this.go(this.options[0], false);
      }
    }
  }

  groups() {
    const named = this.list.dataset;
    const found = this.text ? fitting(this.entries, this.text) : this.entries;
    const pages = { label: named.page, items: found.filter((entry) => entry.group === "page") };
    const actions = { label: named.do, items: found.filter((entry) => entry.group === "do") };
    if (!this.text) {
      return [{ label: named.recent, items: recent() }, pages, actions];
    }
    const opened = { label: named.recent, items: fitting(recent(), this.text).slice(0, 3) };
    return [opened, pages, ...this.records, actions];
  }

  paint() {
    const chosen = this.at > 0 && this.options[this.at] ? this.options[this.at].dataset.url : "";
    this.options = draw(this.list, this.groups(), this.text);
    this.dialog.classList.toggle("is-busy", this.state === "asking");
    const kind = this.state === "failed" ? "failed" : "none";
    this.empty.hidden = this.state === "asking" || (this.options.length > 0 && kind === "none");
    for (const line of this.empty.querySelectorAll("p")) {
      line.textContent = line.dataset[kind].replace("{}", this.text);
    }
    const again = chosen ? this.options.findIndex((one) => one.dataset.url === chosen) : -1;
    this.choose(Math.max(again, 0), again > 0);
  }

  tell() {
    this.voice.textContent = this.voice.dataset.count.replace("{}", this.options.length);
  }

  choose(number, isMoved = true) {
    this.options.forEach((one, at) => one.setAttribute("aria-selected", String(at === number)));
    this.at = number;
    const chosen = this.options[number];
    this.input.setAttribute("aria-activedescendant", chosen ? chosen.id : "");
    if (chosen && isMoved) {
      chosen.scrollIntoView({ block: "nearest" });
    }
    if (number === 0) {
      this.list.scrollTop = 0;
    }
  }

  pressed(event) {
    if (event.isComposing) {
      return;
    }
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps && this.options.length) {
      event.preventDefault();
      this.choose((this.at + steps + this.options.length) % this.options.length);
    } else if (event.key === "Enter" && event.target === this.input) {
      event.preventDefault();
      this.isHurried = this.state === "asking"; // whoever types a number and Enter does not wait for the list
      if (this.options[this.at]) {
        this.go(this.options[this.at], event.ctrlKey || event.metaKey);
      }
    } else if (event.key === "Escape" && this.text) {
      event.preventDefault(); // first the words, then the box
      this.input.value = "";
      this.typed();
    }
  }

  clicked(event) {
    const option = event.target.closest("[role=option]");
    if (option) {
      this.go(option, event.ctrlKey || event.metaKey);
    } else if (event.target === this.dialog || event.target.closest("[data-palette-close]")) {
      this.dialog.close();
    }
  }

  go(option, isApart) {
    const { url, press } = option.dataset;
    this.dialog.close();
    if (press) {
      const control = document.querySelector(`[data-do="${press}"]`);
      if (control) {
        control.click();
      }
    } else if (isApart) {
      open(url, "_blank", "noopener");
    } else {
      location.assign(url);
    }
  }
}

let palette = null;

export function openPalette() {
  if (palette) {
    palette.open();
  }
}

export function startPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) {
    return;
  }
  palette = new Palette(dialog);
  visited(pageTitle());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) {
      openPalette();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget]")) {
      forget();
    }
  });
}
