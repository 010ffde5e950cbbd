"""Switch a fault on or off for an app."""

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries as onboarding
from merchants.workbench import queries, rules
from merchants.workbench.models import FaultSwitch
from merchants.workbench.values import ALWAYS_PERCENT, FaultKind


@transactions.atomic_retry
def switch_on_fault(
    *,
    app_number: str,
    kind: FaultKind,
    actor: str,
    percent: int = ALWAYS_PERCENT,
    times: int | None = None,
    delay_ms: int = 0,
    seed: int = 42,
) -> FaultSwitch:
    """Let something go wrong for an app from now on; on again begins anew.

    Args:
        app_number: the app's number.
        kind: what goes wrong.
        actor: who wants it, for the audit trail.
        percent: how many of a hundred calls are struck.
        times: how often it strikes before it is spent; None: until it is switched off.
        delay_ms: how long an answer is delayed.
        seed: which calls are struck; the same seed strikes the same ones.

    Raises:
        onboarding.AppNotFound: there is no such app.
        rules.FaultInvalid: a value is out of bounds.
    """
    rules.check_fault(kind=kind, percent=percent, times=times, delay_ms=delay_ms)
    app = onboarding.app(app_number)
    switch, _ = FaultSwitch.objects.update_or_create(
        app=app,
        kind=kind,
        defaults={
            "percent": percent,
            "left": times,
            "delay_ms": delay_ms,
            "seed": seed,
            "drawn": 0,
            "switched_on_at": clock.now(),
        },
    )
    _record("fault.switched_on", app_number, actor, kind)
    return switch


@transactions.atomic_retry
def switch_off_fault(*, app_number: str, kind: FaultKind, actor: str) -> None:
    """Let nothing of this kind go wrong any more; off again changes nothing.

    Raises:
        onboarding.AppNotFound: there is no such app.
    """
    app = onboarding.app(app_number)
    deleted, _ = FaultSwitch.objects.filter(app=app, kind=kind).delete()
    if deleted:
        _record("fault.switched_off", app_number, actor, kind)


def _record(action: str, app_number: str, actor: str, kind: FaultKind) -> None:
    record(
        action=action,
        actor=actor,
        target=f"app:{app_number}",
        purpose="faults of the lab",
        after={"kind": kind.value},
    )
    queries.forget_switches()
    transactions.on_commit(queries.forget_switches)
