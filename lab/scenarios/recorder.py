"""Write down what a running scenario does, so that a page can play it step by step.

A line a step: what is said, what was called, posted and told in it, and how everybody stands
after it. The page plays what happened; nothing in it is drawn by hand.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from config.kernel import clock
from config.kernel.outbox.models import OutboxEvent
from healthcode import public as health
from lab import demo_keys, seeded_people
from lab.scenarios.stage import JOURNALS, Stage
from lab.scenarios.values import StepRun
from lab.story import arrows, books, tell
from lab.usecases.move_clock import upcoming
from merchants.notifications.models import Notification, NotificationAttempt
from merchants.workbench.models import GatewayCall
from wallet import public as wallet
from wallet.money import format_amount

# A crowd pays in a step or two: a diagram of a thousand arrows tells nothing.
CALLS = 8
ARROWS = 24


@dataclass
class Recorder:
    """Appends a line to `path` after each step."""

    path: Path
    calls: set[Any] = field(default_factory=set)
    events: set[Any] = field(default_factory=set)
    attempts: set[Any] = field(default_factory=set)
    journals: set[Any] = field(default_factory=set)

    def see(self, stage: Stage, run: StepRun) -> None:
        """Write down what a step did; the first line is how the scenario begins."""
        calls, events, attempts, journals = self._fresh()
        whole: dict[str, Any] = {
            "method": "",
            "amount": "",
            "calls": [tell.call(row) for row in calls[:CALLS]],
            "journals": books.scenes(journals[-CALLS:]),
            "events": [tell.event(row) for row in events[:CALLS]],
            "notifications": [_notification(row) for row in attempts[:CALLS]],
            "settlement": [],
            "payouts": [],
        }
        drawn = arrows.of_story(whole)
        line = {
            "say": dict(run.step.say),
            "do": run.step.do,
            "result": run.result.value,
            "not_built": run.step.not_built,
            "at": clock.now(),
            "next": [{"at": due.at, "job": due.job} for due in upcoming()[:1]],
            "entries": list(run.entries),
            "expected": list(run.step.entries or ()),
            "differences": [
                {"what": one.what, "expected": one.expected, "actual": one.actual}
                for one in run.differences
            ],
            "balances": [stage.standing_of(name) for name in run.step.balances if run.compared],
            "arrows": drawn[:ARROWS],
            "left_out": max(len(calls) - CALLS, 0) + max(len(drawn) - ARROWS, 0),
            "journals": whole["journals"],
            "calls": whole["calls"],
            "notifications": whole["notifications"],
            **standing(stage),
        }
        self._write(line)

    def begin(self, stage: Stage) -> None:
        """Write down how everybody stands before the first step."""
        self._fresh()
        self._write({"at": clock.now(), "next": [], **standing(stage)})

    def end(self, result: str) -> None:
        """Write down how the scenario ended."""
        self._write({"ended": result})

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, cls=DjangoJSONEncoder)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")

    def _fresh(self) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
        """What was written since the last step: calls, events, attempts, journals."""
        calls = _unseen(GatewayCall.objects.order_by("id"), self.calls)
        events = _unseen(OutboxEvent.objects.order_by("id"), self.events)
        rows = NotificationAttempt.objects.select_related("notification").order_by("started_at")
        attempts = _unseen(rows, self.attempts)
        newest = list(reversed(wallet.latest_journals(JOURNALS)))
        journals = [row for row in newest if row.id not in self.journals]
        self.journals |= {row.id for row in journals}
        return calls, events, attempts, journals


def _unseen(rows: Any, seen: set[Any]) -> list[Any]:
    fresh = [row for row in rows if row.pk not in seen]
    seen |= {row.pk for row in fresh}
    return fresh


def _notification(attempt: NotificationAttempt) -> dict[str, Any]:
    """A notification with one of its attempts."""
    row: Notification = attempt.notification
    whole = tell.notification(row, [attempt])
    return whole | {"number": row.trade_no}


def standing(stage: Stage) -> dict[str, Any]:
    """How everybody stands: people with balance and colour, shops with their accounts."""
    return {
        "people": [_person(key) for key in seeded_people.people()],
        "shops": [_shop(stage, key) for key in demo_keys.all_keys()],
    }


def _person(key: str) -> dict[str, str]:
    who = seeded_people.person(key)
    user = who.user
    balance = wallet.balance(user.available_account_id)
    return {
        "key": key,
        "name": who.name,
        "balance": format_amount(balance.posted_minor - balance.held_minor, "CNY"),
        "colour": health.colour_of(user.id).value,
    }


def _shop(stage: Stage, key: str) -> dict[str, str]:
    merchant = stage.merchant(key)
    facts = {"key": key, "name": merchant.name}
    for role in ("pending", "payable"):
        account_id = getattr(merchant, f"{role}_account_id")
        minor = 0 if account_id is None else wallet.balance(account_id).posted_minor
        facts[role] = format_amount(minor, "CNY")
    return facts
