/* The live stream: server-sent events, with polling where no stream is served. */

import { call } from "../../saoma/js/api.js";
import { now } from "./clock.js";

const SEEN_LIMIT = 2000;
const POLL_MS = 1500;
const RENEW_MS = 9 * 60 * 1000;

/** Dispatches `saoma` events ({id, topic, at, payload}), each once, and `state` changes. */
class Stream extends EventTarget {
  #seen = new Set();
  #last = "";
  #source = null;
  #started = false;
  state = "connecting";

  /** Begin, once for the page; all elements share one connection. */
  async start() {
    if (this.#started) return;
    this.#started = true;
    await this.#open();
  }

  async #open() {
    let grant;
    try {
      grant = await call("/lab/stream");
    } catch {
      this.#say("offline");
      setTimeout(() => this.#open(), POLL_MS * 2);
      return;
    }
    this.#last ||= grant.after ?? "";
    const query = new URLSearchParams({ token: grant.token, after: this.#last });
    const source = new EventSource(`/events/?${query}`);
    this.#source = source;
    const renew = setTimeout(() => this.#reopen(source), RENEW_MS);
    source.addEventListener("open", () => this.#say("live"));
    source.addEventListener("saoma", (message) => this.#take(JSON.parse(message.data)));
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) {
        this.#say("offline");
        return;
      }
      clearTimeout(renew);
      if (source === this.#source) this.#poll();
    });
  }

  #reopen(source) {
    if (source !== this.#source) return;
    source.close();
    this.#open();
  }

  /* A server without event streams (a plain WSGI one) still answers this. */
  async #poll() {
    try {
      const { events } = await call(`/lab/events?after=${encodeURIComponent(this.#last)}`);
      this.#say("polling");
      events.forEach((event) => this.#take(event));
    } catch {
      this.#say("offline");
    }
    setTimeout(() => this.#poll(), POLL_MS);
  }

  #take(event) {
    if (this.#seen.has(event.id)) return;
    this.#seen.add(event.id);
    if (this.#seen.size > SEEN_LIMIT) this.#seen.delete(this.#seen.values().next().value);
    if (event.id > this.#last) this.#last = event.id;
    this.dispatchEvent(new CustomEvent("saoma", { detail: { shownAt: now(), ...event } }));
  }

  #say(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

export const stream = new Stream();
