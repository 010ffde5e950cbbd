"""What each act costs while the books grow: the same acts at 1 k, 100 k and 1 M payments.

The world is made set-wise (`lab.bench.history`) and brought to the next size, its days are
settled and proved, then each act is done a few times and the median is kept: of the clock, of
processor time (this process and its own database connection, so that others on the machine do
not show), and of statements. The last day is of one length at every size, so that what reads a
day reads the same. What each act may cost in the size of the books is in `ORDERS`; the proof
reads all of them, and settling and draining are per payment.
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

from config.admin.metrics import metrics
from config.kernel import clock
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.outbox import relay
from config.kernel.outbox.event_log import OUTBOX, events_since, newest_position
from config.kernel.outbox.models import OutboxEvent
from config.kernel.usecases.set_clock import set_clock
from lab.bench import history, population
from lab.bench.effects import cpu_ms
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
LAST_DAY = 1_000
TIMES = 15
LEFT_TO_WORKERS = 500
DAY = timedelta(days=1)
HTTP_OK = 200
# What an act reads, in the size of the books: a path of an index, a page after it, a day's
# payments, the days of the home page's chart, or everything.
LOG, DAY_READ, DAYS_READ, ALL = "log n", "a day", "14 days", "n"
ORDERS = {
    "pay": LOG,
    "query": LOG,
    "refund": LOG,
    "payer's list": LOG,
    "merchant's settlements": LOG,
    "statement of a day": DAY_READ,
    "bill of a day": DAY_READ,
    "merchant's events": LOG,
    "events since": LOG,
    "metrics": DAY_READ,
    "dashboard": DAYS_READ,
    "panel's payments": LOG,
    "panel's payments, page 20": LOG,
    "balance on a day": LOG,
    "ledger proof": ALL,
}
# More than twice the processor time in larger books, and by more than noise, is growth.
GROWN, NOISE_MS = 2.0, 5.0
# One reading of all rows is what settling is measured against.
_AGGREGATE = """
SELECT payee_id, business_date, count(*), sum(amount_minor), sum(refunded_minor)
  FROM payments_payment WHERE status = 'PAID' GROUP BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act took: by the clock and of processors in milliseconds, and statements."""

    clock_ms: float
    cpu_ms: float
    statements: float


@dataclass
class World:
    """The books so far, and who acts in them."""

    parties: history.Parties
    people: Sequence[population.Payer]
    merchants: Sequence[Any]
    client: Client
    written: int = 0
    calls: int = 0

    @property
    def day(self) -> datetime:
        """The beginning of the next day to write."""
        now = clock.now().astimezone(UTC)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


Figures = dict[str, float | Cost]


def run(sizes: Sequence[int], *, backlog: int) -> Iterator[Figures]:
    """Grow the books of an empty database to each size; the cost of each act, and sizes.

    Args:
        sizes: payments in the books at which to stop and measure, growing.
        backlog: how many payments' events are left to be drained at the last size.
    """
    settings.LAB_MODE, settings.PUBLIC_URL = True, "http://localhost"
    set_clock(times=0)
    world = _people()
    empty = _database_bytes()
    for size in sizes:
        figures: Figures = {"payments": float(size), **_grow(world, size), **_settle()}
        figures["bytes a payment"] = (_database_bytes() - empty) / world.written
        figures |= {name: _median(act) for name, act in _acts(world).items()}
        figures["ledger proof"] = _median(_prove, times=1)
        figures |= _drain(world, backlog if size == sizes[-1] else LEFT_TO_WORKERS)
        yield figures


def grown(before: Figures, after: Figures) -> list[str]:
    """Acts that cost more in larger books than what they read explains, by processor time."""
    pairs = {name: (before[name], after[name]) for name in ORDERS if ORDERS[name] != ALL}
    return [
        name
        for name, (small, large) in pairs.items()
        if isinstance(small, Cost)
        and isinstance(large, Cost)
        and large.cpu_ms > GROWN * small.cpu_ms + NOISE_MS
    ]


def _people() -> World:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    people = population.payers(PAYERS)
    app_numbers = population.app_numbers(MERCHANTS, public.decode())
    owner = wallet.user_by_phone(population.OWNER_PHONE)
    merchants = list(merchants_of(owner.id)[:MERCHANTS])
    facts = Settings(
        gateway_url="http://localhost/gateway.do",
        app_id=app_numbers[0],
        app_private_key=private.decode(),
        gateway_public_key=public_key_text(gateway_signer().public_base64).pem,
    )
    return World(
        parties=history.seat(people, merchants),
        people=people,
        merchants=merchants,
        client=Client(facts, InProcess()),
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
        left = size - world.written
        day, some = world.day, min(PER_DAY, left - LAST_DAY) if left > LAST_DAY else left
        history.write_day(world.parties, first=world.written, count=some, begin=day)
        world.written += some
        set_clock(times=0, at=day + timedelta(hours=21))
        wallet.roll_up_accounts()
        wallet.take_checkpoints(now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server does by itself, where it may
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
    # Anew at each size: the books grow by months, and a session ends sooner.
    payer, owner = _token("+8617000000001"), _token(population.OWNER_PHONE)
    bill_day = (clock.now() - DAY).astimezone(UTC).date()
    return {
        "pay": lambda: _good(_pay(world, next(codes))),
        "query": lambda: _good(world.client.query(out_trade_no=_own(world))),
        "refund": lambda: _good(_refund(world)),
        "payer's list": lambda: _get("/api/v1/payments?limit=50", payer),
        "merchant's settlements": lambda: _get("/api/v1/settlements", owner),
        "statement of a day": lambda: _get(f"/api/v1/statements?date={bill_day}", owner),
        "bill of a day": lambda: _bill(merchant.id, bill_day),
        "merchant's events": lambda: _get(
            f"/api/v1/events?merchant_id={merchant.merchant_number}&limit=50", owner
        ),
        "events since": _newest_events,
        "metrics": lambda: _panel(metrics),
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
    link = offer_bill(merchant_id=merchant_id, kind=BillKind.TRADES, on=on.isoformat())
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


def _median(act: Callable[[], object], times: int = TIMES) -> Cost:
    """The median of a few tries; the first one warms up."""
    tries = [_cost(act) for _ in range(times)]
    tries = tries[1:] or tries
    return Cost(
        median(each.clock_ms for each in tries),
        median(each.cpu_ms for each in tries),
        median(each.statements for each in tries),
    )


def _cost(act: Callable[[], object]) -> Cost:
    statements = 0
    clock_ms = 0.0

    def count(execute: Callable[..., Any], *of: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*of)

    def timed() -> None:
        nonlocal clock_ms
        began = time.perf_counter()
        with connection.execute_wrapper(count):
            act()
        clock_ms = (time.perf_counter() - began) * 1000

    spent = cpu_ms(timed)
    return Cost(clock_ms, spent["worker"] + spent["database"], float(statements))


def _drain(world: World, count: int) -> Figures:
    """Leave payments to the workers, and be the workers: what an event takes."""
    relay.drain()
    day = world.day
    history.write_day(
        world.parties, first=world.written, count=count, begin=day, with_effects=False
    )
    world.written += count
    set_clock(times=0, at=day + timedelta(hours=21))
    cost = _cost(relay.drain)
    return {
        "events drained": float(count),
        "drain, an event": Cost(
            cost.clock_ms / count, cost.cpu_ms / count, cost.statements / count
        ),
    }


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
