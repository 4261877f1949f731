// Draws the groups of the search box. Texts are set as text, never as markup.

export function draw(list, groups, words) {
  const made = [];
  groups.filter((group) => group.items.length).forEach((group, number) => {
    const heading = element("p", "palette-heading", group.label);
    heading.id = `palette-group-${number}`;
    const box = element("div", "palette-group");
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", heading.id);
    box.append(heading, ...group.items.map((item) => option(item, words)));
    made.push(box);
  });
  list.replaceChildren(...made);
  const options = [...list.querySelectorAll("[role=option]")];
  options.forEach((one, number) => {
    one.id = `palette-option-${number}`;
  });
  return options;
}

function option(item, words) {
  const line = element("div", "palette-option");
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.dataset.url = item.url || "";
  line.dataset.press = item.do || "";
  const label = element("span", "palette-label");
  label.append(...marked(item.label, words));
  line.append(icon(item.icon), label);
  if (item.detail) {
    const detail = element("span", "palette-detail");
    detail.append(...marked(item.detail, words));
    line.append(detail);
  }
  return line;
}

function marked(text, words) {
  const at = words ? text.toLowerCase().indexOf(words.toLowerCase()) : -1;
  if (at < 0) {
    return [text];
  }
  const mark = element("mark", "", text.slice(at, at + words.length));
  return [text.slice(0, at), mark, text.slice(at + words.length)];
}

function icon(name) {
  const made = document.getElementById("palette-icon").content.firstElementChild.cloneNode(true);
  const use = made.querySelector("use");
  use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${name || "file-text"}`);
  return made;
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) {
    made.className = name;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}
