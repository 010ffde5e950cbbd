"""A terminal checks a code."""

import contextlib
import uuid
from dataclasses import replace
from datetime import datetime

from config.kernel import clock, transactions
from healthcode.codec import sh1
from healthcode.codec.errors import CertificateRefused
from healthcode.decisions import queries as decisions
from healthcode.passes import queries as passes
from healthcode.passes.queries import GateKeys, PassState
from healthcode.passes.rules import CODE_LIFE, PASS_LIFE
from healthcode.rules.values import Colour
from healthcode.subjects.programme import require_running
from healthcode.verification import replays, rules
from healthcode.verification.models import Terminal, Verification
from healthcode.verification.usecases.record_check import record_check
from healthcode.verification.usecases.record_checks import CheckResult, GateCheck
from healthcode.verification.values import (
    Direction,
    Method,
    Presence,
    TerminalMode,
    Verdict,
)

# Verdicts about the person; all others are about the code.
JUDGED = frozenset({Verdict.ADMITTED, Verdict.POLICY})


def verify_code(
    *,
    terminal: Terminal,
    code: str,
    nonce: bytes = b"",
    identity_checked: bool = False,
    direction: Direction = Direction.IN,
) -> CheckResult:
    """Check a code at a gate and record the check, whatever its result.

    A code on paper is judged once the guard has compared name and birthday with an
    identity card and says so by `identity_checked`; until then its colour is not told.
    Whoever is let in is checked in; whoever leaves is asked for no colour.
    A show that was seen before, at whichever gate, is REPLAYED.
    The answer does not raise, so that the record stays; `CheckResult.raise_refusal` does.

    Locks: the subject and the venue, where the venue has a capacity.
    """
    at = clock.now()
    result = judge_code(
        terminal=terminal,
        code=code,
        keys=passes.gate_keys(at=at),
        nonce=nonce,
        identity_checked=identity_checked,
        direction=direction,
        at=at,
    )
    # Outside the transaction: a retry of it is no second show.
    if result.verdict in JUDGED and result.show and not replays.is_first(result.show, at=at):
        result = replayed(result)
    method = Method.STAFF if terminal.mode == TerminalMode.PHONE else Method.TERMINAL
    presence = Presence.IDENTIFIED if identity_checked else Presence.SHOWN
    check = replace(
        GateCheck.of(terminal, result), method=method, presence=presence, direction=direction
    )
    return record_check(terminal=terminal, check=check)


def replayed(result: CheckResult) -> CheckResult:
    """The same check, at a show that was seen before: nothing of the person is told."""
    return CheckResult(
        Verdict.REPLAYED, result.at, kind=result.kind, reason="show_replayed",
        subject_id=result.subject_id,
    )  # fmt: skip


def judge_code(
    *,
    terminal: Terminal,
    code: str,
    keys: GateKeys,
    nonce: bytes,
    at: datetime,
    identity_checked: bool = False,
    direction: Direction = Direction.IN,
) -> CheckResult:
    """What a code is worth at a gate at one moment. Reads, and writes nothing.

    Whether there is room inside is not asked here.
    """
    try:
        presented = sh1.verify(code, keys.all, at=at, nonce=nonce)
    except CertificateRefused as refused:
        return _refused(refused, code, keys, nonce, at)
    claims = presented.claims
    state = _state(presented, keys, at)
    verdict, reason = _judge(terminal, presented, state, direction, at)
    # Nobody is asked for a card to leave: whose the paper is matters for coming in.
    entering = direction is Direction.IN and claims.kind is sh1.Kind.PAPER
    if verdict in JUDGED and entering and not identity_checked:
        verdict, reason = Verdict.ID_CHECK, "paper"
    judged = verdict in JUDGED and state is not None
    return CheckResult(
        verdict=verdict,
        at=at,
        colour=state.colour if judged and state else Colour[claims.colour.name],
        name_hint=claims.name_hint,
        birth=claims.birth,
        kind=claims.kind.name,
        reason=reason,
        subject_id=state.subject_id if state else None,
        show=replays.show_key(presented),
    )


