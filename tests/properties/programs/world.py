"""The cast of a program, what its books say now, and the proofs of them."""

import itertools
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import connection

from config.kernel import clock, transactions
from config.kernel.outbox import relay
from merchants.exchange import queries as exchange
from merchants.exposure.queries import accounts_of
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementLine
from tests.factories.accounts import make_user
from tests.factories.coupons import make_campaign
from tests.factories.exchange import Abroad
from tests.factories.funding import make_saver
from tests.factories.settlement import make_merchant, make_payer, noon
from tests.factories.splits import bind, seller_of
from tests.factories.transit import Metro, Rider
from tests.properties.programs import model as names
from tests.properties.programs.books import Books, Violation, check_no_health
from tests.properties.programs.model import Model
from wallet.accounts.models import WalletUser
from wallet.ledger.models import Entry
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.values import PayRequest

PEOPLE = 4
RATES_BPS = (60, 38)
SAVERS = 2
START_MINOR = 3_000_00
SAVED_MINOR = 300_00
DEALS_MINOR = 50_000_00
CAMPAIGNS = 60


@dataclass(frozen=True)
class Till:
    """A merchant as those see it who sell in its name."""

    id: uuid.UUID
    account_id: uuid.UUID
    name: str


class World:
    """Four people (one rides the metro), two savers, two shops, a partner, a shop abroad,
    and buyers of deals with a shop of their own."""

    def __init__(self) -> None:
        noon()
        self.model = Model()
        self.numbers = itertools.count(1)
        self.people = [make_payer(START_MINOR) for _ in range(PEOPLE)]
        self.savers = [
            make_saver(balance_minor=START_MINOR, saved_minor=SAVED_MINOR) for _ in range(SAVERS)
        ]
        self.metro = Metro()
        self.rider = Rider(self.people[0])
        self.taps = itertools.count(1)
        self.shops = [make_merchant(fee_bps=rate_bps) for rate_bps in RATES_BPS]
        self.partner = make_user()
        self.abroad = Abroad(buyer=self.people[1], shop=make_merchant())
        for shop in self.shops:
            seller_of(shop)
            bind(shop, self.partner)
        self.deal_shop, self.deal_buyer = make_merchant(), make_payer(DEALS_MINOR)
        self.deal_partner = make_merchant()
        seller_of(self.deal_shop)
        for person in range(PEOPLE):
            self.model.move(names.BANK, names.wallet(person), START_MINOR)
        for saver in range(SAVERS):
            self.model.move(names.BANK, names.worth(saver), START_MINOR + SAVED_MINOR)
            self.model.pots[names.saved(saver)] = SAVED_MINOR
        self.model.move(names.BANK, "deals", DEALS_MINOR)
        self.packets: list[uuid.UUID] = []
        self.campaigns = [
            make_campaign(
                f"C-{number}",
                from_minor=5_01,
                budget_minor=10_000_00,
                stacks=number > 0,
                ends_at=clock.now() + timedelta(days=20),
            )
            for number in range(CAMPAIGNS)
        ]
        self.books = Books()
        self.earlier: dict[Any, tuple[object, ...]] = {}

    def till(self, merchant: Merchant) -> Till:
        """A merchant as the wallet's use cases name it."""
        return Till(merchant.id, accounts_of(merchant).pending, merchant.name)

    def order(self, merchant: Merchant, amount_minor: int) -> PayRequest:
        """What a merchant sells."""
        return PayRequest(
            payee_id=merchant.id,
            payee_account_id=accounts_of(merchant).pending,
            payee_owner_id=merchant.owner_id,
            payee_name=merchant.name,
            payee_zone=merchant.zone,
            reference=f"sale-{next(self.numbers)}",
            description="random",
            amount_minor=amount_minor,
            currency="CNY",
            expires_at=clock.now() + timedelta(minutes=5),
            details={},
        )

    def figures(self) -> Mapping[str, int]:
        """What the books said after the last step of each of the model's pots."""
        books, foreign = self.books, exchange.foreign_account_code(self.abroad.shop, "EUR")
        deal_buyer, partner = wallet_code(self.deal_buyer), wallet_code(self.partner)
        figures = {
            names.PROMOTION: -books.posted("expense:promo"),
            names.POSITION_CNY: -books.posted("fx:position:CNY"),
            names.POSITION_EUR: -books.posted("fx:position:EUR"),
            names.ABROAD: books.posted(foreign),
            names.SHOPS: sum(self._gross(shop) for shop in (*self.shops, self.metro.merchant))
            + books.posted(partner),
            "deals": books.posted(deal_buyer)
            + self._gross(self.deal_shop)
            + self._gross(self.deal_partner)
            + books.of_prefix("escrow:"),
        }
        for number, person in enumerate(self.people):
            arrears_minor = books.posted(f"asset:arrears:{person.id}")
            figures[names.wallet(number)] = books.posted(wallet_code(person)) - arrears_minor
            figures[names.held(number)] = books.held.get(wallet_code(person), 0)
        for number, saver in enumerate(self.savers):
            saved_minor = books.posted(f"user:{saver.id}:savings")
            both_minor = books.posted(wallet_code(saver)) + saved_minor
            figures[names.saved(number)] = saved_minor
            figures[names.worth(number)] = both_minor - books.owed.get(saver.id, 0)
        for number, packet_id in enumerate(self.packets):
            figures[names.packet(number)] = books.posted(f"packet:{packet_id}")
        return figures

    def _gross(self, merchant: Merchant) -> int:
        """What a merchant has sold for and not given back, wherever it is by now."""
        books = self.books
        pots = ("pending", "payable", "balance")
        posted_minor = sum(books.posted(f"merchant:{merchant.id}:{pot}") for pot in pots)
        owed_minor = books.posted(f"asset:merchant_receivable:{merchant.id}")
        gone_minor = books.fees.get(merchant.id, 0) + books.payouts.get(merchant.id, 0)
        return posted_minor - owed_minor + gone_minor

    def owes(self, person: int) -> bool:
        """Whether a person owes us for a ride, so that the wallet's balance is not all."""
        return self.books.posted(f"asset:arrears:{self.people[person].id}") > 0

    def check(self) -> None:
        """I1 to I7 over what the step wrote, and each pot as the model has it.

        Raises:
            Violation: something does not hold.
        """
        self.books.read()
        differ = {
            name: (self.model.pots[name], figure)
            for name, figure in self.figures().items()
            if self.model.pots[name] != figure
        }
        if differ:
            raise Violation(f"model and books differ (model, books): {differ}")
        if self.model.total() or self.model.total("EUR"):
            raise Violation("the model made or lost money")

    def prove(self) -> None:
        """The whole proof, from the first entry on: the ledger's own, fees, and history.

        Raises:
            Violation: something does not hold.
        """
        breaks = [check for check in verify_ledger().checks if not check.passed]
        if breaks:
            raise Violation(f"the ledger's proof: {breaks}")
        Books().read()
        check_no_health()
        self._prove_fees()
        self._prove_history()

    def _prove_fees(self) -> None:
        """Each sale of the shops that is settled was charged its own rate, half a fen up."""
        for shop, rate_bps in zip(self.shops, RATES_BPS, strict=True):
            lines = SettlementLine.objects.filter(batch__merchant=shop, kind="PAYMENT")
            for amount_minor, fee_minor in lines.values_list("amount_minor", "fee_minor"):
                if fee_minor != (2 * amount_minor * rate_bps + 10_000) // 20_000:
                    raise Violation(f"a fee of {fee_minor} for {amount_minor} at {rate_bps}")

    def _prove_history(self) -> None:
        """I6: every entry of the last proof is there as it was."""
        rows = Entry.objects.values_list("id", "journal_id", "account_id", "side", "amount_minor")
        now: dict[Any, tuple[object, ...]] = {row[0]: row[1:] for row in rows}
        changed = [key for key, entry in self.earlier.items() if now.get(key) != entry]
        if changed:
            raise Violation(f"I6: entries changed: {changed[:5]}")
        self.earlier = dict(now)


def wallet_code(person: WalletUser) -> str:
    """The code of a person's available account."""
    return f"user:{person.id}:available"


@contextmanager
def as_outermost() -> Iterator[None]:
    """Let each use case be a transaction of its own, although the world is one.

    What it refuses it undoes, as where nothing is around it; here to a savepoint.
    """
    depth = len(connection.savepoint_ids)

    class Outermost:
        @property
        def in_atomic_block(self) -> bool:
            return len(connection.savepoint_ids) > depth

        def __getattr__(self, name: str) -> object:
            return getattr(connection, name)

    outermost = Outermost()
    with (
        mock.patch.object(transactions, "connection", outermost),
        mock.patch.object(relay, "connection", outermost),
    ):
        yield
