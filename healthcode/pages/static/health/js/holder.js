/* A person's key and pass in this browser. The key is made here, no script can read it, and
   it never leaves; with it the pass is shown anew every half minute without the server.

   Each pass has a key of its own, and one pass is shown for a quarter of an hour where there is a
   network to fetch the next: so two venues that compare what they read find nothing in common. */

import { drop, load, save } from "./store.js";
import { peek, show } from "./sh1.js";
import { learnTime, now } from "./time.js";

const EC = { name: "ECDSA", namedCurve: "P-256" };
const KEY = "citizen/key";
const PASS = "citizen/pass";
const DEVICE = "citizen/device";
const SHOWN_FOR_MS = 15 * 60_000;
export const SHOW_EVERY_S = 30;

/** Whether this browser can keep a key: WebCrypto wants https or this very machine. */
export const canSign = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

export class Holder {
  pass = null;
  /* The number that a gate asks to be signed along; "" for none. */
  nonce = "";
  #pair = null;
  #device = null;

  /** @param {string} [subject] whom the code is about, where that is not the person */
  constructor(api, subject = "") {
    this.api = api;
    this.subject = subject;
    const place = (name) => (subject ? `${name}/${subject}` : name);
    this.place = place(PASS);
    this.keyPlace = place(KEY);
    this.devicePlace = place(DEVICE);
  }

  /** Take up what was kept when the page was last open. */
  async recall() {
    if (!canSign()) return;
    this.#pair = (await load(this.keyPlace)) ?? null;
    this.#device = (await load(this.devicePlace)) ?? null;
    this.pass = (await load(this.place)) ?? null;
  }

  /** Whether the pass still says something. */
  get live() {
    return this.pass !== null && now() < Date.parse(this.pass.expires_at);
  }

  /** As much of the name as a guard compares. */
  get nameHint() {
    return this.pass?.nameHint ?? "";
  }

  /** Whether it is time for the next pass, or the colour has changed. */
  isDue(colour) {
    if (!this.live || this.pass.colour !== colour) return true;
    if (this.#isKnownAbout && navigator.onLine) return true;
    return now() >= Date.parse(this.pass.issued_at) + this.pass.refresh_after_s * 1000;
  }

  /* Whether this pass has been shown for so long that it would be known again. */
  get #isKnownAbout() {
    const { shownAt } = this.pass;
    return Boolean(shownAt) && now() >= shownAt + SHOWN_FOR_MS;
  }

  /** Fetch a pass for a new key of this browser; without keys, a code that lives a minute. */
  async renew(deviceName) {
    const pair = canSign() ? await crypto.subtle.generateKey(EC, false, ["sign", "verify"]) : null;
    const jwk = pair && (await publicJwk(pair.publicKey));
    const started = performance.now();
    const pass = await this.#mint({ jwk, name: deviceName, subject: this.subject });
    await learnTime(pass.issued_at, performance.now() - started);
    const { name } = await peek(pass.code);
    this.#pair = pair;
    this.#device = pass.device_id;
    this.pass = { ...pass, nameHint: name, bound: Boolean(jwk), shownAt: null };
    if (!pair) return;
    await save(this.keyPlace, pair);
    await save(this.devicePlace, pass.device_id);
    await save(this.place, this.pass);
  }

  /* A phone that was struck off the list comes back as a new one. */
  async #mint(wish) {
    try {
      return await this.api.mint({ ...wish, device: this.#device });
    } catch (error) {
      if (error.code !== "device_unknown") throw error;
      return this.api.mint(wish);
    }
  }

  /** What the QR code says now. */
  async show() {
    if (!this.pass.bound) return this.pass.code;
    if (!this.pass.shownAt) {
      this.pass.shownAt = now();
      await save(this.place, this.pass);
    }
    const nonce = new TextEncoder().encode(this.nonce);
    return show(this.pass.code, this.#pair.privateKey, Math.floor(now() / 1000), nonce);
  }

  /** Let go of the pass; this device stays known by its record. */
  async drop() {
    this.pass = null;
    if (canSign()) await drop(this.place);
  }
}

async function publicJwk(key) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  return { kty, crv, x, y };
}
