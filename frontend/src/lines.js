// The lines of an order: rows come and go, the keyboard walks them, totals are worked out while somebody types.
// Money is counted in whole fen with integers of any size, rounded half up as the server does; the total that
// was shown is sent along, and the server refuses to save another one.
const PLACES = { quantity: 3, unit_price: 4, discount: 2, tax: 2 };
const FEN = 10n ** BigInt(PLACES.quantity + PLACES.unit_price + 4 - 2);
const WHOLE = 10000n; // hundred percent, with two decimals

// A number as an integer of its smallest unit; null when it is none, or has more decimals than kept.
export function units(text, places) {
  const found = /^(\d+)(?:\.(\d*))?$/.exec(text.trim());
  const rest = found && (found[2] || "").replace(/0+$/, "");
  return found && rest.length <= places ? BigInt(found[1] + rest.padEnd(places, "0")) : null;
}

function halfUp(above, below) {
  return (2n * above + below) / (2n * below);
}

// Net and tax in fen of one line; null while something is missing or wrong.
export function lineSums(values) {
  const [quantity, price] = ["quantity", "unit_price"].map((name) => units(values[name], PLACES[name]));
  const [discount, tax] = ["discount", "tax"].map((name) => units(values[name] || "0", PLACES[name]));
  if ([quantity, price, discount, tax].includes(null) || quantity === 0n || discount > WHOLE || tax > WHOLE) {
    return null;
  }
  const net = halfUp(quantity * price * (WHOLE - discount), FEN);
  return { net, tax: halfUp(net * tax, WHOLE) };
}

export function written(fen) {
  const digits = fen.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function shown(fen, symbol) {
  const [whole, rest] = written(fen).split(".");
  return `${symbol}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
}

class Lines {
  constructor(form) {
    this.form = form;
    this.body = form.querySelector("[data-rows]");
    this.blank = form.querySelector("template[data-blank]");
    this.offers = JSON.parse(form.querySelector("#offers").textContent);
    this.symbol = form.dataset.symbol;
    this.rows.slice(1).filter((row) => this.isBlank(row)).forEach((row) => row.remove());
    this.rows.forEach((row) => this.name(row));
    form.addEventListener("input", () => this.total());
    form.addEventListener("change", (event) => this.offer(event.target));
    form.addEventListener("keydown", (event) => this.walk(event));
    form.addEventListener("click", (event) => this.press(event));
    this.number();
  }

  get rows() {
    return [...this.body.querySelectorAll("[data-line]")];
  }

  field(row, name) {
    return row.querySelector(`[name$="-${name}"]`);
  }

  values(row) {
    return Object.fromEntries(Object.keys(PLACES).map((name) => [name, this.field(row, name).value.trim()]));
  }

  isBlank(row) {
    const named = ["product", "description", "quantity", "unit_price", "discount"];
    return named.every((name) => !this.field(row, name).value.trim());
  }

  // Django reads rows by their number, without gaps.
  number() {
    this.rows.forEach((row, at) => {
      for (const part of row.querySelectorAll("[name], [id], [aria-describedby]")) {
        for (const key of ["name", "id", "aria-describedby"]) {
          if (part.hasAttribute(key)) {
            part.setAttribute(key, part.getAttribute(key).replace(/line-(\d+|__prefix__)-/g, `line-${at}-`));
          }
        }
      }
    });
    this.form.querySelector("[name=line-TOTAL_FORMS]").value = this.rows.length;
    this.total();
  }

  total() {
    const sum = { net: 0n, tax: 0n };
    let isWhole = true;
    for (const row of this.rows) {
      const made = lineSums(this.values(row));
      row.querySelector("[data-gross]").textContent = made ? shown(made.net + made.tax, this.symbol) : "—";
      sum.net += made ? made.net : 0n;
      sum.tax += made ? made.tax : 0n;
      isWhole = isWhole && Boolean(made || this.isBlank(row));
    }
    const gross = sum.net + sum.tax;
    for (const [name, fen] of Object.entries({ ...sum, gross })) {
      this.form.querySelector(`[data-total=${name}]`).textContent = isWhole ? shown(fen, this.symbol) : "—";
    }
    this.form.querySelector("[name=seen_total]").value = isWhole ? written(gross) : "";
  }

  known(row) {
    const words = this.field(row, "product").value.trim();
    return this.offers.find(({ code, name }) => [code, name].includes(words));
  }

  // Where there is no description, the product's name stands in its place.
  name(row) {
    this.field(row, "description").placeholder = (this.known(row) || { name: "" }).name;
  }

  // A known product brings its list price, unless somebody typed another.
  offer(field) {
    const row = field.closest("[data-line]");
    const known = row && field === this.field(row, "product") && this.known(row);
    if (!known) {
      return;
    }
    const price = this.field(row, "unit_price");
    if (!price.value || price.value === row.dataset.offered) {
      price.value = known.price;
    }
    row.dataset.offered = known.price;
    field.value = known.code;
    this.name(row);
    this.field(row, "quantity").value ||= "1";
    this.total();
  }

  add() {
    this.body.append(this.blank.content.cloneNode(true));
    this.number();
    return this.rows.at(-1);
  }

  remove(row) {
    const at = this.rows.indexOf(row);
    row.remove();
    const next = this.rows[at] || this.rows[at - 1] || this.add();
    this.number();
    this.field(next, "product").focus();
  }

  press(event) {
    if (event.target.closest("[data-add-line]")) {
      this.field(this.add(), "product").focus();
    }
    const gone = event.target.closest("[data-remove-line]");
    if (gone) {
      this.remove(gone.closest("[data-line]"));
    }
  }

  walk(event) {
    const row = event.target.matches("input") && event.target.closest("[data-line]");
    if (!row || event.isComposing || event.ctrlKey || event.metaKey) {
      return;
    }
    // Arrows choose among proposals where there are some.
    const step = event.key === "Enter" ? 1 : event.target.list ? 0 : { ArrowDown: 1, ArrowUp: -1 }[event.key] || 0;
    if (!step) {
      return;
    }
    event.preventDefault();
    const rows = this.rows;
    const next = rows[rows.indexOf(row) + step] || (event.key === "Enter" && !this.isBlank(row) && this.add());
    if (next) {
      const name = event.key === "Enter" && next === this.rows.at(-1) && this.isBlank(next) ? "product"
        : event.target.name.replace(/^line-\d+-/, "");
      this.field(next, name).focus();
    }
  }
}

export function startLines() {
  document.querySelectorAll("form[data-lines]").forEach((form) => new Lines(form));
}
