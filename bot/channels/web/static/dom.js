// Building elements: text is always text, never markup.

/** Return an element; `properties` are attributes (false or null: left out), `children` nodes or text. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) made.addEventListener(type, listener);
    } else {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const LINKABLE = /https?:\/\/[\w\-.~:/?#@!$&*+,;=%]*[\w/]|\b0\d{1,4}-\d{1,4}-\d{3,4}\b/g;

/** Return text as nodes, addresses and telephone numbers in it as links. */
export function linked(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(LINKABLE)) {
    nodes.push(text.slice(end, found.index), anchor(found[0], found[0]));
    end = found.index + found[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** Return a link to a page (in a new tab) or to a telephone number. */
export function anchor(label, target, look = "") {
  if (/^https?:\/\//.test(target)) {
    return element(
      "a",
      { href: target, target: "_blank", rel: "noopener noreferrer", class: look || null },
      label,
      element("span", { class: "unseen" }, "（新しいタブで開きます）"),
    );
  }
  return element("a", { href: `tel:${target.replace(/[^\d+#*]/g, "")}`, class: look || null }, label);
}
