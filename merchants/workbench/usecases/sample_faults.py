"""Draw the faults of one call or one notification."""

from collections.abc import Collection

from django.db.models import F

from config.kernel import transactions
from merchants.workbench import queries, rules
from merchants.workbench.models import FaultSwitch
from merchants.workbench.values import ANSWER_FAULTS, NO_FAULTS, FaultKind, FaultPlan


def plan_call(app_number: str) -> FaultPlan:
    """Draw the faults of one call; nothing is read where none is switched on.

    Locks: the app's fault switches, for a moment.
    """
    struck = _draw(app_number, ANSWER_FAULTS)
    if not struck:
        return NO_FAULTS
    return FaultPlan(
        error_before=FaultKind.ERROR_BEFORE in struck,
        error_after=FaultKind.ERROR_AFTER in struck,
        drop_answer=FaultKind.DROP_ANSWER in struck,
        delay_ms=struck.get(FaultKind.DELAY_ANSWER, 0),
    )


def should_inject(app_number: str, kind: FaultKind) -> bool:
    """Draw whether one notification of an app is struck by a fault."""
    return bool(_draw(app_number, (kind,)))


def _draw(app_number: str, kinds: Collection[FaultKind]) -> dict[FaultKind, int]:
    """Which of the kinds strike now, each with its delay."""
    switched_kinds = queries.switched_on(app_number) & frozenset(kinds)
    return _strike(app_number, switched_kinds) if switched_kinds else {}


@transactions.atomic_retry
def _strike(app_number: str, kinds: Collection[FaultKind]) -> dict[FaultKind, int]:
    rows = FaultSwitch.objects.select_for_update(of=("self",)).filter(
        app__app_number=app_number, kind__in=list(kinds)
    )
    struck = {}
    for switch in rows.exclude(left=0).order_by("id"):
        kind = FaultKind(switch.kind)
        hit = rules.strikes(seed=switch.seed, kind=kind, draw=switch.drawn, percent=switch.percent)
        switch.drawn = F("drawn") + 1
        if hit and switch.left is not None:
            switch.left = F("left") - 1
        switch.save(update_fields=["drawn", "left"])
        if hit:
            struck[kind] = switch.delay_ms
    return struck
