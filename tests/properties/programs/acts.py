"""The operations of a program: each does something to the product and to the model.

An act gives the code of a refusal, or OK. Where an act was carried out although the model
says that the money is not there, or was refused for want of money that is there, the
comparison of the books, or the act itself, tells.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from config.kernel import clock
from config.kernel.errors import SaomaError
from config.kernel.outbox import relay
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.refund import refund_trade
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.settle_batch import settle_batch
from merchants.transit.usecases.charge_rides import run_due as charge_rides
from merchants.transit.values import Direction
from tests.factories.accounts import PIN
from tests.factories.agreements import debit, make_agreement
from tests.factories.authorisations import agreed, capture, unfreeze
from tests.factories.clock import advance, later
from tests.factories.splits import refund_with, seller_of, split
from tests.factories.transit import EAST, WEST
from tests.properties.programs import deal_acts
from tests.properties.programs import model as names
from tests.properties.programs.books import Violation
from tests.properties.programs.coupon_acts import returned_to_house, use_coupons
from tests.properties.programs.model import Freeze, Trade
from tests.properties.programs.parking_acts import park
from tests.properties.programs.people_acts import pack, share_bill, unpack
from tests.properties.programs.program import OK, Program, Row
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.agreements.values import Terms
from wallet.funding.models import CreditLine, LoanEntry
from wallet.funding.usecases.repay_debt import repay_debt
from wallet.funding.usecases.save_money import move_savings
from wallet.funding.values import SavingsKind
from wallet.ledger.usecases.roll_up_accounts import roll_up_accounts
from wallet.payments.models import Payment
from wallet.payments.usecases.cancel_payment import cancel_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.issue_codes import issue_fresh_code
from wallet.payments.usecases.pay_by_code import pay_by_code
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import PaymentView


def pay(program: Program) -> None:
    """A shop scans a person's code."""
    world, person = program.world, program.person()
    shop, amount_minor = program.chance.choice(world.shops), program.amount()
    request = world.order(shop, amount_minor)
    code = issue_fresh_code(user_id=world.people[person].id).code

    def act() -> Any:
        return pay_by_code(request=request, code=code)

    outcome = program.expect(program.fits(person, amount_minor), act)
    program.again.append(act)
    _paid(program, outcome.payment, shop, names.wallet(person))


def repeat(program: Program) -> None:
    """Something asked before is asked again, word for word: nothing moves."""
    if program.again:
        program.chance.choice(program.again[-20:])()


def order(program: Program) -> None:
    """A shop makes an order that waits to be confirmed."""
    shop, amount_minor = program.chance.choice(program.world.shops), program.amount()
    view = create_payment(request=program.world.order(shop, amount_minor)).payment
    program.trades.append((Trade("", amount_minor), view, shop))


def confirm(program: Program) -> None:
    """A person confirms one of the orders that wait."""
    waiting = [row for row in program.trades if not row[0].paid and not row[0].closed]
    if not waiting:
        return
    trade, view, _ = program.chance.choice(waiting)
    person = program.person()

    def act() -> Any:
        payer_id = program.world.people[person].id
        return confirm_payment(payment_id=view.id, payer_id=payer_id, pin=PIN)

    try:
        program.expect(program.fits(person, trade.amount_minor), act)
    except SaomaError:
        trade.closed = Payment.objects.get(id=view.id).status == "CLOSED"
        raise
    trade.payer, trade.paid = names.wallet(person), True
    program.model.move(trade.payer, names.SHOPS, trade.amount_minor)


def _paid(program: Program, view: PaymentView, shop: Merchant, payer: str) -> None:
    trade = Trade(payer, view.amount_minor, paid=True)
    program.model.move(payer, names.SHOPS, view.amount_minor)
    program.trades.append((trade, view, shop))


def _some_paid(program: Program) -> Row | None:
    rows = [row for row in program.trades[-60:] if row[0].paid and not row[0].closed]
    return program.chance.choice(rows) if rows else None


def refund(program: Program) -> None:
    """A shop gives back some of a trade, or more than there is."""
    row = _some_paid(program)
    if row is None:
        return
    trade, view, shop = row
    amount_minor = program.amount()
    number = f"back-{next(program.world.numbers)}"

    def act() -> Any:
        return refund_trade(
            seller=seller_of(shop), amount_minor=amount_minor, number=view.number, request_no=number
        )

    act()
    program.again.append(act)
    _given_back(program, trade, view, amount_minor)


def refund_shared(program: Program) -> None:
    """A shop gives back some of a trade, its partner's share in proportion."""
    row = _some_paid(program)
    if row is None:
        return
    trade, view, shop = row
    amount_minor = program.amount()
    refund_with(shop, view, program.world.partner, amount_minor)
    _given_back(program, trade, view, amount_minor)


