/* A person's key and pass in this browser. The key is made here, no script can read it, and
   it never leaves; with it the pass is shown anew every half minute without the server. */

import { drop, load, save } from "./store.js";
import { peek, show } from "./sh1.js";
import { learnTime, now } from "./time.js";

const EC = { name: "ECDSA", namedCurve: "P-256" };
const KEY = "citizen/key";
const PASS = "citizen/pass";
export const SHOW_EVERY_S = 30;

/** Whether this browser can keep a key: WebCrypto wants https or this very machine. */
export const canSign = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

export class Holder {
  pass = null;
  #pair = null;

  /** @param {string} [subject] whom the code is about, where that is not the person */
  constructor(api, subject = "") {
    this.api = api;
    this.subject = subject;
    this.place = subject ? `${PASS}/${subject}` : PASS;
  }

  /** Take up what was kept when the page was last open. */
  async recall() {
    if (!canSign()) return;
    this.#pair = (await load(KEY)) ?? null;
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
    return now() >= Date.parse(this.pass.issued_at) + this.pass.refresh_after_s * 1000;
  }

  /** Fetch a pass for this browser's key; without one, a code that lives a minute. */
  async renew(deviceName) {
    if (canSign() && !this.#pair) {
      this.#pair = await crypto.subtle.generateKey(EC, false, ["sign", "verify"]);
      await save(KEY, this.#pair);
    }
    const jwk = this.#pair && (await publicJwk(this.#pair.publicKey));
    const started = performance.now();
    const pass = await this.api.mint({ jwk, name: deviceName, subject: this.subject });
    await learnTime(pass.issued_at, performance.now() - started);
    const { name } = await peek(pass.code);
    this.pass = { ...pass, nameHint: name, bound: Boolean(jwk) };
    if (canSign()) await save(this.place, this.pass);
  }

  /** What the QR code says now. */
  async show() {
    if (!this.pass.bound) return this.pass.code;
    return show(this.pass.code, this.#pair.privateKey, Math.floor(now() / 1000));
  }

  /** Let go of the pass; the key stays, for it names this device. */
  async drop() {
    this.pass = null;
    if (canSign()) await drop(this.place);
  }
}

async function publicJwk(key) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  return { kty, crv, x, y };
}
