/* Verdicts from the server and from our own lists, in one form for the screen. */

/* The server's refusals by their codes (healthcode/verification/rules.py). */
const BY_CODE = {
  code_unreadable: "UNREADABLE",
  code_forged: "FORGED",
  code_expired: "EXPIRED",
  code_not_yet_valid: "NOT_YET_VALID",
  code_replayed: "REPLAYED",
  code_revoked: "REVOKED",
  code_superseded: "SUPERSEDED",
  code_not_proven: "NOT_PROVEN",
  code_is_specimen: "SPECIMEN",
};

/* What kind of no it is: a gate must not take a broken scanner for a sick person. */
const FAMILY_OF = {
  ADMITTED: "admitted",
  POLICY: "policy",
  FULL: "policy",
  ID_CHECK: "compare",
  UNREADABLE: "technical",
  FORGED: "technical",
  NOT_PROVEN: "technical",
  SUPERSEDED: "expired",
  EXPIRED: "expired",
  NOT_YET_VALID: "expired",
  REPLAYED: "technical",
  REVOKED: "revoked",
  STALE: "stale",
  SPECIMEN: "specimen",
};

/** Families as they are counted; a comparison asked for is no outcome. */
export const FAMILIES = ["admitted", "policy", "technical", "expired", "revoked", "stale", "specimen"];

export const familyOf = (verdict) => FAMILY_OF[verdict] ?? "technical";

/** The server's answer. */
export function fromAnswer(answer) {
  return {
    verdict: answer.verdict,
    reason: answer.verdict === "POLICY" ? "policy" : "",
    colour: answer.colour,
    name: answer.name_hint,
    birth: answer.birth,
    kind: answer.kind,
    offline: false,
  };
}

/** The server's refusal; null where the problem is not about the code. */
export function fromProblem(problem) {
  const verdict = BY_CODE[problem.code];
  if (!verdict) return null;
  const reason = problem.facts?.reason ?? problem.reason ?? "";
  return { verdict, reason, colour: "UNKNOWN", name: "", birth: "", kind: "", offline: false };
}
