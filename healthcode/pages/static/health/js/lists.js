/* The signed lists by which a verifier judges without network: whom to believe, what not to
   believe any more. Kept in the browser; each says itself until when it is good. */

import { Problem, call } from "../../saoma/js/api.js";
import { importJwk, isSignature } from "./cose.js";
import { load, save } from "./store.js";
import { learnTime } from "./time.js";

const API = "/api/v1/health/";
const KEPT = "guard/lists";

function bytesOf(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

/**
 * What a compact JWS (ES256) says, if one of these keys signed it.
 * @param {{jwk: object}[]} signers
 */
export async function openJws(jws, signers) {
  const [head, body, signature] = jws.split(".");
  const { alg, kid } = JSON.parse(new TextDecoder().decode(bytesOf(head)));
  const signer = signers.find((one) => one.kid === kid);
  if (alg !== "ES256" || !signer) throw new Problem({ code: "list_signer_unknown" });
  const signed = new TextEncoder().encode(`${head}.${body}`);
  const key = await importJwk(signer);
  if (!(await isSignature("SHA-256", key, bytesOf(signature), signed))) {
    throw new Problem({ code: "list_signature_invalid" });
  }
  return JSON.parse(new TextDecoder().decode(bytesOf(body)));
}

/* The keys come with the first list over TLS, from where this very script came; from then
   on a list has to be signed by a key that was known, or by one that comes beside it. */
async function fetchLists(known) {
  const started = performance.now();
  const answer = await call(`${API}trust-list`);
  await learnTime(answer.issued_at, performance.now() - started);
  const own = answer.keys.some((key) => known?.trust.keys.some((old) => old.kid === key.kid));
  if (known && !own) throw new Problem({ code: "list_signer_unknown" });
  const trust = await openJws(answer.jws, answer.keys);
  const deny = await openJws((await call(`${API}deny-list`)).jws, trust.keys);
  return { trust, deny };
}

/** Fetch both lists, check their signatures, and keep them; an older list is not taken. */
export async function updateLists() {
  const known = await load(KEPT);
  const fresh = await fetchLists(known);
  if (known && fresh.deny.issued_at < known.deny.issued_at) return recallLists();
  await save(KEPT, fresh);
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
