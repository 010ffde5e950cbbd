"""What each act costs while the books grow: the same acts at 1 k, 100 k and 1 M payments.

The world is made set-wise (`lab.bench.history`) and brought to the next size, its days are
settled and proved, then each act is done a few times and the median is kept. What is read by
a merchant or a customer must not cost more in larger books than the logarithm of their size
says; the proof reads all of them, and settling is per payment.
"""

import io
import resource
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client as HttpClient
from django.test import RequestFactory

from config.kernel import clock
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.outbox import relay
from config.kernel.outbox.event_log import OUTBOX, events_since, newest_position
from config.kernel.outbox.models import OutboxEvent
from config.kernel.usecases.set_clock import set_clock
from lab.bench import history, population
from lab.in_process import InProcess
from lab.mock_merchant.client import Answer, Client
from lab.mock_merchant.settings import Settings
from merchants.bills.usecases.offer_bill import offer_bill
from merchants.bills.values import BillKind
from merchants.onboarding.queries import gateway_signer, merchants_of
from merchants.onboarding.rules import public_key_text
from merchants.settlement.models import SettlementLine
from merchants.settlement.usecases.settle_due import settle_due
from wallet import public as wallet

PAYERS = 2_000
MERCHANTS = 20
PER_DAY = 12_000
TIMES = 15
LEFT_TO_WORKERS = 500
DAY = timedelta(days=1)
HTTP_OK = 200
# One reading of all rows is what settling is measured against.
_AGGREGATE = """
SELECT payee_id, business_date, count(*), sum(amount_minor), sum(refunded_minor)
  FROM payments_payment WHERE status = 'PAID' GROUP BY 1, 2"""


@dataclass
class World:
    """The books so far, and who acts in them."""

    parties: history.Parties
    people: Sequence[population.Payer]
    merchants: Sequence[Any]
    client: Client
    token: str
    owner_token: str
    written: int = 0
    calls: int = 0

    @property
    def day(self) -> datetime:
        """The beginning of the next day to write."""
        now = clock.now().astimezone(UTC)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def run(sizes: Sequence[int]) -> Iterator[dict[str, float]]:
    """Grow the books of an empty database to each size; milliseconds of each act, and sizes.

    Args:
        sizes: payments in the books at which to stop and measure, growing.
    """
    settings.LAB_MODE, settings.PUBLIC_URL = True, "http://localhost"
    set_clock(times=0)
    world = _people()
    empty = _database_bytes()
    for size in sizes:
        figures = {"payments": float(size), **_grow(world, size), **_settle()}
        figures["bytes a payment"] = (_database_bytes() - empty) / world.written
        figures |= {name: _median_ms(act) for name, act in _acts(world).items()}
        figures["ledger proof"] = _median_ms(_prove, times=1)
        figures |= _drain(world)
        yield figures


def _people() -> World:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    people = population.payers(PAYERS)
    app_ids = population.app_ids(MERCHANTS, public.decode())
    owner = wallet.user_by_phone(population.OWNER_PHONE)
    merchants = list(merchants_of(owner.id)[:MERCHANTS])
    facts = Settings(
        gateway_url="http://localhost/gateway.do",
        app_id=app_ids[0],
        app_private_key=private.decode(),
        gateway_public_key=public_key_text(gateway_signer().public_base64).pem,
    )
    return World(
        parties=history.seat(people, merchants),
        people=people,
        merchants=merchants,
        client=Client(facts, InProcess()),
        token=_token("+8617000000001"),
        owner_token=_token(population.OWNER_PHONE),
    )


def _token(phone: str) -> str:
    answer = HttpClient().post(
        "/api/v1/sessions",
        {"phone": phone, "password": population.PASSWORD},
        content_type="application/json",
        headers={"host": "localhost"},
    )
    return str(answer.json()["token"])


def _grow(world: World, size: int) -> dict[str, float]:
    """Write days until the books hold so many payments; the clock ends after the last."""
    began = time.perf_counter()
    count = size - world.written
    while world.written < size:
        day, some = world.day, min(PER_DAY, size - world.written)
        history.write_day(world.parties, first=world.written, count=some, begin=day)
        world.written += some
        set_clock(times=0, at=day + timedelta(hours=21))
        wallet.roll_up_accounts()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"write": (time.perf_counter() - began) * 1000 / count}