def _given_back(program: Program, trade: Trade, view: PaymentView, amount_minor: int) -> None:
    if trade.refunded_minor + amount_minor > trade.amount_minor:
        raise Violation(f"{view.number}: more is given back than was paid")
    trade.refunded_minor += amount_minor
    trade.closed = trade.refunded_minor == trade.amount_minor
    house_minor = returned_to_house(trade, amount_minor)
    program.model.move(names.SHOPS, names.PROMOTION, house_minor)
    program.model.move(names.SHOPS, trade.payer, amount_minor - house_minor)
    if trade.payer.startswith("worth"):
        _return_to_sources(program, trade, amount_minor)


def cancel(program: Program) -> None:
    """A shop undoes a trade it is in doubt about."""
    if not program.trades:
        return
    trade, view, shop = program.chance.choice(program.trades[-60:])
    if program.chance.random() < 0.5:
        cancel_trade(seller=seller_of(shop), number=view.number)
    else:
        cancel_payment(payment_id=view.id)
    if trade.paid and not trade.closed:
        _given_back(program, trade, view, trade.amount_minor - trade.refunded_minor)
    trade.closed = True


def share(program: Program) -> None:
    """A shop gives its partner a part of a trade: both are in one pot."""
    row = _some_paid(program)
    if row is not None:
        split(row[2], row[1], program.world.partner, program.amount(20_00))


def freeze(program: Program) -> None:
    """A hotel's deposit, agreed to with the PIN and set aside."""
    world, person, amount_minor = program.world, program.person(), program.amount()
    shop = program.chance.choice(world.shops)

    def act() -> Any:
        return agreed(world.till(shop), world.people[person], amount_minor, waiver=False)  # type: ignore[arg-type]

    view = program.expect(program.fits(person, amount_minor), act)
    program.model.pots[names.held(person)] += amount_minor
    program.freezes[view.id] = (Freeze(person, amount_minor), view, shop)


def capture_freeze(program: Program) -> None:
    """The hotel takes some of it, and at times gives back the rest."""
    row = _some_freeze(program)
    if row is None:
        return
    freeze_model, view, shop = row
    amount_minor, whole = program.amount(), program.chance.random() < 0.5
    outcome = capture(program.world.till(shop), view, amount_minor, complete=whole)  # type: ignore[arg-type]
    if amount_minor > freeze_model.left_minor:
        raise Violation(f"{view.number}: more is captured than was set aside")
    _take(program, freeze_model, amount_minor)
    _paid(program, outcome.payment, shop, names.wallet(freeze_model.person))


def release_freeze(program: Program) -> None:
    """The hotel gives some of it back."""
    row = _some_freeze(program)
    if row is None:
        return
    freeze_model, view, _ = row
    amount_minor = program.amount()
    unfreeze(view, amount_minor)
    if amount_minor > freeze_model.left_minor:
        raise Violation(f"{view.number}: more is released than was set aside")
    _take(program, freeze_model, amount_minor)


def _take(program: Program, freeze_model: Freeze, amount_minor: int) -> None:
    freeze_model.left_minor -= amount_minor
    program.model.pots[names.held(freeze_model.person)] -= amount_minor


def _some_freeze(program: Program) -> tuple[Freeze, Any, Merchant] | None:
    rows = list(program.freezes.values())
    return program.chance.choice(rows) if rows else None


def transfer(program: Program) -> None:
    """One person sends another money."""
    payer, payee = program.person(), program.person()
    amount_minor, key = program.amount(), f"t-{next(program.world.numbers)}"

    def act() -> Any:
        return transfer_money(
            key=key,
            payer_id=program.world.people[payer].id,
            payee_phone=program.world.people[payee].phone,
            amount_minor=amount_minor,
            pin=PIN,
        )

    program.expect(program.fits(payer, amount_minor), act)
    program.again.append(act)
    program.model.move(names.wallet(payer), names.wallet(payee), amount_minor)


def debit_agreed(program: Program) -> None:
    """A car park debits a person under an agreement, signed when there is none yet."""
    world = program.world
    if not program.agreements or program.chance.random() < 0.1:
        person, shop = program.person(), program.chance.choice(world.shops)
        terms = Terms(single_minor=20_00)
        till = world.till(shop)
        view = make_agreement(till, world.people[person], terms)  # type: ignore[arg-type]
        program.agreements.append((person, view))
        return
    person, view = program.chance.choice(program.agreements)
    amount_minor = program.amount(25_00)
    outcome = program.expect(program.fits(person, amount_minor), lambda: debit(view, amount_minor))
    shop = next(shop for shop in world.shops if shop.id == view.payee_id)
    _paid(program, outcome.payment, shop, names.wallet(person))


