"""Record checks of codes at gates: their log, the persons' access logs, and check-ins."""

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
from healthcode.verification.models import AccessLogEntry, CheckIn, Inside, Terminal, Verification
from healthcode.verification.values import (
    AccessKind,
    Direction,
    Method,
    Presence,
    TerminalMode,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check, for the gate, which learns the colour and no reason.

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

    def raise_refusal(self) -> "CheckResult":
        """Raise the refusal of a code that is invalid; admitted and refused by policy pass.

        Raises:
            one of `rules.ERRORS`.
        """
        error = rules.ERRORS.get(self.verdict)
        if error is not None:
            raise error(field="code", reason=self.reason)
        return self


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One check of one code by one terminal.

    A `lookup` is by a number that somebody typed: it says how a person stands, and proves
    nobody's presence.
    """

    terminal_id: uuid.UUID
    venue_id: uuid.UUID
    by: str
    result: CheckResult
    policy_version: int = 1
    method: Method = Method.TERMINAL
    presence: Presence = Presence.SHOWN
    direction: Direction = Direction.IN
    closes_at: time | None = None
    lookup: bool = False

    @classmethod
    def of(cls, terminal: Terminal, result: CheckResult) -> "GateCheck":
        """The check of somebody who comes in by showing a code."""
        by = f"{terminal.venue.name}, {terminal.label}"
        venue = terminal.venue
        method = Method.STAFF if terminal.mode == TerminalMode.PHONE else Method.TERMINAL
        return cls(
            terminal.id, venue.id, by, result, venue.policy.version, method,
            closes_at=venue.closes_at,
        )  # fmt: skip


@transactions.atomic_retry
def record_checks(checks: Sequence[GateCheck]) -> int:
    """Record checks, many in a few statements; whoever was erased meanwhile stays nameless.

    Whoever was let in is inside; the same person at the same door within a minute has
    checked in once.

    Returns how many were recorded: none any more once the programme has ended.
    """
    if is_over():
        return 0
    subject_ids = {check.result.subject_id for check in checks if check.result.subject_id}
    alive = set(
        Subject.objects.filter(id__in=subject_ids, state=SubjectState.ACTIVE).values_list(
            "id", flat=True
        )
    )
    Verification.objects.bulk_create(_verification(check, alive) for check in checks)
    identified = [
        (check.result.subject_id, check)
        for check in checks
        if check.result.subject_id is not None and check.result.subject_id in alive
    ]
    grounds = _grounds(
        {subject for subject, check in identified if check.result.verdict is not Verdict.ADMITTED}
    )
    AccessLogEntry.objects.bulk_create(
        _log_entry(subject, check, grounds) for subject, check in identified
    )
    passed = [
        (subject, check)
        for subject, check in identified
        if check.result.verdict is Verdict.ADMITTED and not check.lookup
    ]
    if passed:
        CheckIn.objects.bulk_create(_fresh(passed))
        _note_inside(passed)
    return len(checks)


Passed = Sequence[tuple[uuid.UUID, GateCheck]]


def _fresh(passed: Passed) -> list[CheckIn]:
    """Check-ins, those left out that repeat one of less than ONCE_WITHIN before."""
    since = min(check.result.at for _, check in passed) - rules.ONCE_WITHIN
    rows = CheckIn.objects.filter(subject_id__in={subject for subject, _ in passed}, at__gt=since)
    names = ("subject_id", "venue_id", "direction", "method", "at")
    last = {row[:4]: row[4] for row in rows.order_by("at").values_list(*names)}
    fresh = []
    for subject, check in sorted(passed, key=lambda entry: entry[1].result.at):
        door = (subject, check.venue_id, check.direction, check.method)
        before = last.get(door)
        if before is None or check.result.at - before >= rules.ONCE_WITHIN:
            last[door] = check.result.at
            fresh.append(_check_in(subject, check))
    return fresh


def _note_inside(passed: Passed) -> None:
    """Store who is inside after the last of these checks of each person and door."""
    last = {
        (check.venue_id, subject): check
        for subject, check in sorted(passed, key=lambda entry: entry[1].result.at)
    }
    came = [
        Inside(
            venue_id=venue,
            subject_id=subject,
            presence=check.presence,
            since=check.result.at,
            forget_at=rules.stay_end(check.result.at, check.closes_at, zone=ZONE),
        )
        for (venue, subject), check in sorted(last.items(), key=lambda entry: entry[0])
        if check.direction is Direction.IN
    ]
    Inside.objects.bulk_create(
        came,
        update_conflicts=True,
        unique_fields=["venue", "subject"],
        update_fields=["presence", "since", "forget_at"],
    )
    for (venue, subject), check in sorted(last.items(), key=lambda entry: entry[0]):
        if check.direction is Direction.OUT:
            Inside.objects.filter(venue_id=venue, subject_id=subject).delete()


def _verification(check: GateCheck, alive: set[uuid.UUID]) -> Verification:
    result = check.result
    is_alive = result.subject_id in alive
    return Verification(
        at=result.at,
        terminal_id=check.terminal_id,
        verdict=result.verdict,
        reason=result.reason,
        colour=result.colour.value,
        policy_version=check.policy_version,
        lookup=check.lookup,
        subject_id=result.subject_id if is_alive else None,
        forget_at=result.at + rules.SUBJECT_KEPT if is_alive else None,
    )


def _log_entry(
    subject_id: uuid.UUID, check: GateCheck, grounds: dict[uuid.UUID, list[str]]
) -> AccessLogEntry:
    result = check.result
    facts: dict[str, Any] = {}
    if result.verdict is not Verdict.ADMITTED:
        facts = {"reason": result.reason, "rules": grounds.get(subject_id, [])}
    leaving = result.verdict is Verdict.ADMITTED and check.direction is Direction.OUT
    return AccessLogEntry(
        subject_id=subject_id,
        at=result.at,
        kind=AccessKind.VERIFIED,
        by=check.by,
        outcome=Direction.OUT if leaving else result.verdict,
        colour=result.colour.value,
        facts=facts,
        delete_after=result.at + rules.ACCESS_LOG_KEPT,
    )


def _check_in(subject_id: uuid.UUID, check: GateCheck) -> CheckIn:
    return CheckIn(
        subject_id=subject_id,
        venue_id=check.venue_id,
        at=check.result.at,
        direction=check.direction,
        method=check.method,
        presence=check.presence,
        colour=check.result.colour.value,
        delete_after=check.result.at + rules.CHECKIN_KEPT,
    )


def _grounds(refused: set[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Why, for each person's own eyes: the rules behind the standing decision."""
    if not refused:
        return {}
    heads = Head.objects.filter(subject_id__in=refused)
    rows = heads.values_list("subject_id", "decision__reasons")
    return {subject: [str(reason["rule"]) for reason in reasons] for subject, reasons in rows}
