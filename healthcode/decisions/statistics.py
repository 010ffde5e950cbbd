"""What is published about colours: how many, by which rule, region, operator and source.

Everybody can read it. Operators appear under a keyed name that stays the same, so that
one who brings many reds stands out; who it is, the panel shows.
"""

import hashlib
import hmac
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Sum

from config.kernel import keys
from healthcode.decisions import queries
from healthcode.decisions.models import (
    Alarm,
    DayCount,
    Override,
    PersonList,
    SourceRegistration,
    Tally,
)
from healthcode.decisions.values import Dimension
from healthcode.subjects.rules import local_day

DAYS = 28


def public_name(operator: str) -> str:
    """The name under which an operator stands in public."""
    keyed = hmac.new(keys.derive("health-operator", 32), operator.encode(), hashlib.sha256)
    return f"operator-{keyed.hexdigest()[:8]}"


def statistics(*, at: datetime, with_names: bool = False) -> dict[str, Any]:
    """Counts of the last 28 days, and how everybody stands now.

    Args:
        at: the present moment.
        with_names: whether operators appear by their own names, for the panel.
    """
    since = local_day(at) - timedelta(days=DAYS - 1)
    counts = _counts(since)
    tally = Tally.objects.filter(id=1).first()
    operators = counts[Dimension.OPERATOR]
    return {
        "since": since.isoformat(),
        "counted_until": tally.counted_until if tally else None,
        "now": queries.colours_now(),
        "changes_to": counts[Dimension.COLOUR],
        "reds_by_rule": counts[Dimension.RULE],
        "reds_by_region": counts[Dimension.REGION],
        "reds_by_source": counts[Dimension.SOURCE],
        "reds_by_body": counts[Dimension.BODY],
        "sources": _sources(),
        "reds_by_operator": operators
        if with_names
        else {public_name(name): count for name, count in operators.items()},
        "by_hand": _by_hand(at),
        "lists": _lists(at),
        "alarms": _alarms(at),
    }


def _counts(since: date) -> dict[str, dict[str, int]]:
    rows = DayCount.objects.filter(day__gte=since).values("dimension", "name")
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows.annotate(n=Sum("count")).order_by("dimension", "-n", "name"):
        counts[row["dimension"]][row["name"]] = row["n"]
    return counts


def _sources() -> dict[str, int]:
    """How many laboratories, issuers and card readers are registered now."""
    rows = SourceRegistration.objects.filter(withdrawn_at__isnull=True).values("kind")
    return {row["kind"]: row["n"] for row in rows.annotate(n=Count("id")).order_by("kind")}


def _by_hand(at: datetime) -> dict[str, int]:
    """Colours set by hand, by colour and ground."""
    rows = Override.objects.filter(starts_at__gt=at - timedelta(days=DAYS))
    grouped = rows.values("colour", "reason").annotate(n=Count("id")).order_by("colour", "reason")
    return {f"{row['colour']} {row['reason']}": row["n"] for row in grouped}


def _lists(at: datetime) -> list[dict[str, Any]]:
    """Lists of people taken as evidence: how long they are, why, and until when."""
    rows = PersonList.objects.filter(imported_at__gt=at - timedelta(days=DAYS))
    return [
        {
            "kind": row.kind,
            "people": row.people,
            "purpose": row.purpose,
            "imported_at": row.imported_at,
            "expires_at": row.expires_at,
        }
        for row in rows.order_by("-id")[:100]
    ]


def _alarms(at: datetime) -> dict[str, int]:
    rows = Alarm.objects.filter(at__gt=at - timedelta(days=DAYS)).values("kind")
    return {row["kind"]: row["n"] for row in rows.annotate(n=Count("id")).order_by("kind")}
