"""Play a planned month: the clock goes from stop to stop, and the timetable does the rest."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from config.kernel import clock
from config.kernel.errors import SaomaError, required
from config.kernel.usecases.advance_clock import advance_clock
from config.kernel.usecases.set_clock import set_clock
from lab.bench import population
from lab.month.plan import SHOPS, Act, ActKind, Plan, Sale
from lab.month.sales import Buyer, Stall, is_set_wise, pay_now, write_sales
from merchants.acceptance.usecases.refund import refund_trade
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import (
    accept_dispute,
    challenge_dispute,
    decide_dispute,
)
from merchants.disputes.usecases.open_dispute import open_dispute
from merchants.disputes.values import DisputeReason
from merchants.escrow.usecases.release_escrow import release_escrow
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from merchants.splits.usecases.bind_payees import bind_payees
from merchants.splits.usecases.split_trade import split_trade
from merchants.splits.values import Named, NamedBy, Part
from merchants.terms.usecases.set_terms import set_method_fee, set_payout_terms
from merchants.terms.values import FeeTerms, PayoutTerms, Schedule
from wallet import public as wallet

ACTOR = "operator:month"
CEILING_MINOR = 50_000_00
ONE_SECOND = timedelta(seconds=1)
# After the last business day: until the last payout is with its merchant.
AFTERMATH = timedelta(days=16)
# A week of Chinese holidays delays the first shop; the second is paid each day, and the last
# one once a week, with a rolling reserve.
TERMS = (
    PayoutTerms(delay_days=1, calendar="CN"),
    PayoutTerms(),
    PayoutTerms(schedule=Schedule.WEEKLY, schedule_day=5, reserve_bps=500, reserve_days=7),
)
# What the second shop pays for a sale is kept when it refunds.
KEPT_FEE = FeeTerms(fee_bps=45, fixed_minor=5, minimum_minor=8, kept_on_refund=True)


@dataclass
class Month:
    """A month while it is played: who takes part, what was paid, what was done and refused."""

    plan: Plan
    stalls: Sequence[Stall]
    buyers: Sequence[Buyer]
    payment_ids: dict[int, uuid.UUID] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)


def play(plan: Plan, *, first: date) -> Month:
    """Play a month in an empty world, from the eve of its first day to its last payout.

    Args:
        plan: see `plan_month`.
        first: its first business day.
    """
    settings.LAB_MODE = True
    set_clock(times=0, at=datetime.combine(first - timedelta(days=2), time(12), UTC))
    ensure_gateway_key()
    people = list(_buyers(len(SHOPS) + plan.payers))
    partners, buyers = people[: len(SHOPS)], people[len(SHOPS) :]
    stalls = [_stall(number, partner, first) for number, partner in enumerate(partners)]
    month = Month(plan, stalls, buyers)
    sales, acts = iter([*plan.sales, None]), iter([*plan.acts, None])
    sale, act = next(sales), next(acts)
    for stop in plan.stops:
        part: list[Sale] = []
        while sale is not None and sale.at < stop:
            part.append(sale)
            sale = next(sales)
        _sell(month, part, until=stop - ONE_SECOND)
        while act is not None and act.at < stop:
            _act(month, act)
            act = next(acts)
    _advance_to(clock.now() + AFTERMATH)
    return month


def _stall(number: int, partner: Buyer, first: date) -> Stall:
    """A shop that belongs to itself, with its terms; its partner shares in some sales."""
    shop = SHOPS[number]
    owner = wallet.register_user(
        phone=f"+8617900000{number:03d}",
        name=shop.name,
        password=population.PASSWORD,
        pin=population.PIN,
    )
    merchant, app, _ = onboard_sandbox_merchant(
        name=f"Month {shop.name}",
        short_name=shop.name.upper(),
        mcc="5812",
        city=shop.name.upper(),
        owner_id=owner.id,
        zone=shop.zone,
        cutoff_hour=shop.cutoff_hour,
        fee_bps=shop.fee_bps,
    )
    set_ceiling(merchant_id=merchant.id, ceiling_minor=CEILING_MINOR, actor=ACTOR)
    set_payout_terms(merchant_id=merchant.id, valid_from=first, terms=TERMS[number], actor=ACTOR)
    if number == 1:
        middle = first + timedelta(days=2)
        set_method_fee(
            merchant_id=merchant.id, method="", valid_from=middle, terms=KEPT_FEE, actor=ACTOR
        )
    user = wallet.user(partner.user_id)
    bind_payees(merchant_id=merchant.id, payees=[Named(NamedBy.NUMBER, user.user_number)])
    seller = required(app_credentials(app.app_number, fresh=True), "a stall has its app")
    return Stall(merchant, seller, user)


def _buyers(count: int) -> Iterator[Buyer]:
    for payer in population.payers(count):
        user = wallet.user(payer.user_id)
        yield Buyer(user.id, user.available_account_id, payer.device_id)


def _advance_to(moment: datetime) -> None:
    advance_clock(by=max(moment - clock.now(), timedelta()))


def _sell(month: Month, sales: Sequence[Sale], *, until: datetime) -> None:
    """Make the sales of a time in which no day ends; the clock stands at its end then."""
    if is_set_wise():
        _advance_to(until)
        plain = [sale for sale in sales if not sale.is_guaranteed]
        month.payment_ids |= write_sales(plain, buyers=month.buyers, stalls=month.stalls)
    for sale in sales:
        if sale.number not in month.payment_ids:
            _advance_to(sale.at)
            month.payment_ids[sale.number] = pay_now(
                sale, buyer=month.buyers[sale.payer], stall=month.stalls[sale.shop]
            )
    _advance_to(until)
    wallet.roll_up_accounts()
    month.done["sale"] += len(sales)


def _act(month: Month, act: Act) -> None:
    """Do what is planned; a refusal (no money left, refunded meanwhile) is counted."""
    try:
        _do(month, act)
    except SaomaError as error:
        month.done[f"{act.kind.value}: {error.code}"] += 1
    else:
        month.done[act.kind.value] += 1


def _do(month: Month, act: Act) -> None:
    sale = month.plan.sales[act.sale]
    payment = wallet.payment(month.payment_ids[act.sale])
    stall = month.stalls[sale.shop]
    request_no = f"MONTH-{act.sale}-{act.amount_minor}"
    match act.kind:
        case ActKind.REFUND:
            refund_trade(
                seller=stall.seller,
                number=payment.number,
                request_no=request_no,
                amount_minor=act.amount_minor,
            )
        case ActKind.SPLIT:
            payee = Named(NamedBy.NUMBER, stall.partner.user_number)
            split_trade(
                seller=stall.seller,
                number=payment.number,
                request_no=request_no,
                parts=[Part(payee, act.amount_minor)],
            )
        case ActKind.CONFIRM:
            release_escrow(payment_id=payment.id, request_no=request_no)
        case ActKind.DISPUTE:
            open_dispute(
                payment_id=payment.id,
                buyer_id=month.buyers[sale.payer].user_id,
                reason=DisputeReason.NOT_RECEIVED,
                text="It never came.",
            )
        case _:
            _answer(Dispute.objects.get(payment_id=payment.id).id, act.kind)


def _answer(dispute_id: uuid.UUID, kind: ActKind) -> None:
    if kind is ActKind.ACCEPT:
        accept_dispute(dispute_id=dispute_id, actor=ACTOR)
    elif kind is ActKind.CHALLENGE:
        challenge_dispute(dispute_id=dispute_id, finding="It was handed over.", actor=ACTOR)
    else:
        decide_dispute(
            dispute_id=dispute_id,
            for_buyer=kind is ActKind.DECIDE_FOR_BUYER,
            finding="By the courier's list.",
            actor=ACTOR,
        )
