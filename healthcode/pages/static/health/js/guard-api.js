/* The API as a terminal uses it. `call` of the pages speaks for people; a terminal says who it
   is in a scheme of its own, and does not wait long for an answer at a gate.

   It proves itself by the secret given at the desk, or, once enrolled by an invitation, by
   signing each request with a key of its own that no script can read. */

import { Problem } from "../../saoma/js/api.js";
import { hex } from "./sh1.js";
import { now } from "./time.js";

const HEALTH = "/api/v1/health/";
const PATIENCE_MS = 5000;
const EC = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

const bytes = (text) => new TextEncoder().encode(text);

function base64url(data) {
  const text = btoa(String.fromCharCode(...new Uint8Array(data)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export class GuardApi {
  /* {secret} or {terminalId, key}; kept in the browser as it is. */
  credential = null;

  async #authorisation(method, path, body) {
    const { secret, terminalId, key } = this.credential ?? {};
    if (secret) return `Terminal ${secret}`;
    if (!key) return "";
    const seconds = Math.floor(now() / 1000);
    const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(body))));
    const signed = ["saoma/terminal/v1", method, path, seconds, digest].join("\n");
    const signature = await crypto.subtle.sign(SIGNING, key, bytes(signed));
    return `Terminal ${terminalId}.${seconds}.${base64url(signature)}`;
  }

  async #ask(name, content) {
    const path = HEALTH + name;
    const method = content === undefined ? "GET" : "POST";
    const body = content === undefined ? "" : JSON.stringify(content);
    let response;
    let answer;
    try {
      response = await fetch(path, {
        method,
        headers: {
          Accept: "application/json",
          Authorization: await this.#authorisation(method, path, body),
          ...(body ? { "Content-Type": "application/json" } : {}),
        },
        body: body || undefined,
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      answer = await response.json();
    } catch {
      throw new Problem({});
    }
    // A server that cannot answer is, at a gate, no server.
    if (response.status >= 500 || response.status === 429) throw new Problem({});
    if (!response.ok) throw new Problem({ status: response.status, ...answer });
    return answer;
  }

  /** Take a terminal's place by an invitation from the desk; the key is made here. */
  async enrol(invitation) {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(EC, false, ["sign", "verify"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    this.credential = null;
    const answer = await this.#ask("terminals", { invitation, public_key: { kty, crv, x, y } });
    this.credential = { terminalId: answer.terminal_id, key: privateKey };
  }

  terminal = () => this.#ask("terminals/current");
  venue = () => this.#ask("venues/current");
  verify = (code, identityChecked, nonce = "") =>
    this.#ask("codes/verify", {
      code,
      ...(identityChecked ? { identity_checked: true } : {}),
      ...(nonce ? { nonce } : {}),
    });
  handIn = (verdicts) => this.#ask("offline-verdicts", { verdicts });
}
