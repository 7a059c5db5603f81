// The conversation as it is drawn: bubbles, choices, date pickers, cards.

import { drawCard } from "./card.js";
import { inWords } from "./dates.js";
import { anchor, element, linked } from "./dom.js";

const PRESSED_ELSEWHERE = "（ボタンで回答）";
const RESTART = "command=restart";

export class Log {
  #root;
  #press;
  #retry;
  #drop;
  #bubbles = new Map(); // traveller's message id → its turn element
  #labels = new Map(); // "interview:token" → what the button said
  #open = []; // groups of choices that still answer the last question
  #closedBy = new Map(); // traveller's message id → the groups it closed
  #count = 0;
  #interview = ""; // whose buttons are in view

  /** `press(value)` sends a button; `retry(id)` and `drop(id)` are for a message not sent. */
  constructor(root, { press, retry, drop }) {
    this.#root = root;
    this.#press = press;
    this.#retry = retry;
    this.#drop = drop;
  }

  /** The last element drawn, or null. */
  get last() {
    return this.#root.lastElementChild;
  }

  /** Whether the traveller's last word is still to be answered. */
  get waits() {
    return Boolean(this.last?.matches(".traveller, .divider"));
  }

  /** The button that begins anew, or "" before there is an interview. */
  get restart() {
    return this.#interview && `${this.#interview}:${RESTART}`;
  }

  /** Whether this message of the traveller is drawn already. */
  has(id) {
    return this.#bubbles.has(id);
  }

  /**
   * Draw what the traveller said; drawn already: note that it has arrived. Returns the turn.
   * `number` counts the traveller's messages, once the service has told it.
   */
  said({ id, kind, value, turn: number }, state = "sent") {
    let turn = this.#bubbles.get(id);
    if (turn) {
      if (number) turn.dataset.turn = number;
      this.mark(id, state);
      return turn;
    }
    this.#closedBy.set(id, this.#open);
    for (const group of this.#open) close(group, value);
    this.#open = [];
    if (kind === "start") {
      const first = !this.#root.hasChildNodes();
      turn = element("div", { class: "divider", "data-first": first });
      turn.append(element("span", {}, first ? "" : "リンクから開きました"));
    } else {
      const words = kind === "button" ? this.#pressed(value) : value;
      turn = element(
        "div",
        { class: "turn traveller" },
        element("p", { class: "bubble" }, element("span", { class: "unseen" }, "あなた："), words),
      );
    }
    this.#bubbles.set(id, turn);
    this.#place(turn, number);
    this.mark(id, state);
    return turn;
  }

  /** Say how the sending of a message stands: `sending`, `sent` or `failed` (with the reason). */
  mark(id, state, { reason = "", again = true } = {}) {
    const turn = this.#bubbles.get(id);
    if (!turn || turn.dataset.state === state) return;
    turn.dataset.state = state;
    turn.querySelector(".delivery")?.remove();
    if (state !== "failed") return;
    turn.append(
      element(
        "div",
        { class: "delivery" },
        element("p", {}, reason || "まだ送れていません。"),
        again
          ? button("もう一度送る", "quiet", () => this.#retry(id))
          : null,
        button("取り消す", "quiet", () => this.#drop(id)),
      ),
    );
  }

  /** Take back a message that was never sent; the choices it had closed answer again. */
  remove(id) {
    this.#bubbles.get(id)?.remove();
    this.#bubbles.delete(id);
    const groups = this.#closedBy.get(id) ?? [];
    this.#closedBy.delete(id);
    for (const group of groups) reopen(group);
    this.#open.push(...groups);
  }

  /** Draw one reply of the assistant, to the traveller's message `number`. Returns the turn. */
  reply(reply, number) {
    const turn = element("div", { class: "turn assistant" });
    const words = `words-${++this.#count}`;
    const links = this.#links(reply.links);
    if (reply.card) {
      turn.append(drawCard(reply.card, links));
    } else {
      turn.append(
        element(
          "div",
          { class: "bubble" },
          element("span", { class: "unseen" }, "補償ナビ："),
          element("p", { id: words }, ...linked(reply.text)),
          links,
        ),
      );
    }
    const group = this.#choices(reply, reply.card ? null : words);
    if (group) turn.append(group);
    const overtaken = this.#place(turn, number);
    // The traveller went on writing before the question came: it has been answered.
    if (group && overtaken) close(group, "");
    else if (group) this.#open.push(group);
    return turn;
  }

  // Replies stand below the message they answer, also where the traveller has written on
  // meanwhile. Returns whether they have.
  #place(turn, number) {
    if (number) turn.dataset.turn = number;
    let before = null;
    for (let at = this.#root.lastElementChild; at; at = at.previousElementSibling) {
      if (!number || Number(at.dataset.turn ?? Infinity) <= number) break;
      before = at;
    }
    this.#root.insertBefore(turn, before);
    return before !== null;
  }

  #pressed(value) {
    const known = this.#labels.get(value);
    if (known) return known;
    if (value.endsWith(`:${RESTART}`)) return "最初から";
    return inWords(value.slice(value.indexOf("=") + 1)) || PRESSED_ELSEWHERE;
  }

  #links(links) {
    if (!links?.length) return null;
    const look = (link) => (link.kind === "phone" ? "action phone" : "action page");
    return element("div", { class: "links" }, ...links.map((link) => anchor(link.label, link.target, look(link))));
  }

