"""How long passes live. Pure."""

from datetime import datetime, timedelta

from healthcode.passes.values import PassKind

# A code without a device key is worth as much as a screenshot: so it lives a minute.
CODE_LIFE = timedelta(seconds=60)
# A pass bound to a device lives up to a day; renewal is spread so that phones do not all
# come back at the same hour.
PASS_LIFE = timedelta(hours=24)
JITTER = timedelta(hours=2)
PAPER_LIFE = timedelta(days=180)
REFRESH_BEFORE_END = timedelta(seconds=15)


def expires_at(
    *, kind: PassKind, bound: bool, now: datetime, valid_until: datetime | None, spread: float
) -> datetime:
    """When a pass ends: by its kind, and never after the decision it states.

    Args:
        kind: what carries it.
        bound: whether a device key is in it.
        now: the present moment.
        valid_until: end of the decision.
        spread: 0 to 1, how much of the jitter is taken off a bound pass.
    """
    if kind is PassKind.PAPER:
        life = PAPER_LIFE
    elif bound:
        life = PASS_LIFE - JITTER * spread
    else:
        life = CODE_LIFE
    end = now + life
    return end if valid_until is None else min(end, valid_until)
