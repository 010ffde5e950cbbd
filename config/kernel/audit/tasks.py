"""The daily root in the database, the hourly one outside it."""

from datetime import datetime, timedelta

from config.kernel import clock, timetable
from config.kernel.audit import chain
from config.kernel.audit.models import AuditEvent

ROOT_EVERY = timedelta(days=1)


def next_root() -> datetime | None:
    """A day after the last root, once there is anything to sign."""
    last = chain.last_root_at()
    if last is not None:
        return last + ROOT_EVERY
    first = AuditEvent.objects.order_by("seq").values_list("at", flat=True).first()
    return first + ROOT_EVERY if first else None


@timetable.job("audit.sign_root", next_due=next_root)
def sign_root(now: datetime) -> int:
    """Sign today's root."""
    chain.sign_root(clock.today())
    return 1


@timetable.job("audit.anchor", next_due=chain.next_anchor)
def anchor(now: datetime) -> int:
    """Sign where the chain stands into the file outside the database."""
    return int(chain.anchor_head() > 0)
