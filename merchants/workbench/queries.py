"""Questions about calls and faults."""

import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from config.kernel.due_times import Earliest
from config.kernel.errors import NotFound
from merchants.onboarding.models import App
from merchants.workbench.models import FaultSwitch, GatewayCall
from merchants.workbench.values import FaultKind

KEPT_FOR = timedelta(days=7)
KNOWN_FOR_S = 1.0

_switched: dict[str, tuple[float, frozenset[FaultKind]]] = {}


class CallNotFound(NotFound):
    """There is no such call of the owner's apps."""

    code = "call_not_found"
    message = "There is no such call."


def calls_of(owner_id: uuid.UUID) -> QuerySet[GatewayCall]:
    """Calls of all apps of the owner's merchants, newest first."""
    apps = App.objects.filter(merchant__owner_id=owner_id).values("app_number")
    return GatewayCall.objects.filter(app_number__in=apps)


def call(call_id: uuid.UUID, *, owner_id: uuid.UUID) -> GatewayCall:
    """One call of the owner's apps.

    Raises:
        CallNotFound: there is none, or it is somebody else's.
    """
    row = calls_of(owner_id).filter(id=call_id).first()
    if row is None:
        raise CallNotFound()
    return row


def search_calls(
    calls: QuerySet[GatewayCall], *, text: str = "", failed: bool = False
) -> QuerySet[GatewayCall]:
    """Those of the calls that a text is found in: method, order, trace id, code, contents.

    Args:
        calls: where to look.
        text: what to look for; empty finds all.
        failed: only those that were not answered with success.
    """
    if text:
        calls = calls.filter(
            Q(method__icontains=text)
            | Q(order_number__icontains=text)
            | Q(trace_id=text)
            | Q(sub_code__icontains=text)
            | Q(body__icontains=text)
            | Q(target__icontains=text)
        )
    return calls.exclude(sub_code="") if failed else calls


# When the oldest call of the log is old enough to go.
oldest_call_ends = Earliest(GatewayCall.objects.all, "at", plus=KEPT_FOR)


def faults_of(app_id: uuid.UUID) -> list[FaultSwitch]:
    """Faults that are switched on for an app."""
    return list(FaultSwitch.objects.filter(app_id=app_id))


def switched_on(app_number: str) -> frozenset[FaultKind]:
    """Which faults are on for an app: none outside the lab; remembered for a second.

    Asked for every call at the gateway, where almost never one is on.
    """
    if not settings.LAB_MODE:
        return frozenset()
    entry = _switched.get(app_number)
    if entry is not None and time.monotonic() < entry[0]:
        return entry[1]
    rows = FaultSwitch.objects.filter(app__app_number=app_number).exclude(left=0)
    kinds = frozenset(FaultKind(kind) for kind in rows.values_list("kind", flat=True))
    _switched[app_number] = (time.monotonic() + KNOWN_FOR_S, kinds)
    return kinds


def forget_switches() -> None:
    """Drop what this process remembers of faults."""
    _switched.clear()
