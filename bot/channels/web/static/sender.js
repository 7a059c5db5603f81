// Sending: in order, again where the line broke (the same id: stored once), kept over a reload.

const TIMEOUT_MS = 15_000;
const PAUSES_MS = [1_000, 2_000, 4_000];
const KEPT = "hosho-unsent";

export class Sender {
  #changed;
  #queue = [];
  #failed = new Map();
  #busy = false;

  /** `changed(message, "sent" | "failed", {reason, again})` is called. */
  constructor(changed) {
    this.#changed = changed;
    for (const message of kept()) this.#failed.set(message.id, message);
    addEventListener("online", () => [...this.#failed.keys()].forEach((id) => this.retry(id)));
  }

  /** Return a message with a fresh id, and send it. */
  send(kind, value, id = freshId()) {
    const message = { id, kind, value };
    this.#queue.push(message);
    this.#keep();
    this.#run();
    return message;
  }

  /** Send a failed message again. */
  retry(id) {
    const message = this.#failed.get(id);
    if (!message) return;
    this.#failed.delete(id);
    this.#queue.push(message);
    this.#changed(message, "sending");
    this.#run();
  }

  /** Forget a message that was not sent; returns it. */
  drop(id) {
    const message = this.#failed.get(id);
    this.#failed.delete(id);
    this.#keep();
    return message;
  }

  /** Note that the service has a message, however we came to know. */
  arrived(id) {
    this.#failed.delete(id);
    this.#queue = this.#queue.filter((message) => message.id !== id);
    this.#keep();
  }

  /** Return the messages that were not sent: also those that an earlier load of the page left. */
  get unsent() {
    return [...this.#failed.values()];
  }

  async #run() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#queue.length) {
      const message = this.#queue[0];
      const outcome = await this.#deliver(message);
      if (this.#queue[0] === message) this.#queue.shift();
      if (outcome) {
        this.#failed.set(message.id, message);
        this.#changed(message, "failed", outcome);
      } else {
        this.#changed(message, "sent");
      }
      this.#keep();
    }
    this.#busy = false;
  }

  // Returns null when it arrived, else why it did not.
  async #deliver(message) {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await post(message);
      if (answer.ok || this.#queue[0] !== message) return null;
      const passing = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!passing) return { reason: answer.reason, again: false, status: answer.status };
      if (attempt === PAUSES_MS.length || !navigator.onLine) {
        return { reason: answer.reason, again: true, status: answer.status };
      }
      await new Promise((resolve) => setTimeout(resolve, answer.wait || PAUSES_MS[attempt]));
    }
  }

  #keep() {
    const unsent = [...this.#failed.values(), ...this.#queue];
    try {
      if (unsent.length) sessionStorage.setItem(KEPT, JSON.stringify(unsent));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // Storage switched off: an unsent message then does not survive a reload.
    }
  }
}

function kept() {
  try {
    const unsent = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    // The page begins a talk by itself; only what the traveller said is kept for them.
    return unsent.filter((message) => message.kind !== "start");
  } catch {
    return []; // storage switched off, or not ours
  }
}

async function post({ id, kind, value }) {
  try {
    const answer = await fetch("/web/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, [kind]: value }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return { ok: true };
    const said = await answer.json().catch(() => ({}));
    const wait = Number(answer.headers.get("Retry-After")) * 1_000;
    return { ok: false, status: answer.status, reason: said.message ?? "", wait };
  } catch {
    return { ok: false, status: 0, reason: "", wait: 0 };
  }
}

// crypto.randomUUID would need HTTPS.
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
