/* What a gate makes of a code without asking anybody: by the lists, the policy of its venue
   and the clock. The verdicts are those of healthcode/verification, and STALE beside them. */

import { Refused } from "./refused.js";
import { hex, verify } from "./sh1.js";

/* A code that no device signs lives a minute. */
const CODE_LIFE_MS = 60_000;
const PASS_LIFE_MS = 24 * 3_600_000;
const SHOW_KEPT_MS = 150_000;

const hashOf = async (cti) => {
  const bytes = Uint8Array.from(cti.match(/../g), (pair) => parseInt(pair, 16));
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
};

const OF_TIME = {
  expired: "EXPIRED",
  presentation_stale: "EXPIRED",
  not_yet_valid: "NOT_YET_VALID",
  presentation_ahead: "NOT_YET_VALID",
};

/* What cannot be read is no accusation; forged is what reads well and nobody signed. */
function verdictOf({ stage, reason }) {
  if (stage === "validity") return OF_TIME[reason] ?? "FORGED";
  const unreadable = ["prefix", "encoding", "cbor"].includes(stage);
  return unreadable && reason !== "cose_header_malformed" ? "UNREADABLE" : "FORGED";
}

/**
 * Judge a code.
 * @param {string} code
 * @param {object|null} lists see lists.js
 * @param {{admits: string[], max_test_age_h: number|null}} policy
 * @param {number} at milliseconds of Unix time
 * @param {string} nonce the number that the gate asked to be signed along
 * @returns {Promise<{verdict: string, reason: string, colour: string, name: string, birth: string, kind: string}>}
 */
export async function judge(code, lists, policy, at, nonce = "") {
  const nothing = { colour: "UNKNOWN", name: "", birth: "", kind: "" };
  if (!lists) return { ...nothing, verdict: "STALE", reason: "no_lists" };
  const stale = staleness(lists, at);
  let found;
  try {
    found = await verify(code, lists.keys, at, new TextEncoder().encode(nonce));
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    // An unknown key may be a new one, which an old list does not know yet.
    const early = stale && refused.reason === "key_unknown";
    const verdict = early ? "STALE" : verdictOf(refused);
    return { ...nothing, verdict, reason: early ? stale : refused.reason };
  }
  const { claims, shownAt, signer } = found;
  const { name, birth, kind } = claims;
  const { region } = signer;
  const colour = region ? (region.colours[claims.colour] ?? "UNKNOWN") : claims.colour;
  const [verdict, reason] = await weigh({ claims, colour, shownAt, region, lists, stale, policy, at });
  const judged = verdict === "ADMITTED" || verdict === "POLICY";
  if (judged && shownAt !== null && isSpent(`${claims.cti}@${shownAt}`, at)) {
    return { ...nothing, verdict: "REPLAYED", reason: "show_replayed", kind };
  }
  return { verdict, reason, colour, name, birth, kind };
}

/* Shows that this scanner has seen without network, for as long as each could be taken for good. */
const shows = new Map();

function isSpent(show, at) {
  for (const [known, until] of shows) if (until <= at) shows.delete(known);
  const spent = shows.has(show);
  if (!spent) shows.set(show, at + SHOW_KEPT_MS);
  return spent;
}

async function weigh({ claims, colour, shownAt, region, lists, stale, policy, at }) {
  if (claims.kind === "SPECIMEN") return ["SPECIMEN", "specimen"];
  // A region's key makes passes of that region only, while the agreement lasts, and none of ours.
  if (region && !isAgreed(claims, region, at)) return ["FORGED", "pass_unknown"];
  if (lists.denied.has(await hashOf(claims.cti))) return ["REVOKED", "revoked"];
  const shortLived = claims.expiresAt - claims.issuedAt <= CODE_LIFE_MS;
  const bare = shownAt === null && claims.kind !== "PAPER";
  if (bare && (claims.device || !shortLived)) return ["NOT_PROVEN", "shown_without_device"];
  if (!region && !lists.ruleSets.includes(claims.ruleSet)) return ["SUPERSEDED", "rule_set_outdated"];
  if (stale) return ["STALE", stale];
  // Paper states no colour: it says whom to look up, and that takes the network.
  if (claims.kind === "PAPER") return ["STALE", "paper_needs_network"];
  if (!policy.admits.includes(colour)) return ["POLICY", "policy"];
  // A pass says no test's date: what a venue asks of tests, only the server can tell.
  return policy.max_test_age_h === null ? ["ADMITTED", ""] : ["POLICY", "test_age_unknown"];
}

/* A pass that lives longer than ours do, or paper, which only its own region can look up, is none
   that was agreed on. */
function isAgreed(claims, region, at) {
  const long = claims.expiresAt - claims.issuedAt > PASS_LIFE_MS;
  return claims.issuer === region.issuer && at < region.until && claims.kind !== "PAPER" && !long;
}

function staleness(lists, at) {
  if (at >= lists.trustedUntil) return "trust_list_stale";
  return at >= lists.deniedUntil ? "deny_list_stale" : "";
}
