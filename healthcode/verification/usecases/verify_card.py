"""A terminal looks at an identity card, or looks up the number on it."""

from dataclasses import replace
from datetime import datetime

from config.kernel import clock, transactions
from healthcode.decisions import queries as decisions
from healthcode.decisions.models import Alarm
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.subjects import queries as subjects
from healthcode.subjects.rules import birth_hint, check_document, name_hint
from healthcode.subjects.values import Identity
from healthcode.verification import rules
from healthcode.verification.models import Terminal, Verification
from healthcode.verification.usecases.record_check import record_check
from healthcode.verification.usecases.record_checks import CheckResult, GateCheck
from healthcode.verification.usecases.verify_code import judge_person
from healthcode.verification.values import Direction, Method, Presence, Verdict

CARD, NO_CODE = "CARD", "no_code"
LOOKUPS = "LOOKUPS"


def verify_card(
    *, terminal: Terminal, identity: Identity, direction: Direction = Direction.IN
) -> CheckResult:
    """Judge the person behind an identity card, for lack of a phone.

    The number is looked up by its keyed hash and kept nowhere. Somebody without a health code
    is UNKNOWN, which few policies let in. Where the terminal has a reader the card was there,
    and so was the person; elsewhere somebody typed a number: a look-up, which the person sees
    in their log, and no check-in.

    Raises:
        DocumentInvalid: the number cannot be one of that type.
        rules.LookupsLimited: too many numbers were typed here; the operators are called.

    Locks: the terminal, where it has no reader; then as `record_check`.
    """
    check_document(identity.document_type, identity.document_number)
    at = clock.now()
    if not terminal.reads_cards and not _may_look_up(terminal, at):
        raise rules.LookupsLimited()
    check = GateCheck.of(terminal, _judge(terminal, identity, direction, at))
    return record_check(
        terminal=terminal,
        check=replace(
            check,
            method=Method.CARD,
            presence=Presence.IDENTIFIED,
            direction=direction,
            lookup=not terminal.reads_cards,
        ),
    )


def _judge(
    terminal: Terminal, identity: Identity, direction: Direction, at: datetime
) -> CheckResult:
    subject = subjects.subject_by_document(identity)
    if subject is None:
        return CheckResult(Verdict.POLICY, at, kind=CARD, reason=NO_CODE)
    colour = decisions.standing(subject.id, at=at).colour
    holder = subjects.identity_of(subject)
    verdict, reason = judge_person(terminal, subject.id, colour, direction, at)
    return CheckResult(
        verdict=verdict,
        at=at,
        colour=colour,
        name_hint=name_hint(holder.name) if holder else "",
        birth=birth_hint(holder.birth_date) if holder else "",
        kind=CARD,
        reason=reason,
        subject_id=subject.id,
    )


@transactions.atomic_retry
def _may_look_up(terminal: Terminal, at: datetime) -> bool:
    """Whether a terminal has looked up no more numbers than anybody at a gate would.

    The first refusal within a day calls the operators.

    Locks: the terminal.
    """
    Terminal.objects.select_for_update().get(id=terminal.id)
    rows = Verification.objects.filter(terminal=terminal, lookup=True)
    unknown = rows.filter(reason=NO_CODE, at__gt=at - rules.UNKNOWN_WITHIN).count()
    lately = rows.filter(at__gt=at - rules.LOOKUPS_WITHIN).count()
    today = rows.filter(at__gt=at - rules.DAY).count()
    if (
        unknown < rules.UNKNOWN_LOOKUPS
        and lately < rules.LOOKUPS_AT_ONCE
        and today < rules.LOOKUPS_A_DAY
    ):
        return True
    alarms = Alarm.objects.filter(
        kind=LOOKUPS, at__gt=at - rules.DAY, facts__terminal=str(terminal.id)
    )
    if not alarms.exists():
        facts = {"terminal": str(terminal.id), "lookups": today, "unknown": unknown}
        raise_alarm(kind=LOOKUPS, facts=facts, at=at)
    return False
