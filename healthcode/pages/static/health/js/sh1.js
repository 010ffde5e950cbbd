/* SH1: the issuer's PASS and the device's SHOW of it, checked and made in the browser.

   PASS   SH1: + Base45( COSE_Sign1 )
   SHOW   SH1: + Base45( CBOR [PASS, unix seconds, signature over PASS, seconds as 8 bytes, nonce] )

   Mirrors healthcode/codec/sh1.py: the same stages and reasons, in the same order. */

import * as base45 from "./base45.js";
import { Tag, decode, encode, joined } from "./cbor.js";
import { importCoseKey, isSignature, parseSign1, verifySign1 } from "./cose.js";
import { Refused } from "./refused.js";

const PREFIX = "SH1:";
const MAX_CHARACTERS = 4096;
/* What scanners and hands add around a code: blanks, controls, letters that nobody sees. */
const ADDED = "[\\x01-\\x20\\x7f\\x85\\xa0\\u1680\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u2064\\u3000\\ufeff]+";
const AROUND = new RegExp(`^${ADDED}|${ADDED}$`, "g");
const [ISS, EXP, IAT, CTI, CNF, HEALTH] = [1, 4, 6, 7, 8, -65600];
const [COLOUR, NAME, BIRTH, RULE_SET, REGION, KIND] = [0, 1, 2, 3, 4, 5];
const CTI_BYTES = 16;
const COLOURS = ["UNKNOWN", "GREEN", "YELLOW", "RED"];
const KINDS = ["APP", "PAPER", "PROXY", "SPECIMEN"];
const SHOW_SKEW_MS = 90_000;
const CLOCK_SKEW_MS = 30_000;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The string of a pass or a presentation, for a QR code in alphanumeric mode. */
export const text = (data) => PREFIX + base45.encode(data);

/** The bytes of such a string; throws Refused. */
export function bytesOf(text) {
  const code = text.replace(AROUND, "");
  if (!code.startsWith(PREFIX)) throw new Refused("prefix", "prefix_unknown");
  if (code.length > MAX_CHARACTERS) throw new Refused("encoding", "too_long");
  return base45.decode(code.slice(PREFIX.length));
}

/** What a device signs to present its pass at one second (Unix time). */
function showBytes(passBytes, seconds, nonce) {
  const time = new DataView(new ArrayBuffer(8));
  time.setBigUint64(0, BigInt(seconds));
  return joined([passBytes, new Uint8Array(time.buffer), nonce]);
}

/**
 * Present a pass: sign it anew with the device's private key.
 * @param {string} pass the PASS as the server gave it
 * @param {CryptoKey} key
 * @param {number} seconds Unix time by the server's clock
 */
export async function show(pass, key, seconds, nonce = new Uint8Array()) {
  const passBytes = bytesOf(pass);
  const signed = showBytes(passBytes, seconds, nonce);
  const made = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, signed);
  return text(encode([passBytes, seconds, new Uint8Array(made)]));
}

/**
 * Check a pass or a presentation of it at one moment: signatures and times.
 * Whether a bare pass, a specimen or the colour will do is for the policy.
 * @param {{kid: string, key: CryptoKey}[]} keys of the trust list, `kid` in hex
 * @param {number} at milliseconds of Unix time
 */
export async function verify(code, keys, at, nonce = new Uint8Array()) {
  const { passBytes, seconds, signature } = split(bytesOf(code));
  const message = parseSign1(passBytes);
  const kid = hex(message.kid);
  const candidates = keys.filter((key) => key.kid === kid);
  if (!candidates.length) throw new Refused("signature", "key_unknown");
  const signer = await verifySign1(message, candidates);
  const claims = await claimsOf(message.payload);
  const shownAt = seconds === null ? null : momentOf(seconds);
  if (shownAt !== null) {
    if (!claims.device) throw new Refused("signature", "pass_has_no_device");
    const signed = showBytes(passBytes, seconds, nonce);
    const held = await isSignature("SHA-256", claims.device, signature, signed);
    if (!held) throw new Refused("signature", "device_signature_invalid");
  }
  if (at < claims.issuedAt - CLOCK_SKEW_MS) throw new Refused("validity", "not_yet_valid");
  if (at >= claims.expiresAt) throw new Refused("validity", "expired");
  if (shownAt !== null && shownAt - at > CLOCK_SKEW_MS) throw new Refused("validity", "presentation_ahead");
  if (shownAt !== null && at - shownAt > SHOW_SKEW_MS) throw new Refused("validity", "presentation_stale");
  return { claims, kid, shownAt, signer };
}

function split(data) {
  const value = decode(data);
  if (Array.isArray(value) && value.length === 3) {
    const [passBytes, seconds, signature] = value;
    const whole = typeof seconds === "bigint" || Number.isInteger(seconds);
    const bytes = passBytes instanceof Uint8Array && signature instanceof Uint8Array;
    if (bytes && whole && seconds >= 0 && seconds < 1n << 63n) {
      return { passBytes, seconds, signature };
    }
  }
  return { passBytes: data, seconds: null, signature: null };
}

/** What a pass says, unchecked: for the eyes of whoever holds it. */
export const peek = (pass) => claimsOf(parseSign1(bytesOf(pass)).payload);

/* Milliseconds of a time claim, which may be tagged as epoch time; null for none. */
function momentOf(claim) {
  const value = claim instanceof Tag && claim.number === 1 ? claim.value : claim;
  if (typeof value !== "bigint" && !Number.isFinite(value)) return null;
  if (value < FIRST_SECOND || value > LAST_SECOND) {
    throw new Refused("validity", "time_claim_absurd");
  }
  return Number(value) * 1000;
}

async function claimsOf(payload) {
  const body = decode(payload);
  const health = body instanceof Map ? body.get(HEALTH) : null;
  if (!(health instanceof Map)) throw new Refused("cbor", "health_claim_missing");
  const [issuedAt, expiresAt] = [momentOf(body.get(IAT)), momentOf(body.get(EXP))];
  const cti = body.get(CTI);
  const [name, birth, ruleSet, region] = [NAME, BIRTH, RULE_SET, REGION].map((member) =>
    health.has(member) ? health.get(member) : "",
  );
  const whole = cti instanceof Uint8Array && cti.length === CTI_BYTES && issuedAt !== null;
  const texts = [name, birth, ruleSet, region].every((value) => typeof value === "string");
  if (!whole || expiresAt === null || !texts) throw new Refused("cbor", "claim_missing");
  const colour = COLOURS[health.get(COLOUR)];
  const kind = KINDS[health.get(KIND)];
  if (!colour || !kind) throw new Refused("cbor", "claim_unknown");
  const issuer = body.get(ISS);
  const cnf = body.get(CNF);
  const unbound = cnf === null || cnf === undefined;
  return {
    issuer: typeof issuer === "string" ? issuer : "",
    issuedAt,
    expiresAt,
    cti: hex(cti),
    colour,
    name,
    birth,
    ruleSet,
    region,
    kind,
    device: unbound ? null : await importCoseKey(cnf instanceof Map ? cnf.get(1) : null),
  };
}
