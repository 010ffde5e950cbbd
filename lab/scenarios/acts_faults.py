"""Acts about what goes wrong: lost, late and doubled messages, wrong clocks, old keys, forgeries.

Each is switched on for one shop and for the n-th call; the same seed strikes the same calls.
"""

from datetime import timedelta

from django.conf import settings

from config.kernel import clock
from config.kernel.outbox import consumers, relay
from config.kernel.outbox.models import OutboxEvent
from lab import demo_keys
from lab.in_process import InProcess, Severed
from lab.mock_merchant.client import Client, NoAnswer
from lab.mock_merchant.receiver import ResponsePlan
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.acts_health import gate
from lab.scenarios.stage import Stage
from merchants.notifications.models import Notification
from merchants.notifications.usecases.resend_notification import resend_notification
from merchants.workbench.usecases.switch_fault import switch_off_fault, switch_on_fault
from merchants.workbench.values import FaultKind
from wallet import public as wallet

ACTOR = "lab:fault"


def fault(
    stage: Stage, *, shop: str, kind: str, times: int = 1, percent: int = 100, delay_ms: int = 0
) -> Facts:
    """Let something go wrong for a shop from now on, `times` times; the seed is the world's."""
    switch = switch_on_fault(
        app_number=demo_keys.load(shop).app_number,
        kind=FaultKind(kind),
        actor=ACTOR,
        times=times,
        percent=percent,
        delay_ms=delay_ms,
        seed=stage.scenario.world.seed or 0,
    )
    return {"kind": switch.kind, "left": switch.left}


def no_fault(stage: Stage, *, shop: str, kind: str) -> Facts:
    """Let it go wrong no longer."""
    app_number = demo_keys.load(shop).app_number
    switch_off_fault(app_number=app_number, kind=FaultKind(kind), actor=ACTOR)
    return {}


def request_lost(stage: Stage, *, shop: str, person: str, amount: str, order: str) -> Facts:
    """A sale whose request never arrives."""
    client = Client(stage.client(shop).settings, Severed())
    code = wallet.issue_fresh_code(user_id=stage.person(person).id).code
    try:
        return answered(
            client.pay(
                out_trade_no=stage.number(shop, order), amount=amount, subject=order, auth_code=code
            )
        )
    except NoAnswer:
        return {"answer": "none"}


def duplicates(stage: Stage, *, shop: str, person: str) -> Facts:
    """The payments of one person to one shop that look alike: same amount, other order number."""
    payments = wallet.payments_of_pair(
        payer_id=stage.person(person).id,
        payee_id=stage.merchant(shop).id,
        after=clock.now() - timedelta(hours=1),
        most=20,
    )
    amounts = [payment.amount_minor for payment in payments]
    return {"alike": sum(amounts.count(minor) > 1 for minor in amounts)}


def merchant_mode(stage: Stage, *, mode: str) -> Facts:
    """How shops' servers answer from now on: well, with a 500, or with a page of HTML."""
    modes = {
        "well": ResponsePlan(),
        "error": ResponsePlan(fail_first=1_000_000),
        "html": ResponsePlan(answer="<html>success</html>"),
    }
    stage.receiver.plan = modes[mode]
    return {"mode": mode}


def notice(stage: Stage, *, shop: str, order: str, resend: bool = False) -> Facts:
    """How the notification of an order stands; sent again by hand where that is wanted."""
    row = Notification.objects.filter(
        merchant_id=stage.merchant(shop).id, out_trade_no=stage.number(shop, order)
    ).latest("id")
    if resend:
        resend_notification(notification_id=row.id, actor=ACTOR)
        stage.let_work_run()
        row.refresh_from_db()
    return {"state": row.state, "tries": row.attempts.count()}


def redeliver(stage: Stage, *, topic: str) -> Facts:
    """The broker hands the newest event of a topic to each of its consumers once more."""
    event = OutboxEvent.objects.filter(topic=topic).latest("id")
    effects = event.effects.count()
    for consumer in consumers.consumers_of(topic):
        _, failures = relay.deliver(consumer, [event])
        if failures:
            raise failures[0][1]
    return {"again": event.effects.count() - effects}


def decision(stage: Stage, *, shop: str, order: str) -> Facts:
    """What the risk rules decided about a sale, and what they had to do without."""
    payment = wallet.payment_by_reference(
        payee_id=stage.merchant(shop).id, reference=stage.number(shop, order)
    )
    row = None if payment is None else wallet.decisions_of(payment.id).first()
    return {} if row is None else {"decision": row.decision, "degraded": row.degraded}


def skewed_sale(
    stage: Stage, *, shop: str, person: str, amount: str, order: str, seconds: int
) -> Facts:
    """A sale by a till whose clock is `seconds` wrong; the gateway allows for five minutes."""
    client = Client(
        stage.client(shop).settings, InProcess(), lambda: clock.now() + timedelta(seconds=seconds)
    )
    code = wallet.issue_fresh_code(user_id=stage.person(person).id).code
    usual, settings.SAOMA_GATEWAY_MAX_SKEW_S = settings.SAOMA_GATEWAY_MAX_SKEW_S, 300
    try:
        return answered(
            client.pay(
                out_trade_no=stage.number(shop, order), amount=amount, subject=order, auth_code=code
            )
        )
    finally:
        settings.SAOMA_GATEWAY_MAX_SKEW_S = usual


def keep_key(stage: Stage, *, shop: str, keep: str) -> Facts:
    """A till that goes on with the key that its shop has now."""
    stage.kept[keep] = stage.client(shop)
    return {}


def sell_with_key(
    stage: Stage, *, till: str, shop: str, person: str, amount: str, order: str
) -> Facts:
    """A sale by a till that still has the key kept earlier."""
    code = wallet.issue_fresh_code(user_id=stage.person(person).id).code
    return answered(
        stage.kept[till].pay(
            out_trade_no=stage.number(shop, order), amount=amount, subject=order, auth_code=code
        )
    )


def forge_health_code(stage: Stage, *, code: str, keep: str) -> Facts:
    """Change one letter in the middle of a health code that was shown."""
    text = stage.kept[code]
    middle = len(text) // 2
    other = "A" if text[middle] != "A" else "B"
    stage.kept[keep] = f"{text[:middle]}{other}{text[middle + 1 :]}"
    return {}


def gate_says_no(stage: Stage, *, code: str) -> Facts:
    """Whether a gate lets a kept code in: only that, whatever the reason."""
    return {"admitted": gate(stage, code=code)["verdict"] == "ADMITTED"}


ACTS = acts_of(
    fault, no_fault, request_lost, duplicates, merchant_mode, notice, redeliver, decision,
    skewed_sale, keep_key, sell_with_key, forge_health_code, gate_says_no,
)  # fmt: skip
