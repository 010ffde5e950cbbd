/* The server's time by the device's own clock, which is only a ruler: it may be set wrong. */

import { load, save } from "./store.js";

let offsetMs = 0;

/** Take up the offset that was known when the page was last open. */
export async function recallTime() {
  offsetMs = (await load("offset")) ?? 0;
}

/** Learn the server's time; `tookMs` is how long its answer was under way. */
export async function learnTime(iso, tookMs = 0) {
  offsetMs = new Date(iso).getTime() + tookMs / 2 - Date.now();
  await save("offset", offsetMs);
}

/** Milliseconds of Unix time by the server's clock. */
export const now = () => Date.now() + offsetMs;
