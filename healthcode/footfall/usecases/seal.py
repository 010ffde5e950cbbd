"""Seal an hour: count, draw the noise once, keep nothing else; later publish it."""

from datetime import date, datetime

from config.kernel import clock, keys, transactions
from config.kernel.audit import chain
from healthcode.footfall import queries, rules
from healthcode.footfall.models import Cell, Dataset, PrivacyAccount
from healthcode.footfall.values import DatasetState
from healthcode.subjects.rules import local_day

NOISE = "footfall-noise"


@transactions.atomic_retry
def seal_hour(*, hour: datetime) -> Dataset:
    """Count an hour and keep the noisy counts; a sealed hour is never counted again.

    The day's account pays for it. Where it cannot, everything is suppressed.

    Locks: the dataset, then the day's account.
    """
    dataset, _ = Dataset.objects.select_for_update().get_or_create(hour=hour)
    if dataset.state != DatasetState.OPEN:
        return dataset
    paid = _spend(local_day(hour), rules.EPSILON_MILLI)
    if paid:
        secret = keys.derive(NOISE, 32)
        counts = rules.cells(queries.visits_of(hour), queries.hours_before(hour))
        noisy_counts = {
            area: rules.released(count, rules.noise(secret, f"{area} {hour.isoformat()}"))
            for area, count in counts.items()
        }
        Cell.objects.bulk_create(
            Cell(dataset=dataset, area=area, count=count)
            for area, count in sorted(noisy_counts.items())
            if count is not None
        )
    dataset.state = DatasetState.SEALED
    dataset.epsilon_milli = rules.EPSILON_MILLI if paid else 0
    dataset.sealed_at = clock.now()
    dataset.save()
    return dataset


def _spend(day: date, milli: int) -> bool:
    PrivacyAccount.objects.get_or_create(day=day, defaults={"limit_milli": rules.DAY_BUDGET_MILLI})
    account = PrivacyAccount.objects.select_for_update().get(day=day)
    if account.spent_milli + milli > account.limit_milli:
        return False
    account.spent_milli += milli
    account.save(update_fields=["spent_milli"])
    return True


@transactions.atomic_retry
def publish_hours(*, now: datetime) -> int:
    """Publish sealed hours whose time has come. Returns how many."""
    due = Dataset.objects.filter(
        state=DatasetState.SEALED, hour__lte=now - rules.HOUR - rules.PUBLISHED_AFTER
    )
    hours = list(due.order_by("hour").values_list("hour", flat=True)[:200])
    count = Dataset.objects.filter(hour__in=hours, state=DatasetState.SEALED).update(
        state=DatasetState.PUBLISHED, published_at=now
    )
    if count:
        chain.record(
            action="health.publish_footfall",
            actor="system:health",
            target="footfall",
            after={"from": hours[0].isoformat(), "hours": count},
        )
    return count
