// The address holds the whole state of the list: it is the share link, and what "back" returns to.
const LOOKS = ["sort", "group", "columns", "density"];
// A filter that shows a different set begins again at its first page.
const NOT_ASKED = ["after", "columns", "density", "group", "sort"];

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

// What the source is asked: the address's filters, the order, the columns.
export function asked(search, { sort, fields, after, limit } = {}) {
  const query = new URLSearchParams(search);
  NOT_ASKED.forEach((name) => query.delete(name));
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
