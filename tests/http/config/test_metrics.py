"""What Prometheus reads, and that each alert rule rings when its cause is made."""

import json
import operator
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import yaml
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from config.kernel import clock
from config.kernel.alarms.models import Alarm
from config.kernel.outbox import relay, writes
from config.kernel.outbox.models import OutboxEvent, Pulse
from merchants.notifications.models import Notification, NotificationState
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState
from tests.contracts.source import ROOT
from tests.factories.clock import later
from tests.factories.ledger import open_books_now
from tests.factories.operators import make_operator
from tests.factories.payments import Shop, make_order, make_paid
from tests.factories.settlement import make_merchant, make_payer, sell
from tests.factories.tampering import lift_ledger_guards
from wallet.ledger.models import Account, Entry, Proof
from wallet.ledger.values import AccountKind

pytestmark = pytest.mark.django_db
TOKEN = "t" * 32
RULES = yaml.safe_load((ROOT / "docker/prometheus/alerts.yml").read_text())["groups"][0]["rules"]
COMPARE = {"!=": operator.ne, "<": operator.lt, "==": operator.eq, ">": operator.gt}


@pytest.fixture(autouse=True)
def token() -> Iterator[None]:
    with override_settings(SAOMA_METRICS_TOKEN=TOKEN):
        yield


def scrape() -> dict[str, list[float]]:
    """All samples by family, as Prometheus parses them."""
    cache.clear()
    page = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    families = text_string_to_metric_families(page.content.decode())
    return {family.name: [sample.value for sample in family.samples] for family in families}


def ringing() -> set[str]:
    """Which rules would ring, were it like this for as long as they wait."""
    samples = scrape()
    names = set()
    for rule in RULES:
        match = re.fullmatch(r"(\w+) (!=|<|==|>) (\d+)", rule["expr"])
        assert match, rule["expr"]
        family, sign, limit = match.groups()
        assert family in samples, f"{rule['alert']} asks for {family}, which is not told"
        if any(COMPARE[sign](figure, int(limit)) for figure in samples[family]):
            names.add(rule["alert"])
    return names


def test_nothing_rings_in_a_world_in_order() -> None:
    open_books_now()
    make_paid()
    OutboxEvent.objects.all().update(done_at=clock.now(), published_at=clock.now())

    assert ringing() == set()


def unbalance() -> None:
    make_paid()
    lift_ledger_guards()
    Entry.objects.filter(side="DEBIT").update(amount_minor=F("amount_minor") + 1)


def uncover() -> None:
    make_paid()
    lift_ledger_guards()
    owed = Account.objects.filter(kind=AccountKind.CLIENT_LIABILITY).values("id")
    Entry.objects.filter(account_id__in=owed, side="CREDIT").update(amount_minor=9_999_999)


def proof(*, passed: bool, days: float) -> None:
    Proof.objects.create(proved_at=clock.now() - timedelta(days=days), passed=passed, checks={})


def notification() -> None:
    Notification.objects.create(
        event_id=uuid.uuid4(),
        notify_id=uuid.uuid4().hex,
        topic="trade.paid",
        merchant_id=uuid.uuid4(),
        subject_id=uuid.uuid4(),
        sequence=1,
        state=NotificationState.RETRYING,
        occurred_at=clock.now(),
        due_at=clock.now() - timedelta(minutes=6),
    )


def stay_open() -> None:
    make_order(Shop())
    later(minutes=21)


def old_event() -> None:
    OutboxEvent.objects.create(
        topic="payment.paid", aggregate_id="1", created_at=clock.now() - timedelta(minutes=3)
    )


def silent_workers() -> None:
    Pulse.objects.create(beaten_at=clock.now() - timedelta(minutes=3))


def held_batch() -> None:
    merchant = make_merchant()
    sell(merchant, 10_00, payer=make_payer())
    SettlementBatch.objects.update(state=BatchState.AWAITING_APPROVAL)


CAUSES: dict[str, Callable[[], object]] = {
    "BooksDoNotBalance": unbalance,
    "ClientMoneyNotCovered": uncover,
    "ProofFailed": lambda: proof(passed=False, days=0.1),
    "ProofMissing": lambda: proof(passed=True, days=1.6),
    "EffectsLag": old_event,
    "WorkersSilent": silent_workers,
    "NotificationsOverdue": notification,
    "PaymentsStuck": stay_open,
    "JobOverdue": stay_open,
    "AlarmUnseen": lambda: Alarm.objects.create(kind="test"),
    "SettlementHeld": held_batch,
}


def test_every_rule_has_a_cause_here() -> None:
    assert {rule["alert"] for rule in RULES} == set(CAUSES)


def test_the_dashboard_draws_only_what_is_told() -> None:
    panels = json.loads((ROOT / "docker/prometheus/dashboard.json").read_text())["panels"]
    drawn = {target["expr"] for panel in panels for target in panel["targets"]}

    assert drawn - set(scrape()) == set()


@pytest.mark.parametrize("name", sorted(CAUSES))
def test_each_alert_rings_when_its_cause_is_made(name: str) -> None:
    CAUSES[name]()

    assert name in ringing()


def test_strangers_read_no_figures() -> None:
    assert Client().get("/metrics").status_code == 403
    wrong = {"Authorization": "Bearer wrong"}
    assert Client().get("/metrics", headers=wrong).status_code == 403


def test_without_a_token_only_operators_read_them() -> None:
    client = Client()
    client.force_login(make_operator("o", "payments.view_payment"))
    with override_settings(SAOMA_METRICS_TOKEN=""):
        assert client.get("/metrics").status_code == 200
        empty = {"Authorization": "Bearer "}
        assert Client().get("/metrics", headers=empty).status_code == 403


def test_tells_how_many_events_there_were_and_how_many_are_finished() -> None:
    with transaction.atomic():
        for _ in range(3):
            writes.add(topic="test.nobody_listens", aggregate_id="x", payload={})
    relay.claim_unpublished()
    samples = scrape()
    assert (samples["saoma_outbox_events"], samples["saoma_outbox_finished"]) == ([3], [0])
    relay.drain()
    samples = scrape()
    assert (samples["saoma_outbox_events"], samples["saoma_outbox_finished"]) == ([3], [3])
