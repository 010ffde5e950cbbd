"""Count decisions by rule, region, operator and source, and notice when one brings many reds.

What is counted is a change of colour, so that a red person looked at again counts once.
The counts outlive the decisions: they name nobody.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from config.kernel import transactions
from healthcode.decisions import queries, rules
from healthcode.decisions.models import Alarm, DayCount, Decision, Tally
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.decisions.values import Dimension
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import Source
from healthcode.rules.values import Colour
from healthcode.subjects.rules import local_day

# Transactions that began before now may still commit; what they decide is counted next time.
LAG = timedelta(minutes=1)
EVERY = timedelta(minutes=10)
KIND = "MANY_REDS"
# Where many reds are looked at: people, and sources that no laboratory stands behind.
WATCHED = (Dimension.OPERATOR, Dimension.SOURCE)
_EVIDENCED = frozenset({Source.LABORATORY, Source.CERTIFICATE})
Key = tuple[date, Dimension, str]


@transactions.atomic_retry
def count_decisions(*, now: datetime) -> int:
    """Count what was decided since the last time; returns how many changes of colour.

    Locks: the tally.
    """
    Tally.objects.get_or_create(id=1)
    tally = Tally.objects.select_for_update().get(id=1)
    until = now - LAG
    rows = Decision.objects.filter(computed_at__lte=until)
    if tally.counted_until is not None:
        rows = rows.filter(computed_at__gt=tally.counted_until)
    counts: Counter[Key] = Counter()
    changes = 0
    for decision in _changes(rows):
        counts.update(_keys(decision))
        changes += 1
    for (day, dimension, name), count in sorted(counts.items()):
        _add(day, dimension, name, count)
    Tally.objects.filter(id=1).update(counted_until=until)
    return changes


def _changes(rows: QuerySet[Decision]) -> Iterable[Decision]:
    before = Decision.objects.filter(subject=OuterRef("subject"), seq=OuterRef("seq") - 1)
    decisions = rows.annotate(colour_before=Subquery(before.values("colour")[:1]))
    changed = decisions.exclude(colour_before=F("colour")).select_related("subject", "override")
    return changed.order_by("computed_at", "id").iterator(chunk_size=2000)


def _keys(decision: Decision) -> list[Key]:
    day = local_day(decision.computed_at)
    keys = [(day, Dimension.COLOUR, decision.colour)]
    if decision.colour != Colour.RED:
        return keys
    keys.append((day, Dimension.REGION, decision.subject.region or "-"))
    if decision.override is not None:
        keys.append((day, Dimension.OPERATOR, decision.override.maker))
        keys.append((day, Dimension.RULE, f"override:{decision.override.reason}"))
        return keys
    reds = [reason for reason in decision.reasons if reason["colour"] == Colour.RED]
    keys += [(day, Dimension.RULE, str(reason["rule"])) for reason in reds]
    grounds = [row for reason in reds for row in reason["evidence"]]
    rows = list(
        Evidence.objects.filter(id__in=grounds).values_list("source", "source_ref", "payload")
    )
    sources = _names((source, reference) for source, reference, _ in rows)
    bodies = queries.source_names((source, payload) for source, _, payload in rows)
    return [
        *keys,
        *((day, Dimension.SOURCE, name) for name in sorted(sources)),
        *((day, Dimension.BODY, name) for name in bodies),
    ]


def _names(sources: Iterable[tuple[str, str]]) -> set[str]:
    """A source's name; a list of people is a source of its own."""
    return {
        ":".join(reference.split(":")[:2]) if reference.startswith("list:") else source
        for source, reference in sources
    }


def _add(day: date, dimension: Dimension, name: str, count: int) -> None:
    row, _ = DayCount.objects.select_for_update().get_or_create(
        day=day, dimension=dimension, name=name
    )
    before, after = row.count, row.count + count
    DayCount.objects.filter(id=row.id).update(count=after)
    if dimension not in WATCHED or name in _EVIDENCED:
        return
    facts = {"day": day.isoformat(), dimension.value: name}
    if before < rules.OVERRIDES_A_DAY <= after and not _told(facts):
        raise_alarm(kind=KIND, facts={**facts, "count": after})


def _told(facts: dict[str, str]) -> bool:
    alarm_facts = Alarm.objects.filter(kind=KIND).values_list("facts", flat=True)
    return any(facts.items() <= earlier.items() for earlier in alarm_facts)


def next_count() -> datetime | None:
    """When there is something to count: a while after the last time, if anything was decided."""
    last: datetime | None = Decision.objects.aggregate(last=Max("computed_at"))["last"]
    tally = Tally.objects.filter(id=1).first()
    until = tally.counted_until if tally else None
    if last is None or (until is not None and last <= until):
        return None
    return last + LAG if until is None else max(until + EVERY, last) + LAG
