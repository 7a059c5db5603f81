// The line from the service: entries as they come; it mends itself and says when it is down.

const SILENCE_MS = 40_000; // the service gives a sign of life every 15 s
const PAUSE_MS = 1_000;
const PAUSE_AT_MOST_MS = 20_000;
const NOTICE_MS = 1_500; // a shorter break is nobody's business

export class Stream {
  #listeners;
  #source = null;
  #cursor = "";
  #pause = PAUSE_MS;
  #again = 0;
  #notice = 0;
  #silence = 0;
  #over = false;

  /** `entry(entry)`, `synced()`, and `state("open" | "lost" | "offline" | "gone")` are called. */
  constructor(listeners) {
    this.#listeners = listeners;
    addEventListener("offline", () => this.#down("offline"));
    addEventListener("online", () => this.#connect());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#connect());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#source?.readyState === EventSource.CLOSED) this.#connect();
    });
    this.#connect();
  }

  #connect() {
    if (this.#over) return;
    this.#close();
    const query = this.#cursor ? `?after=${encodeURIComponent(this.#cursor)}` : "";
    const source = (this.#source = new EventSource(`/web/events${query}`));
    source.addEventListener("open", () => {
      this.#pause = PAUSE_MS;
      this.#heard();
      clearTimeout(this.#notice);
      this.#notice = 0;
      this.#listeners.state("open");
    });
    source.addEventListener("ping", () => this.#heard());
    source.addEventListener("entry", (event) => {
      this.#heard();
      this.#cursor = event.lastEventId;
      this.#listeners.entry(JSON.parse(event.data));
    });
    source.addEventListener("synced", () => {
      this.#heard();
      this.#listeners.synced();
    });
    source.addEventListener("error", () => {
      this.#down("lost");
      // Broken lines the browser mends by itself; after a refusal (a restart behind a proxy
      // answers 502) it gives up, and we do not.
      if (source.readyState === EventSource.CLOSED) this.#reconnectLater();
    });
    this.#heard();
  }

  #heard() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#down("lost");
      this.#connect();
    }, SILENCE_MS);
  }

  #down(state) {
    if (state === "offline") {
      this.#listeners.state(state);
    } else if (!this.#notice) {
      this.#notice = setTimeout(
        () => this.#listeners.state(navigator.onLine ? "lost" : "offline"),
        NOTICE_MS,
      );
    }
  }

  async #reconnectLater() {
    if (await this.#forgotten()) {
      this.#over = true;
      this.#close();
      this.#listeners.state("gone");
      return;
    }
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#connect(), this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(this.#pause * 2, PAUSE_AT_MOST_MS);
  }

  // EventSource does not tell why it was refused. 401: the cookie is gone, trying again is no use.
  async #forgotten() {
    const stop = new AbortController();
    try {
      const answer = await fetch("/web/events", { signal: stop.signal, cache: "no-store" });
      return answer.status === 401;
    } catch {
      return false;
    } finally {
      stop.abort();
    }
  }

  #close() {
    clearTimeout(this.#again);
    clearTimeout(this.#silence);
    this.#source?.close();
  }
}