  #choices({ choices, date_picker: picker, interview: own }, words) {
    // Buttons of no interview (an apology's) belong to the one that goes on.
    const interview = own || this.#interview;
    this.#interview = interview;
    if (!choices?.length && !picker) return null;
    const group = element("div", {
      class: "choices",
      role: "group",
      "aria-labelledby": words,
      "aria-label": words ? null : "つぎにできること",
    });
    const calendar = picker && this.#picker(picker, interview);
    const sides = element("div", { class: "sides" });
    for (const { label, token } of choices ?? []) {
      const value = `${interview}:${token}`;
      this.#labels.set(value, label);
      // わからない, 戻る and the like are at hand, but no answers: they step back.
      const look = /^command=|=unknown$/.test(token) ? "choice side" : "choice";
      const made = button(label, look, () => this.#press(value), group);
      made.dataset.value = value;
      (look === "choice" ? group : sides).append(made);
    }
    if (calendar) group.append(calendar);
    if (sides.hasChildNodes()) group.append(sides);
    return group;
  }

  #picker({ label, question, initial, earliest, latest }, interview) {
    const input = element("input", { type: "date", min: earliest, max: latest, value: initial, required: true });
    const shown = element("output", {}, inWords(initial));
    const problem = element("p", { class: "problem", role: "alert" });
    const form = element("form", { class: "picker", novalidate: true });
    input.addEventListener("input", () => {
      shown.textContent = inWords(input.value);
      problem.textContent = "";
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.closest(".choices").dataset.closed) return;
      if (!input.checkValidity()) {
        problem.textContent = `${inWords(earliest)}から${inWords(latest)}までの日付を選んでください。`;
        input.focus();
        return;
      }
      this.#press(`${interview}:${question}=${input.value}`);
    });
    form.append(
      element("label", {}, element("span", {}, label), input),
      shown,
      element("button", { type: "submit" }, "この日付で答える"),
      problem,
    );
    return form;
  }
}

function button(label, look, action, group = null) {
  return element(
    "button",
    {
      type: "button",
      class: look,
      on: {
        click: (event) => {
          if (group?.dataset.closed) event.preventDefault();
          else action();
        },
      },
    },
    label,
  );
}

// Closed choices stay readable and keep the focus where it is (the next Tab goes on to the new
// ones); they leave the order of the Tab key.
function close(group, value) {
  group.dataset.closed = "yes";
  for (const control of group.querySelectorAll("button, input")) {
    control.setAttribute("aria-disabled", "true");
    control.tabIndex = -1;
    if (control.tagName === "INPUT") control.readOnly = true;
    if (control.dataset.value === value) control.setAttribute("aria-pressed", "true");
  }
}

function reopen(group) {
  delete group.dataset.closed;
  for (const control of group.querySelectorAll("button, input")) {
    control.removeAttribute("aria-disabled");
    control.removeAttribute("aria-pressed");
    control.removeAttribute("tabindex");
    if (control.tagName === "INPUT") control.readOnly = false;
  }
}
