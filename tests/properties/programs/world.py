"""The cast of a program, what its books say now, and the proofs of them."""

import itertools
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Sum

from config.kernel import clock
from merchants.exchange import queries as exchange
from merchants.exposure.queries import accounts_of
from merchants.onboarding.models import Merchant
from merchants.payouts.models import LIVE, Payout
from merchants.settlement.models import SettlementBatch, SettlementLine
from tests.factories.accounts import make_user
from tests.factories.exchange import Abroad
from tests.factories.funding import make_saver
from tests.factories.settlement import make_merchant, make_payer, noon
from tests.factories.splits import bind, seller_of
from tests.factories.transit import Metro, Rider
from tests.properties.programs import model as names
from tests.properties.programs.model import Model
from wallet.accounts.models import WalletUser
from wallet.funding.models import CreditLine
from wallet.ledger import queries as ledger
from wallet.ledger.models import Account, Entry, UnfoldedAmount
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Payment, PaymentCode
from wallet.payments.values import PayRequest

PEOPLE = 4
RATES_BPS = (60, 38)
SAVERS = 2
START_MINOR = 3_000_00
SAVED_MINOR = 300_00
DEALS_MINOR = 50_000_00


class Violation(AssertionError):
    """The books and the model disagree, or an invariant is broken."""


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
        """What the books say now of each of the model's pots."""
        books = _Books()
        figures = {
            names.POSITION_CNY: -books.posted(exchange.position("CNY")),
            names.POSITION_EUR: -books.posted(exchange.position("EUR")),
            names.ABROAD: books.posted(exchange.foreign_account(self.abroad.shop, "EUR")),
            names.SHOPS: sum(books.gross(shop) for shop in (*self.shops, self.metro.merchant))
            + books.posted(self.partner.available_account_id),
            "deals": books.posted(self.deal_buyer.available_account_id)
            + books.gross(self.deal_shop)
            + books.gross(self.deal_partner)
            + books.of_prefix("escrow:"),
        }
        for number, person in enumerate(self.people):
            figures[names.wallet(number)] = books.worth(person)
            figures[names.held(number)] = books.held.get(person.available_account_id, 0)
        owed = dict(CreditLine.objects.values_list("user_id", "owed_minor"))
        for number, saver in enumerate(self.savers):
            saved_minor = books.posted(ledger.account_id(f"user:{saver.id}:savings"))
            both_minor = books.posted(saver.available_account_id) + saved_minor
            figures[names.saved(number)] = saved_minor
            figures[names.worth(number)] = both_minor - owed.get(saver.id, 0)
        for number, packet_id in enumerate(self.packets):
            figures[names.packet(number)] = books.posted(ledger.account_id(f"packet:{packet_id}"))
        return figures

    def owes(self, person: int) -> bool:
        """Whether a person owes us for a ride, so that the wallet's balance is not all."""
        code = f"asset:arrears:{self.people[person].id}"
        row = Account.objects.filter(code=code).first()
        return row is not None and row.posted_minor > 0

    def check(self) -> None:
        """I1 to I4 for everybody on stage, and each pot as the model has it.

        Raises:
            Violation: something does not hold.
        """
        told = self.figures()
        differ = {
            name: (self.model.pots[name], figure)
            for name, figure in told.items()
            if self.model.pots[name] != figure
        }
        if differ:
            raise Violation(f"model and books differ (model, books): {differ}")
        if any(ledger.trial_balance().values()):
            raise Violation(f"the trial balance is {ledger.trial_balance()}")
        if self.model.total() or self.model.total("EUR"):
            raise Violation("the model made or lost money")

    def prove(self) -> None:
        """The whole proof: the ledger's own, and I5, I6 and I7 over all records.

        Raises:
            Violation: something does not hold.
        """
        breaks = [check for check in verify_ledger().checks if not check.passed]
        if breaks:
            raise Violation(f"the ledger's proof: {breaks}")
        _prove_trades()
        self._prove_fees()
        self._prove_history()
        paid_by = Counter(Payment.objects.exclude(code_id=None).values_list("code_id", flat=True))
        if paid_by and max(paid_by.values()) > 1:
            raise Violation("I7: a code paid twice")
        if PaymentCode.objects.filter(id__in=list(paid_by), state="ISSUED").exists():
            raise Violation("I7: a code that has paid may pay again")
        for line in CreditLine.objects.annotate(told=Sum("entries__change_minor")):
            if line.owed_minor != (line.told or 0):
                raise Violation(f"the lender's book says {line.told}, the line {line.owed_minor}")

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


def _prove_trades() -> None:
    """I5: what a trade's refunds say comes to what it says itself, and never to more than it."""
    for trade in Payment.objects.annotate(back=Sum("refunds__amount_minor")):
        paid_minor = trade.amount_minor if trade.paid_at else 0
        if trade.refunded_minor != (trade.back or 0) or trade.refunded_minor > paid_minor:
            raise Violation(f"I5: trade {trade.number}: {trade.refunded_minor} of {paid_minor}")


class _Books:
    """All accounts of a world in two statements."""

    def __init__(self) -> None:
        waiting = dict(
            UnfoldedAmount.objects.order_by()
            .values_list("account_id")
            .annotate(Sum("change_minor"))
        )
        self.balances: dict[uuid.UUID, int] = {}
        self.held: dict[uuid.UUID, int] = {}
        self.codes: dict[str, int] = {}
        rows = Account.objects.values_list(
            "id", "code", "posted_minor", "held_minor", "floor_minor"
        )
        for account_id, code, posted_minor, held_minor, floor_minor in rows:
            balance_minor = int(posted_minor + waiting.get(account_id, 0))
            self.balances[account_id] = self.codes[code] = balance_minor
            self.held[account_id] = held_minor
            if floor_minor is not None and balance_minor - held_minor < floor_minor:
                raise Violation(f"I4: {code} is at {balance_minor - held_minor}")
        batches = SettlementBatch.objects.filter(calculated_at__isnull=False).order_by()
        self.fees = dict(batches.values_list("merchant_id").annotate(Sum("fee_minor")))
        payouts = Payout.objects.filter(state__in=LIVE).order_by()
        self.payouts = dict(payouts.values_list("merchant_id").annotate(Sum("amount_minor")))

    def posted(self, account_id: uuid.UUID) -> int:
        return self.balances.get(account_id, 0)

    def gross(self, merchant: Merchant) -> int:
        """What a merchant has sold for and not given back, wherever it is by now."""
        pending, payable, balance, receivable = map(self.posted, accounts_of(merchant))
        gone = self.fees.get(merchant.id, 0) + self.payouts.get(merchant.id, 0)
        return pending + payable + balance - receivable + int(gone)

    def worth(self, person: WalletUser) -> int:
        """A wallet less what its person owes us."""
        arrears = self.codes.get(f"asset:arrears:{person.id}", 0)
        return self.posted(person.available_account_id) - arrears

    def of_prefix(self, prefix: str) -> int:
        return sum(figure for code, figure in self.codes.items() if code.startswith(prefix))
