"""Shops, phones and payments for tests, made by the real use cases."""

import itertools
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from config.kernel import clock
from config.kernel.ids import uuid7
from tests.factories.accounts import make_user
from wallet.accounts.models import Device, WalletUser
from wallet.accounts.usecases.register_device import register_device
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.values import AccountKind, Side
from wallet.payments.models import Payment
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.issue_codes import issue_aliases, issue_fresh_code
from wallet.payments.usecases.pay_by_code import pay_by_code
from wallet.payments.values import PaymentView, PayOutcome, PayRequest, PresentedKind
from wallet.qr import paycode

_references = itertools.count(1)


@dataclass
class Shop:
    """A payee with a pending account, hot as a merchant's is, and a payable one."""

    id: uuid.UUID = field(default_factory=uuid7)
    name: str = "Baozi House"

    def __post_init__(self) -> None:
        self.account_id = self._open("pending")
        self.payable_id = self._open("payable")

    def _open(self, name: str) -> uuid.UUID:
        return open_account(
            code=f"merchant:{self.id}:{name}",
            kind=AccountKind.CLIENT_LIABILITY,
            currency="CNY",
            owner_id=self.id,
            normal_side=Side.CREDIT,
            hot=True,
        )

    def balance_minor(self) -> int:
        """What the shop is owed and has not been settled, in fen."""
        return ledger.balance(self.account_id).available_minor


@dataclass
class Phone:
    """A device that makes codes of its own from aliases, as the real one does."""

    user: WalletUser
    device: Device
    key: bytes
    aliases: list[str]

    def code(self, *, age_s: float = 0) -> str:
        """The code it shows, or showed `age_s` seconds ago, with a fresh alias."""
        if not self.aliases:
            self.aliases = [grant.alias for grant in issue_aliases(device_id=self.device.id)]
        return self.code_of(self.aliases.pop(0), age_s=age_s)

    def code_of(self, alias: str, *, age_s: float = 0) -> str:
        """The code it shows for one alias."""
        step = paycode.step_at(clock.now().timestamp() - age_s)
        otp = paycode.one_time_password(self.key, alias, step)
        return paycode.compose_offline(prefix=settings.SAOMA_PAYCODE_PREFIX, alias=alias, otp=otp)


def make_phone(
    user: WalletUser | None = None, *, balance_minor: int = 100_00, kyc_tier: int = 2
) -> Phone:
    """A phone of a (new, funded) customer, its aliases loaded."""
    user = user or make_user(balance_minor=balance_minor, kyc_tier=kyc_tier)
    device, key, _ = register_device(user_id=user.id, label="phone")
    aliases = [grant.alias for grant in issue_aliases(device_id=device.id)]
    return Phone(user, device, key, aliases)


def fresh_code(user: WalletUser) -> str:
    """A whole code, fetched online."""
    return issue_fresh_code(user_id=user.id).code


def order(shop: Shop, **changes: Any) -> PayRequest:
    """What a till sends: 12.00 for breakfast under a new order number."""
    request = PayRequest(
        payee_id=shop.id,
        payee_account_id=shop.account_id,
        payee_name=shop.name,
        reference=f"ORDER{next(_references)}",
        description="breakfast",
        amount_minor=12_00,
        currency="CNY",
        expires_at=clock.now() + timedelta(minutes=5),
        details={},
    )
    return replace(request, **changes)


def pay(shop: Shop, code: str, **changes: Any) -> PayOutcome:
    """Let the shop scan a code."""
    return pay_by_code(request=order(shop, **changes), code=code)


def make_paid(
    shop: Shop | None = None, phone: Phone | None = None, *, amount_minor: int = 12_00
) -> PaymentView:
    """A payment that has been paid by code."""
    shop = shop or Shop()
    phone = phone or make_phone(balance_minor=amount_minor)
    return pay(shop, phone.code(), amount_minor=amount_minor).payment


def make_order(
    shop: Shop,
    *,
    payer_id: uuid.UUID | None = None,
    presented: PresentedKind = PresentedKind.DYNAMIC,
    **changes: Any,
) -> PaymentView:
    """A payment that waits for its payer."""
    request = order(shop, **changes)
    return create_payment(request=request, payer_id=payer_id, presented=presented).payment


def stored(payment: PaymentView) -> Payment:
    """The payment's row as it is now."""
    return Payment.objects.get(id=payment.id)
