// The verdict, or the memo for a telephone call, as a card.

import { element, linked } from "./dom.js";

// Said in words and drawn: never by colour alone.
const MARKS = {
  met: ["✓", "あてはまる"],
  not_met: ["×", "あてはまらない"],
  unknown: ["？", "まだわからない"],
};

/** Return a card's element; `level` is the heading level it stands at. */
export function drawCard(card, links) {
  const drawn = element("section", { class: `card ${card.tone}` });
  drawn.append(
    element(
      "header",
      {},
      element("p", { class: "card-title" }, card.title),
      element("h2", {}, card.headline),
    ),
  );
  // Rows keep their order; neighbours of one kind stand in one list.
  let list = null;
  for (const row of card.rows) {
    const kind = row.mark ? "UL" : "DL";
    if (list?.tagName !== kind) {
      list = element(kind.toLowerCase(), { class: row.mark ? "criteria" : "facts" });
      drawn.append(list);
    }
    list.append(...(row.mark ? [criterion(row)] : fact(row)));
  }
  if (links) drawn.append(links);
  if (card.footer) drawn.append(element("footer", {}, element("p", {}, ...linked(card.footer))));
  return drawn;
}

function criterion(row) {
  const [sign, words] = MARKS[row.mark] ?? MARKS.unknown;
  return element(
    "li",
    { class: row.mark },
    element("span", { class: "sign", "aria-hidden": "true" }, sign),
    element(
      "div",
      { class: "criterion" },
      element(
        "div",
        {},
        element("span", { class: "criterion-label" }, row.label),
        row.text ? element("span", { class: "criterion-text" }, ...linked(row.text)) : null,
      ),
      element("span", { class: "mark" }, words),
    ),
  );
}

function fact(row) {
  return [element("dt", {}, row.label), element("dd", {}, ...linked(row.text))];
}