def _settle() -> dict[str, float]:
    """Settle all days that are over, beside the plain aggregate of the same rows."""
    set_clock(times=0, at=clock.now() + DAY)
    lines = SettlementLine.objects.count()
    began = time.perf_counter()
    settle_due(now=clock.now())
    settled = time.perf_counter() - began
    lines = SettlementLine.objects.count() - lines
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_AGGREGATE)
        cursor.fetchall()
    return {
        "settle, a payment": settled * 1000 / max(lines, 1),
        "plain aggregate, s": time.perf_counter() - began,
        "settle, s": settled,
        "peak memory, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _acts(world: World) -> dict[str, Callable[[], object]]:
    codes = iter(population.codes(world.people[:TIMES], 1))
    merchant = world.merchants[0]
    bill_day = (clock.now() - DAY).astimezone(UTC).date()
    return {
        "pay": lambda: _good(_pay(world, next(codes))),
        "query": lambda: _good(world.client.query(out_trade_no=_own(world))),
        "refund": lambda: _good(_refund(world)),
        "payer's list": lambda: _get("/api/v1/payments?limit=50", world.token),
        "merchant's settlements": lambda: _get("/api/v1/settlements", world.owner_token),
        "statement of a day": lambda: _get(
            f"/api/v1/statements?date={bill_day}", world.owner_token
        ),
        "bill of a day": lambda: _bill(merchant.id, bill_day),
        "merchant's events": lambda: _get(
            f"/api/v1/events?merchant_id={merchant.merchant_id}&limit=50", world.owner_token
        ),
        "events since": _newest_events,
        "dashboard": lambda: _panel(admin.site.index),
        "panel's payments": lambda: _panel(_payments_page),
        "panel's payments, page 20": lambda: _panel(_payments_page, "?p=20"),
        "balance on a day": lambda: wallet.balance_at(
            merchant.pending_account_id, clock.now() - DAY
        ),
    }


def _own(world: World) -> str:
    return f"GROWTHCALL{world.calls}"


def _pay(world: World, code: str) -> Answer:
    world.calls += 1
    return world.client.pay(
        out_trade_no=_own(world), amount="1.00", subject="growth", auth_code=code
    )


def _refund(world: World) -> Answer:
    return world.client.call(
        "alipay.trade.refund",
        out_trade_no=_own(world),
        refund_amount="0.01",
        out_request_no=uuid.uuid4().hex,
    )


def _good(answer: Answer) -> None:
    if not answer.succeeded:
        raise RuntimeError(answer.raw)


def _get(path: str, token: str) -> None:
    headers = {"host": "localhost", "authorization": f"Bearer {token}"}
    answer = HttpClient().get(path, headers=headers)
    if answer.status_code != HTTP_OK:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")


def _bill(merchant_id: uuid.UUID, on: date) -> None:
    link = offer_bill(merchant_uuid=merchant_id, kind=BillKind.TRADES, on=on.isoformat())
    answer = HttpClient().get(link.removeprefix("http://localhost"), headers={"host": "localhost"})
    b"".join(answer)


def _newest_events() -> None:
    rows = OutboxEvent.objects.all()
    after = newest_position(rows, stream=OUTBOX)
    events_since(rows, stream=OUTBOX, after=max(after - 50, 0), limit=50)


def _panel(view: Callable[..., HttpResponse], query: str = "") -> None:
    request = RequestFactory().get(f"/admin/{query}", headers={"host": "localhost"})
    request.user = _operator()
    request.session = {}  # type: ignore[assignment]
    answer = view(request)
    if isinstance(answer, TemplateResponse):
        answer.render()


def _operator() -> User:
    """Somebody who may see everything."""
    with guard.under(Authority("system:lab", "the growth bench looks at the panel")):
        user, _ = User.objects.get_or_create(
            username="bench", defaults={"is_staff": True, "is_superuser": True}
        )
    return user


def _payments_page(request: Any) -> HttpResponse:
    payment = apps.get_model("payments", "Payment")
    return admin.site._registry[payment].changelist_view(request)


def _prove() -> None:
    """Ends with an error where the books do not hold."""
    call_command("verify_ledger", stdout=io.StringIO())


def _median_ms(act: Callable[[], object], times: int = TIMES) -> float:
    """The median of a few tries, in milliseconds; the first one warms up."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append((time.perf_counter() - began) * 1000)
    return median(spent[1:] or spent)


def _drain(world: World) -> dict[str, float]:
    """Leave payments to the workers, and be the workers: milliseconds an event."""
    relay.drain()
    day = world.day
    history.write_day(
        world.parties, first=world.written, count=LEFT_TO_WORKERS, begin=day, with_effects=False
    )
    world.written += LEFT_TO_WORKERS
    set_clock(times=0, at=day + timedelta(hours=21))
    began, cpu = time.perf_counter(), time.process_time()
    relay.drain()
    return {
        "drain, an event": (time.perf_counter() - began) * 1000 / LEFT_TO_WORKERS,
        "drain's own CPU, an event": (time.process_time() - cpu) * 1000 / LEFT_TO_WORKERS,
    }


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
