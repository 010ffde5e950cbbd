"""Write down that gates looked at codes: their log, the persons' logs, and check-ins."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from config.kernel import transactions
from healthcode.decisions.models import Head
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject
from healthcode.subjects.programme import is_over
from healthcode.subjects.rules import ZONE
from healthcode.subjects.values import SubjectState
from healthcode.verification import rules
from healthcode.verification.models import CheckIn, Inside, Look, Terminal, Verification
from healthcode.verification.values import (
    Direction,
    LookKind,
    Method,
    Presence,
    TerminalMode,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of looking: for the gate, which learns the colour and no reason.

    `show` names the pass and the second of it, where a phone signed one.
    """

    verdict: Verdict
    at: datetime
    colour: Colour = Colour.UNKNOWN
    name_hint: str = ""
    birth: str = ""
    kind: str = ""
    reason: str = ""
    subject_id: uuid.UUID | None = None
    show: str = ""

    def check(self) -> "Seen":
        """Raise what a code that is none deserves; admitted and refused by policy pass.

        Raises:
            one of `rules.ERRORS`.
        """
        error = rules.ERRORS.get(self.verdict)
        if error is not None:
            raise error(field="code", reason=self.reason)
        return self


@dataclass(frozen=True, slots=True)
class GateLook:
    """One look at one code by one terminal.

    A `lookup` is by a number that somebody typed: it says how a person stands, and proves
    nobody's presence.
    """

    terminal_id: uuid.UUID
    venue_id: uuid.UUID
    by: str
    seen: Seen
    policy_version: int = 1
    method: Method = Method.TERMINAL
    presence: Presence = Presence.SHOWN
    direction: Direction = Direction.IN
    closes_at: time | None = None
    lookup: bool = False

    @classmethod
    def of(cls, terminal: Terminal, seen: Seen) -> "GateLook":
        """What a terminal saw: somebody who comes in by showing a code."""
        by = f"{terminal.venue.name}, {terminal.label}"
        venue = terminal.venue
        method = Method.STAFF if terminal.mode == TerminalMode.PHONE else Method.TERMINAL
        return cls(
            terminal.id, venue.id, by, seen, venue.policy.version, method,
            closes_at=venue.closes_at,
        )  # fmt: skip


@transactions.atomic_retry
def record_looks(looks: Sequence[GateLook]) -> int:
    """Record looks, many in a few statements; whoever was erased meanwhile stays nameless.

    Whoever was let in is inside; the same person at the same door within a minute has
    checked in once.

    Returns how many were recorded: none any more once the programme has ended.
    """
    if is_over():
        return 0
    named = {look.seen.subject_id for look in looks if look.seen.subject_id}
    alive = set(
        Subject.objects.filter(id__in=named, state=SubjectState.ACTIVE).values_list("id", flat=True)
    )
    Verification.objects.bulk_create(_verification(look, alive) for look in looks)
    known = [
        (look.seen.subject_id, look)
        for look in looks
        if look.seen.subject_id is not None and look.seen.subject_id in alive
    ]
    grounds = _grounds(
        {subject for subject, look in known if look.seen.verdict is not Verdict.ADMITTED}
    )
    Look.objects.bulk_create(_look(subject, look, grounds) for subject, look in known)
    passed = [
        (subject, look)
        for subject, look in known
        if look.seen.verdict is Verdict.ADMITTED and not look.lookup
    ]
    if passed:
        CheckIn.objects.bulk_create(_fresh(passed))
        _note_inside(passed)
    return len(looks)


Passed = Sequence[tuple[uuid.UUID, GateLook]]


def _fresh(passed: Passed) -> list[CheckIn]:
    """Check-ins, those left out that repeat one of less than ONCE_WITHIN before."""
    since = min(look.seen.at for _, look in passed) - rules.ONCE_WITHIN
    rows = CheckIn.objects.filter(subject_id__in={subject for subject, _ in passed}, at__gt=since)
    names = ("subject_id", "venue_id", "direction", "method", "at")
    last = {row[:4]: row[4] for row in rows.order_by("at").values_list(*names)}
    fresh = []
    for subject, look in sorted(passed, key=lambda entry: entry[1].seen.at):
        door = (subject, look.venue_id, look.direction, look.method)
        before = last.get(door)
        if before is None or look.seen.at - before >= rules.ONCE_WITHIN:
            last[door] = look.seen.at
            fresh.append(_check_in(subject, look))
    return fresh


def _note_inside(passed: Passed) -> None:
    """Who is inside after the last of these looks at each person and door."""
    last = {
        (look.venue_id, subject): look
        for subject, look in sorted(passed, key=lambda entry: entry[1].seen.at)
    }
    came = [
        Inside(
            venue_id=venue,
            subject_id=subject,
            presence=look.presence,
            since=look.seen.at,
            forget_at=rules.stay_end(look.seen.at, look.closes_at, zone=ZONE),
        )
        for (venue, subject), look in sorted(last.items(), key=lambda entry: entry[0])
        if look.direction is Direction.IN
    ]
    Inside.objects.bulk_create(
        came,
        update_conflicts=True,
        unique_fields=["venue", "subject"],
        update_fields=["presence", "since", "forget_at"],
    )
    for (venue, subject), look in sorted(last.items(), key=lambda entry: entry[0]):
        if look.direction is Direction.OUT:
            Inside.objects.filter(venue_id=venue, subject_id=subject).delete()


def _verification(look: GateLook, alive: set[uuid.UUID]) -> Verification:
    seen = look.seen
    named = seen.subject_id in alive
    return Verification(
        at=seen.at,
        terminal_id=look.terminal_id,
        verdict=seen.verdict,
        reason=seen.reason,
        colour=seen.colour.value,
        policy_version=look.policy_version,
        lookup=look.lookup,
        subject_id=seen.subject_id if named else None,
        forget_at=seen.at + rules.SUBJECT_KEPT if named else None,
    )


def _look(subject_id: uuid.UUID, look: GateLook, grounds: dict[uuid.UUID, list[str]]) -> Look:
    seen = look.seen
    facts: dict[str, Any] = {}
    if seen.verdict is not Verdict.ADMITTED:
        facts = {"reason": seen.reason, "rules": grounds.get(subject_id, [])}
    leaving = seen.verdict is Verdict.ADMITTED and look.direction is Direction.OUT
    return Look(
        subject_id=subject_id,
        at=seen.at,
        kind=LookKind.VERIFIED,
        by=look.by,
        outcome=Direction.OUT if leaving else seen.verdict,
        colour=seen.colour.value,
        facts=facts,
        delete_after=seen.at + rules.LOOK_KEPT,
    )


def _check_in(subject_id: uuid.UUID, look: GateLook) -> CheckIn:
    return CheckIn(
        subject_id=subject_id,
        venue_id=look.venue_id,
        at=look.seen.at,
        direction=look.direction,
        method=look.method,
        presence=look.presence,
        colour=look.seen.colour.value,
        delete_after=look.seen.at + rules.CHECKIN_KEPT,
    )


def _grounds(refused: set[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Why, for each person's own eyes: the rules behind the standing decision."""
    if not refused:
        return {}
    heads = Head.objects.filter(subject_id__in=refused)
    rows = heads.values_list("subject_id", "decision__reasons")
    return {subject: [str(reason["rule"]) for reason in reasons] for subject, reasons in rows}
