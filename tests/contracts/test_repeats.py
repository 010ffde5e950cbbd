"""What has been done is answered again, whatever has become of those who did it.

The answer to a request may be lost, and its sender repeats it: later, with a PIN locked in the
meantime, by a frozen payer, to a suspended merchant, after the order's time is over. Each use
case that has a key or asks for a PIN is tried so, or says here why there is nothing to repeat.
"""

import ast
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from merchants.acceptance.usecases.capture import capture
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.debit_payer import debit_payer
from merchants.acceptance.usecases.hold import hold_by_code, request_hold
from merchants.acceptance.usecases.offer_agreement import offer_agreement
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.usecases.refund import refund_trade
from merchants.acceptance.values import Deposit
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import AppCredentials
from tests.contracts.source import ROOT
from tests.factories.accounts import PIN, make_user
from tests.factories.merchants import (
    code_of,
    credentials,
    make_app,
    make_merchant,
    make_paid_trade,
    make_sale,
)
from tests.factories.payments import later
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.usecases.suspend_agreement import resume_agreement, suspend_agreement
from wallet.agreements.values import Party, Terms
from wallet.authorisations.usecases.confirm_hold import confirm_hold
from wallet.authorisations.usecases.release_funds import release_funds
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.transfer_money import transfer_money

PRODUCT = ("wallet", "merchants", "healthcode")
KEYS = {"key", "request_no"}
JUDGES = {"check_pin", "judge_sale", "check_seller"}

Step = Callable[[str], Any]


class World:
    """A payer with money and a shop that may sell."""

    def __init__(self) -> None:
        self.payer: WalletUser = make_user(name="Li Hua", balance_minor=900_00)
        self.payee: WalletUser = make_user(name="Bob")
        self.owner: WalletUser = make_user(name="Owner", balance_minor=500_00)
        self.merchant: Merchant = make_merchant(owner_id=self.owner.id)
        self.app = make_app(self.merchant)
        self.expires_at = clock.now() + timedelta(hours=1)

    @property
    def seller(self) -> AppCredentials:
        """As the gateway sees the app now."""
        return credentials(self.app)

    def turns(self) -> None:
        """The payer is frozen, the merchant suspended, every order's time is over."""
        later(days=2)
        freeze_user(user_id=self.payer.id, actor="operator:mia", reason="a check")
        suspend_merchant(merchant_uuid=self.merchant.id, actor="operator:mia", reason="a check")

    def sale(self, **changes: Any) -> Callable[[], Any]:
        """The same sale at each call, by the app as it stands then."""
        first = make_sale(self.seller, 20_00, expires_at=self.expires_at, **changes)
        return lambda: make_sale(
            self.seller,
            20_00,
            expires_at=self.expires_at,
            reference=first.reference,
            **changes,
        )


def by_code(world: World) -> Step:
    sale, code = world.sale(), code_of(world.payer)
    return lambda pin: pay_by_code(sale=sale(), code=code).payment.id


def by_agreement(world: World) -> Step:
    offered = offer_agreement(
        seller=world.seller,
        external_no="A1",
        product="P",
        scene="S",
        terms=Terms(single_minor=50_00),
        details={},
    )
    sign_agreement(
        agreement_id=offered.id, payer_id=world.payer.id, pin=PIN, challenge=offered.challenge
    )
    sale = world.sale()
    return lambda pin: debit_payer(sale=sale(), agreement_number=offered.number).payment.id


def signing(world: World) -> Step:
    offered = offer_agreement(
        seller=world.seller,
        external_no="A2",
        product="P",
        scene="S",
        terms=Terms(single_minor=50_00),
        details={},
    )
    return lambda pin: (
        sign_agreement(
            agreement_id=offered.id, payer_id=world.payer.id, pin=pin, challenge=offered.challenge
        ).agreement.id
    )


def resuming(world: World) -> Step:
    agreement_id = signing(world)(PIN)
    suspend_agreement(agreement_id=agreement_id, by=Party.PAYER, actor="user")
    return lambda pin: (
        resume_agreement(
            agreement_id=agreement_id, payer_id=world.payer.id, pin=pin
        ).agreement.status
    )


def confirming(world: World) -> Step:
    made = create_order(sale=world.sale()(), payer_id=world.payer.id)
    return lambda pin: (
        confirm_payment(payment_id=made.payment.id, payer_id=world.payer.id, pin=pin).payment.status
    )


def deposit(world: World) -> Callable[[], Deposit]:
    return lambda: Deposit(
        seller=world.seller,
        reference="STAY1",
        request_no="FREEZE1",
        title="one night",
        amount_minor=100_00,
    )


def freezing(world: World) -> Step:
    asked, code = deposit(world), code_of(world.payer)
    return lambda pin: hold_by_code(deposit=asked(), code=code).operation.id


def agreeing(world: World) -> Step:
    asked = request_hold(deposit=deposit(world)(), payer_id=world.payer.id)
    return lambda pin: (
        confirm_hold(
            authorisation_id=asked.authorisation.id, payer_id=world.payer.id, pin=pin
        ).operation.id
    )


def capturing(world: World) -> Step:
    frozen = hold_by_code(deposit=deposit(world)(), code=code_of(world.payer))
    sale, number = world.sale(), frozen.authorisation.number
    return lambda pin: capture(sale=sale(), number=number, complete=False).payment.id


def releasing(world: World) -> Step:
    frozen = hold_by_code(deposit=deposit(world)(), code=code_of(world.payer))
    return lambda pin: (
        release_funds(
            authorisation_id=frozen.authorisation.id, request_no="BACK1", amount_minor=10_00
        ).operation.id
    )


