// The filter form works by itself; scripts make it quicker: one field open at a time, presets, pickers, finding.
import { combobox } from "../combo.js";
import { named, proposals } from "../pick.js";
import { span } from "./days.js";
import { parsed, shifted } from "./numbers.js";
import { icon, make, word } from "./words.js";

const HAS_KEYS = matchMedia("(hover: hover)");

export function startFilters(list) {
  const form = list.root.querySelector("[data-filters]");
  const fields = [...form.querySelectorAll("[data-filter]")];
  form.addEventListener("formdata", (event) => {
    tidy(event.formData, form);
    leaveView(event.formData, list.grid.asked);
  });
  startChecking(form);
  fields.forEach((field) => field.addEventListener("toggle", () => field.open && alone(field, fields)));
  form.querySelectorAll("[data-picks]").forEach((box) => picks(list, box));
  form.querySelectorAll("[data-number=percent]").forEach(asPercent);
  form.addEventListener("click", (event) => preset(list, event));
  startFinding(form, fields);
  list.root.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-open-filter]");
    if (chip) {
      openOne(form, chip.dataset.openFilter.split(".")[0]);
    }
  });
  const flyout = form.querySelector("[data-flyout=filter]");
  flyout.addEventListener("opened", () => HAS_KEYS.matches && flyout.contains(document.activeElement) && form.querySelector("[data-find-field]").focus());
}

// An address says only what is asked.
function tidy(data, form) {
  for (const [name, value] of [...data.entries()]) {
    const input = form.elements[name];
    const isNumber = input instanceof HTMLInputElement && input.dataset.number;
    const text = typeof value === "string" ? value.trim() : "";
    if (!text) {
      const kept = data.getAll(name).filter((one) => one.trim());
      data.delete(name);
      kept.forEach((one) => data.append(name, one));
    } else if (isNumber) {
      const number = parsed(text.replace(/[%％]$/, ""));
      data.set(name, number === null ? text : isNumber === "percent" ? shifted(number, -2) : number);
    }
  }
}

// A view stands for its filters: whoever takes one of them away has left it.
function leaveView(data, asked) {
  const names = Object.keys(asked).filter((name) => !["view", "q", "sort", "group", "columns", "density"].includes(name));
  if (names.some((name) => !data.has(name))) {
    data.delete("view");
  }
}

// What is no number is said here, because an address with it would be refused as a whole.
function startChecking(form) {
  form.addEventListener("input", ({ target }) => {
    if (target.dataset.number) {
      const text = target.value.trim().replace(/[%％]$/, "");
      target.setCustomValidity(text && parsed(text) === null ? word("notNumber") : "");
    }
  });
  form.addEventListener("invalid", ({ target }) => {
    const field = target.closest("details.filter-field");
    if (field) {
      field.open = true;
    }
  }, true);
}

// The address has fractions, people think in percent.
function asPercent(input) {
  if (input.value && parsed(input.value) !== null) {
    input.value = `${shifted(parsed(input.value), 2)}%`;
  }
  input.placeholder = "%";
}

function alone(field, fields) {
  fields.forEach((other) => {
    other.open = other === field;
  });
  // On a touch screen the keyboard would cover what was just opened.
  const first = HAS_KEYS.matches && [...field.querySelectorAll("input:not([type=hidden])")].find((input) => input.offsetParent);
  if (first) {
    first.focus({ preventScroll: true });
  }
  field.scrollIntoView({ block: "nearest" });
}

function openOne(form, name) {
  // After the press that led here has been handled, or it would close the panel again.
  setTimeout(() => {
    form.querySelector("[data-flyout=filter]").open = true;
    const field = form.querySelector(`[data-filter="${CSS.escape(name)}"]`);
    if (field) {
      field.open = true;
    }
  });
}

function preset(list, event) {
  const button = event.target.closest("[data-preset]");
  if (button) {
    const [from, to] = span(button.dataset.preset, list.root.dataset.today);
    const [first, second] = button.closest("fieldset").querySelectorAll("input[type=date]");
    Object.assign(first, { value: from });
    Object.assign(second, { value: to });
  }
}

function startFinding(form, fields) {
  const find = form.querySelector("[data-find-field]");
  const none = form.querySelector("[data-no-field]");
  find.closest(".flyout-search").hidden = fields.length < 8;
  find.addEventListener("input", () => {
    const query = find.value.trim().toLowerCase();
    fields.forEach((field) => {
      field.hidden = !field.querySelector("summary").textContent.toLowerCase().includes(query);
    });
    none.hidden = fields.some((field) => !field.hidden);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const first = fields.find((field) => !field.hidden);
      if (first && find.value) {
        first.open = true;
      }
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-find-choice]")) {
      const query = event.target.value.trim().toLowerCase();
      for (const label of event.target.closest("fieldset").querySelectorAll(".filter-choices label")) {
        label.hidden = !label.textContent.toLowerCase().includes(query);
      }
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-find-choice]")) {
      event.preventDefault();
    }
  });
}

// Several references as tokens, each with its hidden input; one more by typing.
function picks(list, box) {
  const { picks: source, name, label } = box.dataset;
  const known = labels(list, name);
  const tokens = make("span.tokens");
  const add = (value, text) => {
    const remove = make("button", { type: "button", "aria-label": word("remove", { name: text }) }, icon("x"));
    const token = make("span.token", {}, text, make("input", { type: "hidden", name, value }), remove);
    remove.addEventListener("click", () => token.remove());
    tokens.append(token);
    return token;
  };
  for (const input of [...box.querySelectorAll("input[type=hidden]")]) {
    const token = add(input.value, known[input.value] || "…");
    if (!known[input.value]) {
      named(source, input.value).then((text) => text && token.firstChild.replaceWith(text));
    }
    input.remove();
  }
  const input = make("input.input", { type: "text", "aria-label": label, placeholder: word("find") });
  box.append(tokens, input);
  const has = (value) => [...tokens.querySelectorAll("input")].some((one) => one.value === value);
  const options = async (typed, signal) => (await proposals(source, typed, signal)).filter((option) => !has(option.value));
  const choose = (option) => {
    add(option.value, option.label);
    input.value = "";
  };
  combobox(input, { options, choose, place: box });
  input.addEventListener("keydown", (event) => event.key === "Backspace" && !input.value && tokens.lastElementChild?.remove());
}

// What the chosen ones are called: the loaded rows know most of them, the source the rest.
function labels(list, name) {
  return Object.fromEntries(list.rows.items.map((item) => item[name]).filter(Boolean).map((value) => [value.id, value.label]));
}
