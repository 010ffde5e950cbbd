/* The signed lists by which a verifier judges without network: whom to believe, what not to
   believe any more. Kept in the browser; each says itself until when it is good.

   The trust list is signed by a root, which signs nothing else. The first root comes over TLS,
   from where this very script came, and is kept; from then on a list counts only by that root or
   by one that follows from it, each vouched for by the one before. An older list never replaces a
   newer one. */

import { Problem, call } from "../../saoma/js/api.js";
import { importJwk, isSignature } from "./cose.js";
import { load, save } from "./store.js";
import { learnTime } from "./time.js";

const API = "/api/v1/health/";
const KEPT = "guard/lists";
const ENDORSES = "saoma-root";

function bytesOf(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

/* UTF-8 as it stands: no byte order mark is dropped, nothing is put in a bad letter's place. */
const strictly = (data) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);

/**
 * What a compact JWS (ES256) says, if one of these keys signed it.
 * @param {{kid: string, kty: string, crv: string, x: string, y: string}[]} signers
 * @param {string} kind what the header says it is: a list is no word about a root, nor back
 */
export async function openJws(jws, signers, kind = "JWT") {
  const [head, body, signature] = jws.split(".");
  const { alg, kid, typ } = JSON.parse(strictly(bytesOf(head)));
  const signer = signers.find((one) => one.kid === kid);
  if (alg !== "ES256" || typ !== kind || !signer) throw new Problem({ code: "list_signer_unknown" });
  const signed = new TextEncoder().encode(`${head}.${body}`);
  const key = await importJwk(signer);
  if (!(await isSignature("SHA-256", key, bytesOf(signature), signed))) {
    throw new Problem({ code: "list_signature_invalid" });
  }
  return JSON.parse(strictly(bytesOf(body)));
}

/**
 * Follow the chain from the root that is held to the last that it leads to.
 * @param {object|null} held the root in the browser; null takes the last of the chain on trust
 * @param {{kid: string, endorsement: string}[]} chain oldest first, as the server tells it
 */
export async function rootAfter(held, chain) {
  let root = held ?? chain.at(-1);
  if (!root) throw new Problem({ code: "list_signer_unknown" });
  for (const next of held ? chain.slice(chain.findIndex(({ kid }) => kid === held.kid) + 1) : []) {
    if (!next.endorsement) continue;
    const statement = await openJws(next.endorsement, [root], ENDORSES).catch(() => null);
    // The key is what was vouched for, not what stands beside it in the answer.
    if (statement?.use === ENDORSES && statement.key.kid === next.kid) root = statement.key;
  }
  return root;
}

async function fetchTrust(known) {
  const started = performance.now();
  const answer = await call(`${API}trust-list`);
  const root = await rootAfter(known?.root ?? null, answer.roots ?? []);
  const trust = await openJws(answer.jws, [root]);
  // Another list of the same number is none that follows the one that is held.
  if (known && trust.version <= known.trust.version) return known;
  await learnTime(trust.issued_at, performance.now() - started);
  return { root, trust };
}

async function fetchDeny(known, trust) {
  const deny = await openJws((await call(`${API}deny-list`)).jws, trust.keys);
  return known && deny.version <= known.deny.version ? known.deny : deny;
}

/** Fetch both lists, check their signatures, and keep them; an older list is not taken. */
export async function updateLists() {
  const known = (await load(KEPT)) ?? null;
  const held = known?.root ? known : null;
  const { root, trust } = await fetchTrust(held);
  const deny = await fetchDeny(held, trust);
  await save(KEPT, { root, trust, deny });
  return recallLists();
}

/** The lists as kept, ready for use; null where there are none yet. */
export async function recallLists() {
  const kept = await load(KEPT);
  if (!kept) return null;
  const { trust, deny } = kept;
  const imported = (jwks, region) =>
    jwks.map(async (jwk) => ({ kid: jwk.sh1_kid, key: await importJwk(jwk), region }));
  const regions = (trust.regions ?? []).flatMap(({ keys: jwks, issuer, colours, valid_until: until }) =>
    imported(jwks, { issuer, colours, until: Date.parse(until) }),
  );
  const keys = await Promise.all([...imported(trust.keys, null), ...regions]);
  return {
    keys,
    ruleSets: trust.rule_sets,
    trustedUntil: Date.parse(trust.expires_at),
    denied: new Set(deny.cti_sha256),
    deniedAt: Date.parse(deny.issued_at),
    deniedUntil: Date.parse(deny.expires_at),
  };
}
