/* The world's clock, which a lesson may move forward; the device's own is only a ruler. */

const JUMP_MS = 5000;
let offsetMs = 0;
const LONGEST_WAY_MS = 500;

/** Learn the server's time; `tookMs` is how long the answer was under way. A jump is told. */
export function setServerTime(iso, tookMs = 0) {
  const known = offsetMs;
  // An answer that took long was worked on, not under way: it says the time at its end.
  offsetMs = new Date(iso).getTime() + Math.min(tookMs / 2, LONGEST_WAY_MS) - Date.now();
  if (Math.abs(offsetMs - known) > JUMP_MS) document.dispatchEvent(new Event("saoma:jump"));
}

/** The world's present moment. */
export function now() {
  return new Date(Date.now() + offsetMs);
}

/** Ask the server what time it is. */
export async function syncClock(call) {
  const started = performance.now();
  const answer = await call("/lab/clock");
  setServerTime(answer.now, performance.now() - started);
}
