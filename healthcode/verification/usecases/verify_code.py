"""A terminal looks at a code."""

import uuid
from dataclasses import replace
from datetime import datetime

from config.kernel import clock, transactions
from healthcode.codec import sh1
from healthcode.codec.errors import CertificateRefused
from healthcode.decisions import queries as decisions
from healthcode.passes import queries as passes
from healthcode.passes.queries import GateKeys, PassState
from healthcode.passes.rules import CODE_LIFE
from healthcode.rules.values import Colour
from healthcode.subjects import queries as subjects
from healthcode.subjects.models import Subject
from healthcode.subjects.rules import birth_hint, check_document, name_hint
from healthcode.subjects.values import Identity
from healthcode.verification import rules
from healthcode.verification.models import Terminal, Verification
from healthcode.verification.usecases.enter import has_room
from healthcode.verification.usecases.record_looks import GateLook, Seen, record_looks
from healthcode.verification.values import (
    Direction,
    Method,
    Presence,
    TerminalMode,
    Verdict,
)

# Verdicts about the person; all others are about the code.
JUDGED = frozenset({Verdict.ADMITTED, Verdict.POLICY})
CARD = "CARD"
__all__ = ["Seen", "judge_code", "record_stranger", "verify_card", "verify_code"]


@transactions.atomic_retry
def verify_code(
    *,
    terminal: Terminal,
    code: str,
    nonce: bytes = b"",
    identity_checked: bool = False,
    direction: Direction = Direction.IN,
) -> Seen:
    """Judge a code at a gate and write down that it was looked at, whatever came of it.

    A code on paper is judged once the guard has compared name and birthday with an
    identity card and says so by `identity_checked`; until then its colour is not told.
    Whoever is let in is checked in; whoever leaves is asked for no colour.
    The answer does not raise, so that the record stays; `Seen.check` does.

    Locks: the subject and the venue, where the venue has a capacity.
    """
    at = clock.now()
    seen = judge_code(
        terminal=terminal,
        code=code,
        keys=passes.gate_keys(at=at),
        nonce=nonce,
        identity_checked=identity_checked,
        direction=direction,
        at=at,
    )
    method = Method.STAFF if terminal.mode == TerminalMode.PHONE else Method.TERMINAL
    presence = Presence.IDENTIFIED if identity_checked else Presence.SHOWN
    return _finish(terminal, seen, method, presence, direction)


@transactions.atomic_retry
def verify_card(
    *, terminal: Terminal, identity: Identity, direction: Direction = Direction.IN
) -> Seen:
    """Judge the person behind an identity card that a gate has read, for lack of a phone.

    The card's number is looked up by its keyed hash and kept nowhere. Somebody without a
    health code is UNKNOWN, which few policies let in.

    Raises:
        DocumentInvalid: the number cannot be one of that type.
    """
    check_document(identity.document_type, identity.document_number)
    at = clock.now()
    subject = subjects.subject_by_document(identity)
    if subject is None:
        seen = Seen(Verdict.POLICY, at, kind=CARD, reason="no_code")
    else:
        colour = decisions.standing(subject.id, at=at).colour
        found = subjects.identity_of(subject)
        verdict, reason = _judge_person(terminal, subject.id, colour, direction, at)
        seen = Seen(
            verdict=verdict,
            at=at,
            colour=colour,
            name_hint=name_hint(found.name) if found else "",
            birth=birth_hint(found.birth_date) if found else "",
            kind=CARD,
            reason=reason,
            subject_id=subject.id,
        )
    return _finish(terminal, seen, Method.CARD, Presence.IDENTIFIED, direction)


def _finish(
    terminal: Terminal, seen: Seen, method: Method, presence: Presence, direction: Direction
) -> Seen:
    """See whether there is room, and write down what came of it."""
    entering = seen.verdict is Verdict.ADMITTED and direction is Direction.IN
    if entering and terminal.venue.capacity is not None and seen.subject_id is not None:
        subject = Subject.objects.select_for_update().get(id=seen.subject_id)
        if not has_room(venue=terminal.venue, subject=subject, presence=presence, at=seen.at):
            seen = replace(seen, verdict=Verdict.FULL, reason="venue_full")
    look = GateLook.of(terminal, seen)
    record_looks([replace(look, method=method, presence=presence, direction=direction)])
    return seen


def judge_code(
    *,
    terminal: Terminal,
    code: str,
    keys: GateKeys,
    nonce: bytes,
    at: datetime,
    identity_checked: bool = False,
    direction: Direction = Direction.IN,
) -> Seen:
    """What a code is worth at a gate at one moment. Reads, and writes nothing.

    Whether there is room inside is not asked here.
    """
    try:
        presented = sh1.verify(code, keys.all, at=at, nonce=nonce)
    except CertificateRefused as refused:
        return Seen(rules.verdict_of(refused), at, reason=refused.reason)
    claims = presented.claims
    state = _state(presented, keys, at)
    verdict, reason = _judge(terminal, presented, state, direction, at)
    if verdict in JUDGED and claims.kind is sh1.Kind.PAPER and not identity_checked:
        verdict, reason = Verdict.ID_CHECK, "paper"
    judged = verdict in JUDGED and state is not None
    return Seen(
        verdict=verdict,
        at=at,
        colour=state.colour if judged and state else Colour[claims.colour.name],
        name_hint=claims.name_hint,
        birth=claims.birth,
        kind=claims.kind.name,
        reason=reason,
        subject_id=state.subject_id if state else None,
    )


def _state(presented: sh1.Presented, keys: GateKeys, at: datetime) -> PassState | None:
    """How the person of a pass stands: by our records, or as an agreed region's pass says.

    A region's key makes passes of that region only, and none of ours.
    """
    claims = presented.claims
    agreement = keys.agreement(presented.key)
    if agreement is None:
        return passes.state_of(claims.cti, at=at)
    issuer, colours = agreement
    if claims.issuer != issuer:
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
    return _judge_person(terminal, state.subject_id, state.colour, direction, at)


def _judge_person(
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
    found = rules.obstacle(
        colours=policy.admits,
        colour=colour.value,
        max_test_age_h=max_age_h,
        tested_at=_tested_at(subject_id, at) if max_age_h else None,
        at=at,
    )
    return (Verdict.POLICY, found) if found else (Verdict.ADMITTED, "")


def _tested_at(subject_id: uuid.UUID | None, at: datetime) -> datetime | None:
    if subject_id is None:
        return None
    negative = decisions.facts_of(subject_id, at=at)["negative"]
    return datetime.fromisoformat(negative["at"]) if negative else None


@transactions.atomic_retry
def record_stranger(*, credential: str) -> None:
    """Write down that something that is no terminal asked; only the start of its name."""
    Verification.objects.create(
        at=clock.now(), verdict=Verdict.UNREGISTERED, reason=credential.partition(".")[0][:36]
    )