def top_up(program: Program) -> None:
    """A person asks the bank for money; how it answers hangs on the amount."""
    person, amount_minor = program.person(), program.amount(150_00)
    key = str(next(program.world.numbers))
    user_id = program.world.people[person].id
    row, _ = request_topup(user_id=user_id, key=key, amount_minor=amount_minor)
    program.instructions[row.id] = (person, amount_minor)


def withdraw(program: Program) -> None:
    """A person sends money to the bank, which may send it back."""
    person, amount_minor = program.person(), program.amount()
    key = str(next(program.world.numbers))

    def act() -> Any:
        user_id = program.world.people[person].id
        return request_withdrawal(user_id=user_id, key=key, amount_minor=amount_minor, pin=PIN)[0]

    row = program.expect(program.fits(person, amount_minor), act)
    program.instructions[row.id] = (person, amount_minor)
    if row.state == "REVIEW":
        # What waits for a reviewer stays set aside; nobody reviews here.
        program.model.pots[names.held(person)] += amount_minor
    else:
        program.model.move(names.wallet(person), names.BANK, amount_minor)


def save(program: Program) -> None:
    """A saver moves money into savings or out of them, or repays the lender."""
    model, saver = program.model, program.chance.randrange(len(program.world.savers))
    user, amount_minor = program.world.savers[saver], program.amount()
    key, kind = (
        str(next(program.world.numbers)),
        program.chance.choice(["DEPOSIT", "REDEEM", "pay"]),
    )
    if kind == "pay":
        repay_debt(user_id=user.id, key=key, amount_minor=amount_minor)
        return
    in_balance = _balance(program, saver)
    fits = amount_minor <= (in_balance if kind == "DEPOSIT" else model.pots[names.saved(saver)])

    def act() -> Any:
        return move_savings(
            user_id=user.id, key=key, kind=SavingsKind(kind), amount_minor=amount_minor
        )

    program.expect(fits, act)
    model.pots[names.saved(saver)] += amount_minor if kind == "DEPOSIT" else -amount_minor


def _balance(program: Program, saver: int) -> int:
    """What a saver's balance must be: what they are worth, less savings, and what is owed."""
    owed_minor = CreditLine.objects.get(user_id=program.world.savers[saver].id).owed_minor
    model = program.model
    return model.pots[names.worth(saver)] - model.pots[names.saved(saver)] + owed_minor


def pay_from_sources(program: Program) -> None:
    """A saver pays: the balance first, then savings, then the lender, all or nothing."""
    world, saver = program.world, program.chance.randrange(len(program.world.savers))
    user, shop = world.savers[saver], program.chance.choice(world.shops)
    saved, amount_minor = names.saved(saver), program.amount(900_00)
    line = CreditLine.objects.get(user_id=user.id)
    balance_minor, saved_minor = _balance(program, saver), program.model.pots[saved]
    credit_minor = line.limit_minor - line.owed_minor if line.state == "ACTIVE" else 0
    request = world.order(shop, amount_minor)
    view = create_payment(request=request, payer_id=user.id).payment

    def act() -> Any:
        return confirm_payment(payment_id=view.id, payer_id=user.id, pin=PIN)

    fits = amount_minor <= balance_minor + saved_minor + max(0, credit_minor)
    program.expect(fits, act)
    from_savings = min(saved_minor, max(0, amount_minor - balance_minor))
    program.model.pots[saved] -= from_savings
    _paid(program, view, shop, names.worth(saver))
    trade = program.trades[-1][0]
    trade.saved_minor = from_savings
    trade.credit_minor = max(0, amount_minor - balance_minor - from_savings)


def _return_to_sources(program: Program, trade: Trade, amount_minor: int) -> None:
    """The lender first, for what it is still owed; savings get what they gave; then the balance.

    How much it is still owed is the lender's own book's to say.
    """
    saver = int(trade.payer.removeprefix("worth "))
    refunds = LoanEntry.objects.filter(line_id=program.world.savers[saver].id, event="REFUND")
    lowered_minor = -sum(refunds.values_list("change_minor", flat=True))
    to_lender_minor = lowered_minor - program.lowered.get(saver, 0)
    program.lowered[saver] = lowered_minor
    if to_lender_minor > min(trade.credit_minor, amount_minor):
        raise Violation("the lender got back more than it had given")
    trade.credit_minor -= min(trade.credit_minor, amount_minor)
    to_savings_minor = min(amount_minor - to_lender_minor, trade.saved_minor)
    trade.saved_minor -= to_savings_minor
    program.model.pots[names.saved(saver)] += to_savings_minor


