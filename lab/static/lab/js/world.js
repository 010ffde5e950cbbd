/* The cast of the demo, asked for once a page. */

import { call } from "../../saoma/js/api.js";
import { setServerTime } from "./clock.js";

let asked = null;

/** Who can log in, who can sell, and what time it is. */
export function world() {
  asked ??= ask();
  return asked;
}

async function ask() {
  const started = performance.now();
  const answer = await call("/lab/world");
  setServerTime(answer.now, performance.now() - started);
  return answer;
}