def _refused(
    refused: CertificateRefused, code: str, keys: GateKeys, nonce: bytes, at: datetime
) -> CheckResult:
    """What a refusal means; a good show that lacks only the gate's number is told apart."""
    if nonce and refused.reason == "device_signature_invalid":
        with contextlib.suppress(CertificateRefused):
            sh1.verify(code, keys.all, at=at)
            return CheckResult(Verdict.NOT_PROVEN, at, reason="nonce_missing")
    return CheckResult(rules.verdict_of(refused), at, reason=refused.reason)


def _state(presented: sh1.Presented, keys: GateKeys, at: datetime) -> PassState | None:
    """How the person of a pass stands: by our records, or as an agreed region's pass says.

    A region's key makes passes of that region only, and none of ours.
    """
    claims = presented.claims
    agreement = keys.agreement(presented.key)
    if agreement is None:
        return passes.state_of(claims.cti, at=at)
    issuer, colours = agreement
    paper = claims.kind is sh1.Kind.PAPER
    # A pass that nobody could take back for longer than ours live is none that was agreed on,
    # and a code on paper says whom to look up, which only its own region can.
    if claims.issuer != issuer or paper or claims.expires_at - claims.issued_at > PASS_LIFE:
        return None
    colour = Colour(colours.get(claims.colour.name, Colour.UNKNOWN))
    return PassState(None, False, colour, own=False)


def _judge(
    terminal: Terminal,
    presented: sh1.Presented,
    state: PassState | None,
    direction: Direction,
    at: datetime,
) -> tuple[Verdict, str]:
    claims = presented.claims
    if claims.kind is sh1.Kind.SPECIMEN:
        return Verdict.SPECIMEN, "specimen"
    if state is None:
        return Verdict.FORGED, "pass_unknown"
    if state.revoked:
        return Verdict.REVOKED, "revoked"
    short_lived = claims.expires_at - claims.issued_at <= CODE_LIFE
    bare = presented.shown_at is None
    if bare and claims.kind is not sh1.Kind.PAPER and (claims.device or not short_lived):
        return Verdict.NOT_PROVEN, "shown_without_device"
    outdated = state.own and state.colour.name != claims.colour.name
    if claims.kind is not sh1.Kind.PAPER and outdated:
        return Verdict.SUPERSEDED, "superseded"
    return judge_person(terminal, state.subject_id, state.colour, direction, at)


def judge_person(
    terminal: Terminal,
    subject_id: uuid.UUID | None,
    colour: Colour,
    direction: Direction,
    at: datetime,
) -> tuple[Verdict, str]:
    """What the venue's policy says of a person; nobody is kept in."""
    if direction is Direction.OUT:
        return Verdict.ADMITTED, ""
    policy = terminal.venue.policy
    max_age_h = policy.test_age_by_colour.get(colour.value, policy.max_test_age_h)
    obstacle = rules.obstacle(
        colours=policy.admits,
        colour=colour.value,
        max_test_age_h=max_age_h,
        tested_at=_tested_at(subject_id, at) if max_age_h else None,
        at=at,
    )
    return (Verdict.POLICY, obstacle) if obstacle else (Verdict.ADMITTED, "")


def _tested_at(subject_id: uuid.UUID | None, at: datetime) -> datetime | None:
    if subject_id is None:
        return None
    negative = decisions.facts_of(subject_id, at=at)["negative"]
    return datetime.fromisoformat(negative["at"]) if negative else None


@transactions.atomic_retry
def record_stranger(*, credential: str) -> None:
    """Write down that something that is no terminal asked; only the start of its name."""
    require_running()
    Verification.objects.create(
        at=clock.now(), verdict=Verdict.UNREGISTERED, reason=credential.partition(".")[0][:36]
    )
