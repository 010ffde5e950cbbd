/* COSE_Sign1 (RFC 9052) by ECDSA, checked with WebCrypto. Mirrors healthcode/codec/cose.py. */

import { Tag, decode, encode } from "./cbor.js";
import { Refused } from "./refused.js";

const ALG = 1;
const CRIT = 2;
const CONTENT_TYPE = 3;
const KID = 4;
/* What a protected header may call critical and we understand. */
const UNDERSTOOD = new Set([ALG, CRIT, CONTENT_TYPE, KID]);
const TAG_SIGN1 = 18;
const TAG_CWT = 61;
const HASHES = new Map([
  [-7, "SHA-256"],
  [-35, "SHA-384"],
  [-36, "SHA-512"],
]);
/* Known to the server too, but no P-256 key makes them. */
const OTHERS = [-8, -37, -38, -39];
const EC = { name: "ECDSA", namedCurve: "P-256" };
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const COORDINATE = 32;

const isBytes = (value) => value instanceof Uint8Array;
const lookUp = (map, other, name) => (map.has(name) ? map.get(name) : other.get(name));

/** Read a COSE_Sign1: bare, under tag 18, or that under the CWT tag 61; throws Refused. */
export function parseSign1(data) {
  let value = decode(data);
  if (value instanceof Tag && value.number === TAG_CWT) value = value.value;
  if (value instanceof Tag) {
    if (value.number !== TAG_SIGN1) throw new Refused("cose", "cose_tag");
    value = value.value;
  }
  const [protectedBytes, unprotected, payload, signature] = Array.isArray(value) ? value : [];
  const shaped =
    value?.length === 4 &&
    [protectedBytes, payload, signature].every(isBytes) &&
    unprotected instanceof Map;
  if (!shaped) throw new Refused("cose", "cose_structure");
  const headers = headersOf(protectedBytes);
  const kid = lookUp(headers, unprotected, KID);
  return {
    alg: lookUp(headers, unprotected, ALG),
    kid: typeof kid === "string" ? new TextEncoder().encode(kid) : isBytes(kid) ? kid : new Uint8Array(),
    payload,
    signature,
    signed: encode(["Signature1", headers.size ? protectedBytes : new Uint8Array(), new Uint8Array(), payload]),
  };
}

function headersOf(data) {
  let headers;
  try {
    headers = data.length ? decode(data) : new Map();
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    throw new Refused("cbor", "cose_header_malformed");
  }
  if (!(headers instanceof Map)) throw new Refused("cose", "cose_protected_header");
  const critical = headers.has(CRIT) ? headers.get(CRIT) : [];
  if (!Array.isArray(critical) || !critical.every((label) => UNDERSTOOD.has(label))) {
    throw new Refused("cose", "critical_header_unknown");
  }
  return headers;
}

/** Find the key that made the signature, of `{kid, key}`; throws Refused. */
export async function verifySign1(message, candidates) {
  const hash = HASHES.get(message.alg);
  if (!hash && !OTHERS.includes(message.alg)) throw new Refused("cose", "algorithm_unknown");
  for (const candidate of candidates) {
    if (hash && (await isSignature(hash, candidate.key, message.signature, message.signed))) {
      return candidate;
    }
  }
  throw new Refused("signature", "signature_invalid");
}

/** Whether this key made this signature (r and s of 32 bytes each). */
export const isSignature = (hash, key, signature, signed) =>
  crypto.subtle.verify({ name: "ECDSA", hash }, key, signature, signed);

/** Take a P-256 key out of a JWK. */
export function importJwk({ kty, crv, x, y }) {
  return crypto.subtle.importKey("jwk", { kty, crv, x, y }, EC, false, ["verify"]);
}

/** Take a P-256 key out of a COSE_Key, whose y may be a sign bit; throws Refused. */
export async function importCoseKey(members) {
  const [x, y] = members instanceof Map ? [members.get(-2), members.get(-3)] : [];
  const known = members?.get?.(1) === 2 && members.get(-1) === 1 && isBytes(x);
  const point = known ? pointOf(x, y) : null;
  if (!point) throw new Refused("cbor", "device_key");
  try {
    return await crypto.subtle.importKey("raw", point, EC, false, ["verify"]);
  } catch {
    throw new Refused("cbor", "device_key");
  }
}

function pointOf(x, y) {
  if (isBytes(y)) return Uint8Array.of(4, ...x, ...y);
  if (typeof y !== "boolean" || x.length !== COORDINATE) return null;
  const root = rootOf(toNumber(x));
  if (root === null) return null;
  const found = (root & 1n) === BigInt(y) ? root : P - root;
  return Uint8Array.of(4, ...x, ...toBytes(found));
}

/* y of a point by its x (SEC 1, 2.3.4): P is 3 modulo 4, so a root is one power away. */
function rootOf(/** @type {bigint} */ x) {
  if (x >= P) return null;
  const square = (((x * x - 3n) * x + B) % P + P) % P;
  const root = power(square, (P + 1n) / 4n);
  return (root * root) % P === square ? root : null;
}

function power(/** @type {bigint} */ base, /** @type {bigint} */ exponent) {
  let result = 1n;
  for (let [rest, square] = [exponent, base]; rest > 0n; rest >>= 1n, square = (square * square) % P) {
    if (rest & 1n) result = (result * square) % P;
  }
  return result;
}

/** @type {(bytes: Uint8Array) => bigint} */
const toNumber = (bytes) => Array.from(bytes, BigInt).reduce((total, byte) => total * 256n + byte, 0n);

function toBytes(number) {
  const text = number.toString(16).padStart(2 * COORDINATE, "0");
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}
