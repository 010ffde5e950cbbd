/* The API as a terminal uses it. `call` of the pages speaks for people; a terminal says
   who it is in a scheme of its own, and does not wait long for an answer at a gate. */

import { Problem } from "../../saoma/js/api.js";

const HEALTH = "/api/v1/health/";
const PATIENCE_MS = 5000;

export class GuardApi {
  credential = "";

  async #ask(path, body) {
    let response;
    let answer;
    try {
      response = await fetch(HEALTH + path, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          Accept: "application/json",
          Authorization: `Terminal ${this.credential}`,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
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

  terminal = () => this.#ask("terminals/current");
  verify = (code, identityChecked) =>
    this.#ask("codes/verify", identityChecked ? { code, identity_checked: true } : { code });
  handIn = (verdicts) => this.#ask("offline-verdicts", { verdicts });
}
