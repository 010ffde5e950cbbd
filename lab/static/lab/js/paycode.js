/* The payment code, made on this device: alias, one-time password, check digit.
   Needs no network: the alias was lent in advance, the password comes from the device
   key and the time. The same rules as wallet/qr/paycode.py on the server. */

const LABEL = new TextEncoder().encode("saoma/paycode/v1\0");
const STEP_MS = 30_000;
const OTP_MODULUS = 10_000_000n;
const OFFLINE = "1";
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

/** The check digit after H. M. Damm: finds every wrong digit and every swap. */
export function damm(digits) {
  return [...digits].reduce((interim, digit) => DAMM[interim][digit], "0");
}

/** The 30-second step that holds a moment, and how long it still lasts. */
export function stepAt(moment) {
  const ms = moment.getTime();
  return { step: Math.floor(ms / STEP_MS), leftMs: STEP_MS - (ms % STEP_MS) };
}

/** Keep a key so that no script can read it out again; only signing is allowed. */
export function importKey(base64url) {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** The seven digits for an alias during one step. */
export async function oneTimePassword(key, alias, step) {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const message = new Uint8Array([...LABEL, ...new TextEncoder().encode(alias), ...counter]);
  const mac = await crypto.subtle.sign("HMAC", key, message);
  const number = new DataView(mac).getBigUint64(0) % OTP_MODULUS;
  return number.toString().padStart(7, "0");
}

/** The twenty digits to show at a moment. */
export async function codeAt({ key, alias, prefix }, moment) {
  const otp = await oneTimePassword(key, alias, stepAt(moment).step);
  const body = prefix + OFFLINE + alias + otp;
  return body + damm(body);
}
