// The chat page: wires the stream, the sender, the log and the controls.

import { Log } from "./log.js";
import { Sender } from "./sender.js";
import { Stream } from "./stream.js";

const FIRST_ID = "first-start"; // one id for every tab: a conversation begins once
const TYPING_MS = 250; // most answers are there sooner: no flicker
const SLOW_MS = 8_000;
const LINES = {
  open: "",
  lost: "接続が切れました。つなぎ直しています。書いた内容は消えません。",
  offline: "インターネットにつながっていません。つながりしだい再開します。",
  gone: "会話の続きが見つかりません。Cookie を有効にして、ページを読み込み直してください。",
};

const at = (id) => document.getElementById(id);
const maxText = Number(document.body.dataset.maxText);
const composer = at("composer");
const text = at("text");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let synced = false;
let following = true; // keep the newest in view, until the traveller scrolls up
let anchor = null; // the first reply since the traveller's last word
let typing = 0;
let slow = 0;

const log = new Log(at("log"), {
  press: (value) => say("button", value),
  retry: (id) => sender.retry(id),
  drop: (id) => {
    const message = sender.drop(id);
    log.remove(id);
    if (message?.kind === "text" && !text.value) {
      text.value = message.value;
      grow();
    }
    text.focus();
    expectReply(false);
  },
});

const sender = new Sender((message, state, about) => {
  if (message.kind === "start" && state === "failed") {
    expectReply(false);
    if (about.status !== 401) setTimeout(() => sender.retry(message.id), 3_000);
  }
  if (!log.has(message.id)) return;
  log.mark(message.id, state, about);
  if (state === "failed") {
    expectReply(false);
    follow();
  } else {
    expectReply(log.waits);
  }
});

new Stream({
  state: (state) => {
    at("line").textContent = LINES[state];
  },
  entry: (entry) => {
    if (entry.from === "traveller") {
      sender.arrived(entry.id);
      if (!log.has(entry.id)) anchor = null;
      log.said(entry);
    } else {
      const turn = log.reply(entry.reply, entry.turn);
      anchor ??= turn;
    }
    expectReply(log.waits);
    if (synced) follow();
  },
  synced: () => {
    if (synced) return;
    synced = true;
    for (const message of sender.unsent) log.said(message, "failed");
    at("log").setAttribute("aria-live", "polite");
    at("dock").hidden = false;
    at("restart").hidden = false;
    begin();
    follow("instant");
  },
});
// What was said before this load is not read aloud again.
at("log").setAttribute("aria-live", "off");

function begin() {
  const campaign = document.body.dataset.campaign;
  if (location.search) history.replaceState(null, "", location.pathname);
  if (!log.last) say("start", campaign, FIRST_ID);
  else if (campaign) say("start", campaign);
}

function say(kind, value, id) {
  const message = sender.send(kind, value, id);
  log.said(message, "sending");
  anchor = null;
  following = true;
  expectReply(true);
  follow();
}

function expectReply(expected) {
  clearTimeout(typing);
  clearTimeout(slow);
  at("typing-words").textContent = "";
  if (!expected) {
    at("typing").hidden = true;
    return;
  }
  typing = setTimeout(() => {
    at("typing").hidden = false;
    follow();
  }, TYPING_MS);
  slow = setTimeout(() => {
    at("typing-words").textContent = "お返事に時間がかかっています。このままお待ちください。";
  }, SLOW_MS);
}

// Scroll to the newest, but no further than to the beginning of what was answered: a long
// answer is read from its start.
function follow(behavior = calm.matches ? "instant" : "smooth") {
  if (!following) {
    showNewer();
    return;
  }
  const bottom = document.documentElement.scrollHeight - innerHeight;
  const start = anchor ? anchor.getBoundingClientRect().top + scrollY - 12 - overlaid() : bottom;
  scrollTo({ top: Math.min(bottom, start), behavior });
  setTimeout(showNewer, 400);
}

// The demonstration's clock stays in view, over what is scrolled.
function overlaid() {
  const clock = at("clock");
  return clock && getComputedStyle(clock).position === "sticky" ? clock.offsetHeight : 0;
}

function below() {
  return document.documentElement.scrollHeight - innerHeight - scrollY;
}

function showNewer() {
  at("newer").hidden = below() < 40;
}

addEventListener("scroll", () => {
  if (below() < 40) following = true;
  if (!at("newer").hidden) showNewer();
}, { passive: true });
for (const type of ["wheel", "touchmove"]) {
  addEventListener(type, () => (following = below() < 40), { passive: true });
}
addEventListener("keydown", (event) => {
  if (["PageUp", "Home", "ArrowUp"].includes(event.key) && event.target !== text) following = false;
});
at("newer").addEventListener("click", () => {
  following = true;
  anchor = null;
  follow();
});

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  const length = [...words].length;
  if (!words) {
    problem("文字を入力してから送ってください。");
    text.focus();
    return;
  }
  if (length > maxText) {
    problem(`1回に送れるのは${maxText.toLocaleString("ja")}文字までです（いま${length.toLocaleString("ja")}文字）。短く分けて送ってください。`);
    text.focus();
    return;
  }
  say("text", words);
  text.value = "";
  problem("");
  grow();
});

function problem(words) {
  at("problem").textContent = words;
  text.setAttribute("aria-invalid", String(Boolean(words)));
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  const length = [...text.value].length;
  const near = length > maxText * 0.9;
  at("count").hidden = !near;
  if (near) at("count").textContent = `${length.toLocaleString("ja")} / ${maxText.toLocaleString("ja")}文字`;
}

text.addEventListener("input", () => {
  problem("");
  grow();
});
// Enter that ends a conversion of the input method must not send: most browsers say
// isComposing, Safari only the key code 229, on the key that comes after compositionend.
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  composer.requestSubmit();
});

const confirm = at("confirm");
at("restart").addEventListener("click", () => confirm.showModal());
at("confirm-no").addEventListener("click", () => confirm.close());
at("confirm-yes").addEventListener("click", () => {
  confirm.close();
  if (log.restart) say("button", log.restart);
  else say("text", "最初から");
});