def buy_abroad(program: Program) -> None:
    """A tourist pays in yuan what the shop gets in euros, or the shop gives some back."""
    world, model, amount_minor = program.world, program.model, program.amount(5_00)
    if program.abroad and program.chance.random() < 0.5:
        name = program.chance.choice(list(program.abroad))
        paid, euros, back_minor, back_euros = program.abroad[name]
        row = world.abroad.refund(amount_minor, f"r{next(world.numbers)}", name)
        whole_minor = paid * (back_euros + amount_minor)
        due_minor = (2 * whole_minor + euros) // (2 * euros) - back_minor
        if back_euros + amount_minor > euros or abs(row.returned_minor - due_minor) > 1:
            raise Violation(f"{name}: {row.returned_minor} comes back for {amount_minor}")
        program.abroad[name] = [
            paid,
            euros,
            back_minor + row.returned_minor,
            back_euros + amount_minor,
        ]
        model.move(names.POSITION_CNY, names.wallet(1), row.returned_minor)
        model.move(names.ABROAD, names.POSITION_EUR, amount_minor)
        return
    name = f"fx-{next(world.numbers)}"
    quote = world.abroad.quote(amount_minor, name)
    fits = program.fits(1, quote.paid_minor)
    program.expect(fits, lambda: world.abroad.take(quote, key=name))
    program.abroad[name] = [quote.paid_minor, amount_minor, 0, 0]
    model.move(names.wallet(1), names.POSITION_CNY, quote.paid_minor)
    model.move(names.POSITION_EUR, names.ABROAD, amount_minor)


def ride(program: Program) -> None:
    """The rider passes one gate or two; the fare is charged whenever the job runs."""
    world = program.world
    if program.chance.random() < 0.1:
        world.rider.renew()
    at, both = clock.now(), program.chance.random() < 0.8
    first, second = next(world.taps), next(world.taps)
    world.metro.upload(WEST, world.rider.tap(WEST, Direction.ENTRY, at, sequence=first))
    if both:
        exit_at = at + timedelta(seconds=90)
        world.metro.upload(EAST, world.rider.tap(EAST, Direction.EXIT, exit_at, sequence=second))
    later(seconds=120)
    charge_rides(now=clock.now())


def deal(program: Program) -> None:
    """Somebody does something with a deal, under any policy."""
    world = program.world
    reference = f"deal-{next(world.numbers)}"
    deal_acts.do(program.chance, world.deal_shop, world.deal_partner, world.deal_buyer, reference)
    relay.drain()


def settle(program: Program) -> None:
    """An operator settles a day before its cut-off job does."""
    rows = list(SettlementBatch.objects.filter(state="OPEN").order_by("id")[:8])
    if rows:
        settle_batch(batch_id=program.chance.choice(rows).id)


def deliver(program: Program) -> None:
    """The relay delivers what waits, and the sums of hot accounts are rolled up."""
    relay.drain()
    if program.chance.random() < 0.3:
        roll_up_accounts()


def wait(program: Program) -> None:
    """Time passes and what falls due is done: minutes, hours, at times days."""
    minutes = program.chance.choice([1, 1, 6, 6, 30, 120, 600, 1500])
    advance(minutes=minutes)
    for trade, view, _ in program.trades[-40:]:
        if not trade.paid and not trade.closed:
            trade.closed = Payment.objects.get(id=view.id).status == "CLOSED"


def pass_moment(program: Program) -> None:
    """Half a minute passes and nothing is done."""
    later(seconds=30)


ACTS: dict[str, tuple[int, Callable[[Program], None]]] = {
    "pay by code": (12, pay),
    "ask again": (5, repeat),
    "order": (6, order),
    "confirm": (8, confirm),
    "refund": (8, refund),
    "refund with shares": (2, refund_shared),
    "cancel": (3, cancel),
    "split": (4, share),
    "hold": (4, freeze),
    "capture": (4, capture_freeze),
    "void": (3, release_freeze),
    "transfer": (6, transfer),
    "agreement debit": (5, debit_agreed),
    "parking": (5, park),
    "top-up": (6, top_up),
    "withdrawal": (4, withdraw),
    "red packet": (3, pack),
    "take a share": (6, unpack),
    "split bill": (5, share_bill),
    "savings": (4, save),
    "funding waterfall": (3, pay_from_sources),
    "exchange": (5, buy_abroad),
    "coupons": (5, use_coupons),
    "transit": (3, ride),
    "deal": (5, deal),
    "settle": (1, settle),
    "deliver": (4, deliver),
    "wait": (2, wait),
    "a moment": (6, pass_moment),
}
# What may end something by itself.
WITH_TIME = frozenset({"wait", "transit", "capture", "void"})
NAMES = list(ACTS)
WEIGHTS = [weight for weight, _ in ACTS.values()]


def step(program: Program) -> tuple[str, str]:
    """Do one act, let time tell, and hold the books to the model; gives act and outcome."""
    name = program.chance.choices(NAMES, WEIGHTS)[0]
    program.act, outcome = name, OK
    try:
        ACTS[name][1](program)
    except SaomaError as refusal:
        outcome = refusal.code
    if name in WITH_TIME:
        program.learn()
    program.world.check()
    return name, outcome