def refunding(world: World) -> Step:
    trade = make_paid_trade(world.seller, amount_minor=20_00)
    return lambda pin: (
        refund_trade(
            seller=world.seller, amount_minor=5_00, number=trade.number, request_no="R1"
        ).refund.id
    )


def sending(world: World) -> Step:
    return lambda pin: (
        transfer_money(
            key="t1",
            payer_id=world.payer.id,
            payee_phone=world.payee.phone,
            amount_minor=5_00,
            pin=pin,
        ).transfer.id
    )


def withdrawing(world: World) -> Step:
    return lambda pin: (
        request_withdrawal(user_id=world.payer.id, key="w1", amount_minor=5_00, pin=pin)[0].id
    )


def topping_up(world: World) -> Step:
    return lambda pin: request_topup(user_id=world.payer.id, key="t1", amount_minor=5_00)[0].id


def topping_up_a_balance(world: World) -> Step:
    return lambda pin: (
        top_up_balance(merchant_uuid=world.merchant.id, key="b1", amount_minor=5_00, pin=pin)[0].id
    )


CASES: dict[str, Callable[[World], Step]] = {
    "pay_by_code": by_code,
    "debit_payer": by_agreement,
    "sign_agreement": signing,
    "resume_agreement": resuming,
    "confirm_payment": confirming,
    "hold_by_code": freezing,
    "confirm_hold": agreeing,
    "capture": capturing,
    "release_funds": releasing,
    "refund_trade": refunding,
    "transfer_money": sending,
    "request_withdrawal": withdrawing,
    "request_topup": topping_up,
    "top_up_balance": topping_up_a_balance,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_a_repeat_is_answered_as_the_first_time_whatever_has_become_of_them(name: str) -> None:
    world = World()
    act = CASES[name](world)
    first = act(PIN)
    world.turns()
    assert act("000000") == first


# Use cases that the walk below finds, and why they stand in no case of their own.
ELSEWHERE = {
    "cancel_hold": "names what is to be undone; a second time changes nothing",
    "certify_at_page": "a sign-in of its own each time; the answer to the app is kept",
    "close_user": "asks for no PIN once it is closed (tests/usecases/wallet/accounts)",
    "bind_speaker": "the same device is bound once (tests/usecases/merchants/speakers)",
    "create_order": "an order that waits is no money yet; paid by confirm_payment",
    "declare_health": "the same declaration is the same evidence",
    "move_savings": "stays its owner's own money (tests/usecases/wallet/funding)",
    "repay_debt": "the lender's book keeps the key (tests/usecases/wallet/funding)",
    "send_packet": "one packet for a key (tests/usecases/wallet/sharing)",
    "offer_challenge": "asks to be signed, moves nothing (tests/http/wallet/passkeys)",
    "register_passkey": "the same credential is the same (tests/usecases/wallet/passkeys)",
    "refund_exchange": "judges nobody's standing (tests/usecases/merchants/exchange)",
    "take_quote": "the quote keeps the key (tests/usecases/merchants/exchange)",
    "split_bill": "asks for money, moves none (tests/usecases/wallet/sharing)",
    "end_key": "a key of signatures, not of idempotency",
    "enrol_face": "consent with the PIN, each time anew",
    "new_operation": "part of the freezes above",
    "offer_agreement": "an offer that waits is no consent yet; signed by sign_agreement",
    "give_back": "part of a deal's moves, which are made once",
    "give_share": "the ledger's own key",
    "open_session": "a session of its own each time",
    "order_receipt": "a number of ours, not a key of theirs",
    "park_money": "the bank's word, judged by nobody's standing",
    "pay_batch": "tests/gateway/test_transfer_pages.py",
    "pay_by_face": "a repeat is told that it is paid (tests/gateway/test_faces.py)",
    "place_hold": "the ledger's own key (tests/usecases/wallet/ledger/test_holds.py)",
    "precreate_order": "an order that waits is no money yet; paid by confirm_payment",
    "record_key": "a key of signatures, not of idempotency",
    "redeem_entitlement": "tests/usecases/merchants/deals/test_policies.py",
    "refund_deal": "tests/usecases/merchants/deals/test_policies.py",
    "refund_locked_trade": "behind refund_trade, which locks",
    "refund_payment": "behind refund_trade",
    "refund_with_shares": "tests/gateway/test_splits.py",
    "register_device": "gives a secret; a frozen payer may have a device",
    "release": "part of release_funds",
    "release_escrow": "judges nobody's standing (tests/gateway/test_escrow.py)",
    "send_on": "behind refunds, once a refund",
    "signed": "a key of signatures, not of idempotency",
    "split_trade": "looks for its number before it judges (tests/gateway/test_splits.py)",
    "release_reserved": "the ledger's own key",
    "end_guarantee": "the ledger's own key",
    "guarantee": "the ledger's own key",
}


def keyed() -> set[str]:
    """Use cases that have a key of their caller's, ask for a PIN, or judge a seller."""
    names = set()
    for top in PRODUCT:
        for path in (ROOT / top).rglob("usecases/*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    words = {one.arg for one in node.args.args + node.args.kwonlyargs}
                    calls = {
                        getattr(call.func, "attr", getattr(call.func, "id", ""))
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call)
                    }
                    if words & KEYS or calls & JUDGES:
                        names.add(node.name)
    return names


def test_every_use_case_with_a_key_or_a_pin_is_tried() -> None:
    assert keyed() - set(CASES) - set(ELSEWHERE) == set()
    assert set(ELSEWHERE) <= keyed()
