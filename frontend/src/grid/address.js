// The address holds the whole state of the list: it is the share link, and what "back" returns to.
const LOOKS = ["sort", "group", "columns", "density"];
const NOT_FILTERS = ["after", ...LOOKS];

// What of the look the address says.
export function looks(search) {
  const asked = new URLSearchParams(search);
  return Object.fromEntries(LOOKS.filter((name) => asked.has(name)).map((name) => [name, asked.get(name)]));
}

// The same address with another look; an empty one is left out.
export function withLooks(url, changes) {
  const made = new URL(url, location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value) {
      made.searchParams.set(name, value);
    } else {
      made.searchParams.delete(name);
    }
  }
  return readable(made);
}

// Keep the present look in the address, in every link that leaves it as it is, and in the form.
export function keep(changes, root) {
  history.replaceState(history.state, "", withLooks(location.href, changes));
  for (const link of root.querySelectorAll("a[data-carry]")) {
    link.href = withLooks(link.href, looks(location.search));
  }
  const [link] = root.querySelectorAll("a[data-export]");
  if (link) {
    link.search = location.search;
  }
  const form = root.querySelector("[data-filters]");
  for (const [name, value] of Object.entries(changes)) {
    form.querySelectorAll(`input[data-kept][name="${name}"]`).forEach((input) => input.remove());
    if (value) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      input.dataset.kept = "";
      form.append(input);
    }
  }
}

// What the source is asked: the filters of the page with those of its view, the order, the columns.
export function question(asked, { sort, fields, after, limit } = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (!NOT_FILTERS.includes(name)) {
      [value].flat().forEach((one) => query.append(name, one));
    }
  }
  const more = { sort, fields: fields && fields.join(","), after, limit };
  for (const [name, value] of Object.entries(more)) {
    if (value) {
      query.set(name, value);
    }
  }
  return query;
}

// Commas need no escape in a query, and an address is read by people.
function readable(url) {
  return url.href.replace(/%2C/gi, ",");
}
