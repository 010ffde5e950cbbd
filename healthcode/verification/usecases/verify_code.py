"""A terminal looks at a code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.kernel import clock, transactions
from healthcode.codec import sh1
from healthcode.codec.errors import CertificateRefused
from healthcode.decisions import queries as decisions
from healthcode.passes import queries as passes
from healthcode.passes.models import Pass
from healthcode.passes.rules import CODE_LIFE
from healthcode.rules.values import Colour
from healthcode.verification import rules
from healthcode.verification.models import CheckIn, Look, Terminal, Verification
from healthcode.verification.values import Direction, LookKind, Method, Verdict

# Verdicts about the person; all others are about the code.
JUDGED = frozenset({Verdict.ADMITTED, Verdict.POLICY})


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of looking: for the gate, which learns the colour and no reason."""

    verdict: Verdict
    at: datetime
    colour: Colour = Colour.UNKNOWN
    name_hint: str = ""
    birth: str = ""
    kind: str = ""
    reason: str = ""

    def check(self) -> "Seen":
        """Raise what a code that is none deserves; admitted and refused by policy pass.

        Raises:
            one of `rules.ERRORS`.
        """
        error = rules.ERRORS.get(self.verdict)
        if error is not None:
            raise error(field="code", reason=self.reason)
        return self


@transactions.atomic_retry
def verify_code(
    *, terminal: Terminal, code: str, nonce: bytes = b"", identity_checked: bool = False
) -> Seen:
    """Judge a code at a gate and write down that it was looked at, whatever came of it.

    A code on paper is judged once the guard has compared name and birthday with an
    identity card and says so by `identity_checked`; until then its colour is not told.
    The answer does not raise, so that the record stays; `Seen.check` does.
    """
    at = clock.now()
    try:
        presented = sh1.verify(code, passes.trusted_keys(), at=at, nonce=nonce)
    except CertificateRefused as refused:
        seen = Seen(rules.verdict_of(refused), at, reason=refused.reason)
        _record(terminal, seen, None)
        return seen
    record = passes.pass_of(presented.claims.cti)
    verdict, reason = _judge(terminal, presented, record, at)
    claims = presented.claims
    if verdict in JUDGED and claims.kind is sh1.Kind.PAPER and not identity_checked:
        verdict, reason = Verdict.ID_CHECK, "paper"
    colour = Colour[claims.colour.name]
    if verdict in JUDGED and record is not None:
        colour = decisions.standing(record.subject_id, at=at).colour
    seen = Seen(
        verdict=verdict,
        at=at,
        colour=colour,
        name_hint=claims.name_hint,
        birth=claims.birth,
        kind=claims.kind.name,
        reason=reason,
    )
    _record(terminal, seen, record)
    return seen


def _judge(
    terminal: Terminal, presented: sh1.Presented, record: Pass | None, at: datetime
) -> tuple[Verdict, str]:
    claims = presented.claims
    if claims.kind is sh1.Kind.SPECIMEN:
        return Verdict.SPECIMEN, "specimen"
    if record is None:
        return Verdict.FORGED, "pass_unknown"
    if record.revoked_at is not None or (record.device and record.device.revoked_at):
        return Verdict.REVOKED, "revoked"
    short_lived = claims.expires_at - claims.issued_at <= CODE_LIFE
    bare = presented.shown_at is None
    if bare and claims.kind is not sh1.Kind.PAPER and (claims.device or not short_lived):
        return Verdict.NOT_PROVEN, "shown_without_device"
    standing = decisions.standing(record.subject_id, at=at)
    if claims.kind is not sh1.Kind.PAPER and standing.colour.name != claims.colour.name:
        return Verdict.SUPERSEDED, "superseded"
    policy = terminal.venue.policy
    admitted = rules.admits(
        colours=policy.admits,
        colour=standing.colour.value,
        max_test_age_h=policy.max_test_age_h,
        tested_at=_tested_at(record, at) if policy.max_test_age_h else None,
        at=at,
    )
    return (Verdict.ADMITTED, "") if admitted else (Verdict.POLICY, "policy")


def _tested_at(record: Pass, at: datetime) -> datetime | None:
    negative = decisions.facts_of(record.subject_id, at=at)["negative"]
    return datetime.fromisoformat(negative["at"]) if negative else None


def _record(terminal: Terminal, seen: Seen, record: Pass | None) -> None:
    """The gate's log, the person's own log, and a check-in if the gate opened."""
    Verification.objects.create(
        at=seen.at,
        terminal=terminal,
        verdict=seen.verdict,
        reason=seen.reason,
        colour=seen.colour.value,
        subject=record.subject if record else None,
        forget_at=seen.at + rules.SUBJECT_KEPT if record else None,
    )
    if record is None:
        return
    Look.objects.create(
        subject=record.subject,
        at=seen.at,
        kind=LookKind.VERIFIED,
        by=f"{terminal.venue.name}, {terminal.label}",
        outcome=seen.verdict,
        colour=seen.colour.value,
        facts=_grounds(record) if seen.verdict is not Verdict.ADMITTED else {},
        delete_after=seen.at + rules.LOOK_KEPT,
    )
    if seen.verdict is Verdict.ADMITTED:
        CheckIn.objects.create(
            subject=record.subject,
            venue=terminal.venue,
            at=seen.at,
            direction=Direction.IN,
            method=Method.TERMINAL,
            colour=seen.colour.value,
            delete_after=seen.at + rules.CHECKIN_KEPT,
        )


def _grounds(record: Pass) -> dict[str, Any]:
    """Why, for the person's eyes: the rules behind the standing decision."""
    head = decisions.head_of(record.subject_id)
    reasons = head.decision.reasons if head else []
    return {"rules": [reason["rule"] for reason in reasons]}


@transactions.atomic_retry
def record_stranger(*, credential: str) -> None:
    """Write down that something that is no terminal asked; only the start of its name."""
    Verification.objects.create(
        at=clock.now(), verdict=Verdict.UNREGISTERED, reason=credential.partition(".")[0][:36]
    )
