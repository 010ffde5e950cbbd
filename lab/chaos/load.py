"""Clients that pay and refund without rest, ask again word for word, and keep every answer."""

import contextlib
import queue
import random
import threading
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from config.kernel import clock
from config.kernel.errors import SaomaError
from lab.bench.population import Payer
from lab.chaos.history import History, Told
from lab.mock_merchant.client import Answer, BadSignature, Client, NoAnswer
from lab.mock_merchant.settings import Settings
from wallet import public as wallet
from wallet.qr import paycode

TRIES, PAUSE_S = 12, 0.4
REFUNDS = 0.25
MOST_MINOR = 300
# What means that nobody knows yet: ask again.
UNSURE = frozenset({"20000"})
_BUSY = frozenset({"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error",
                   "aop.unknow-error", "ACQ.TRADE_HAS_CLOSE_PENDING"})  # fmt: skip


class Load:
    """So many clients of one shop, each with a chance of its own from the drill's seed."""

    def __init__(self, merchant: Settings, people: Sequence[Payer], history: History,
                 seed: int, clients: int, pace_s: float) -> None:  # fmt: skip
        self.merchant, self.people, self.history = merchant, people, history
        self.codes: queue.Queue[tuple[Payer, str]] = queue.Queue(maxsize=40)
        self.pace_s, self._over = pace_s, threading.Event()
        chances = [random.Random(f"{seed}:{number}") for number in range(clients)]  # noqa: S311
        self._threads = [threading.Thread(target=self._issue, daemon=True)]
        self._threads += [
            threading.Thread(target=self._pay, args=(chance,), daemon=True) for chance in chances
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each client finish what it has asked for."""
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=TRIES * (self.merchant.timeout_s + PAUSE_S))

    def _issue(self) -> None:
        """Keep phones in codes' seeds; while the database is away there are those it has."""
        number, seen = 0, set[str]()
        while not self._over.is_set():
            person = self.people[number % len(self.people)]
            number += 1
            try:
                close_old_connections()
                grants = wallet.issue_aliases(device_id=person.device_id)
            except (DatabaseError, SaomaError):
                connection.close()
                time.sleep(PAUSE_S)
                continue
            # One of each in turn: who pays many times in a row is asked for the PIN.
            fresh = next((grant.alias for grant in grants if grant.alias not in seen), None)
            if fresh is None:
                time.sleep(0.01)
                continue
            seen.add(fresh)
            self._offer(person, fresh)

    def _offer(self, person: Payer, alias: str) -> None:
        while not self._over.is_set():
            with contextlib.suppress(queue.Full):
                self.codes.put((person, alias), timeout=0.5)
                return

    def _pay(self, chance: random.Random) -> None:
        client = Client(self.merchant)
        while not self._over.is_set():
            try:
                person, alias = self.codes.get(timeout=0.5)
            except queue.Empty:
                continue
            order, amount_minor = f"C{chance.getrandbits(96):x}", chance.randint(1, MOST_MINOR)
            step = paycode.step_at((clock.now()).timestamp())
            otp = paycode.one_time_password(person.device_key, alias, step)
            code = paycode.compose_offline(
                prefix=settings.SAOMA_PAYCODE_PREFIX, alias=alias, otp=otp
            )
            facts = {"out_trade_no": order, "total_amount": _yuan(amount_minor), "subject": "c",
                     "scene": "bar_code", "auth_code": code}  # fmt: skip
            outcome = self._ask(client, "alipay.trade.pay", facts, "payment", "", amount_minor)
            if outcome is Told.DONE and chance.random() < REFUNDS:
                part_minor, number = chance.randint(1, amount_minor), f"R{order}"
                facts = {"out_trade_no": order, "refund_amount": _yuan(part_minor),
                         "out_request_no": number}  # fmt: skip
                self._ask(client, "alipay.trade.refund", facts, "refund", number, part_minor)
            self._over.wait(self.pace_s)

    def _ask(self, client: Client, method: str, facts: dict[str, str], kind: str,
             number: str, amount_minor: int) -> Told:  # fmt: skip
        """Ask, and ask again word for word while nobody knows; keep the last answer."""
        outcome, why, tries = Told.UNKNOWN, "", 0
        while outcome is Told.UNKNOWN and tries < TRIES:
            tries += 1
            outcome, why = _told(client, method, facts)
            if outcome is Told.UNKNOWN:
                time.sleep(PAUSE_S)
        self.history.tell(
            kind=kind,
            order=facts["out_trade_no"],
            request_no=number,
            amount_minor=amount_minor,
            told=outcome,
            tries=tries,
            why=why,
        )
        return outcome


def _told(client: Client, method: str, facts: dict[str, str]) -> tuple[Told, str]:
    try:
        answer: Answer = client.call(method, **facts)
    except (NoAnswer, BadSignature) as error:
        return Told.UNKNOWN, type(error).__name__
    # Paid already: a repeat after its first answer was lost.
    if answer.succeeded or answer.sub_code == "ACQ.TRADE_HAS_SUCCESS":
        return Told.DONE, ""
    if answer.code in UNSURE or answer.sub_code in _BUSY:
        return Told.UNKNOWN, answer.sub_code or answer.code
    return Told.REFUSED, answer.sub_code or answer.code


def _yuan(amount_minor: int) -> str:
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
