"""What the pre-authorisation methods share: forms, the authorisation's fields in their words."""

import uuid
from dataclasses import dataclass
from typing import Final

from config.kernel import clock
from merchants.acceptance.values import Deposit
from merchants.gateway.methods.expiry import expires_at
from merchants.gateway.methods.trade_parts import SellerUnknown
from merchants.gateway.schema import (
    ORDER_NUMBER,
    Call,
    FieldMissing,
    Form,
    Lifetime,
    amount,
    lifetime,
    loose,
    part,
    parts,
    text,
)
from merchants.protocol.formats import CURRENCY
from wallet import public as wallet

STATUS: Final = {
    wallet.AuthorisationStatus.INIT: "INIT",
    wallet.AuthorisationStatus.AUTHORISED: "AUTHORIZED",
    wallet.AuthorisationStatus.FINISHED: "FINISH",
    wallet.AuthorisationStatus.CLOSED: "CLOSED",
}
OFFLINE: Final = "PRE_AUTH"
ONLINE: Final = "PRE_AUTH_ONLINE"
CREDIT_CHANNEL: Final = "CREDITZHIMA"


@dataclass(kw_only=True, slots=True)
class ExtraForm(Form):
    """`extra_param`: its declared members; `category` names a kind of deposit with credit."""

    category: str = text(longest=64)
    outStoreAlias: str = text(longest=128)
    outStoreCode: str = text(longest=64)
    serviceId: str = text(longest=64)
    secondaryMerchantId: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class ChannelForm(Form):
    """One of `enable_pay_channels`."""

    payChannelType: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class DepositForm(Form):
    """What every method that asks for a freeze takes."""

    out_order_no: str = text(required=True, pattern=ORDER_NUMBER)
    out_request_no: str = text(required=True, pattern=ORDER_NUMBER)
    order_title: str = text(required=True, longest=100, echoed=True)
    amount: int = amount(required=True)
    product_code: str = text(longest=64)
    payee_user_id: str = text(longest=28)
    payee_logon_id: str = text(longest=100)
    pay_timeout: Lifetime | None = lifetime()
    timeout_express: Lifetime | None = lifetime()
    trans_currency: str = text(one_of=frozenset({CURRENCY}))
    settle_currency: str = text(one_of=frozenset({CURRENCY}))
    deposit_product_mode: str = text(longest=64)
    scene_code: str = text(longest=64)
    extra_param: ExtraForm | None = part(ExtraForm, or_text=True)
    business_params: object = loose()
    enable_pay_channels: list[ChannelForm] | None = parts(ChannelForm, most=32, or_text=True)
    identity_params: object = loose()
    terminal_params: object = loose()


@dataclass(kw_only=True, slots=True)
class OperationForm(Form):
    """What every method that is about one operation takes; our numbers win over theirs."""

    auth_no: str = text(longest=64)
    out_order_no: str = text(longest=64)
    operation_id: str = text(longest=64)
    out_request_no: str = text(longest=64)


def deposit_of(call: Call, form: DepositForm, product: str) -> Deposit:
    """Turn a form into what acceptance asks a payer for.

    A waiver is asked for by naming a credit category or mode, or credit among the means.

    Raises:
        SellerUnknown: the form names another merchant, or a login that is not its owner's.
    """
    seller, envelope = call.app, call.envelope
    if form.payee_user_id and form.payee_user_id != seller.merchant_number:
        raise SellerUnknown(field="payee_user_id")
    if form.payee_logon_id and not _is_login_of(seller.owner_id, form.payee_logon_id):
        raise SellerUnknown(field="payee_logon_id")
    life = form.pay_timeout or form.timeout_express
    return Deposit(
        seller=seller,
        reference=form.out_order_no,
        request_no=form.out_request_no,
        title=form.order_title,
        amount_minor=form.amount,
        pay_expires_at=expires_at(clock.now(), life, None),
        waiver=asks_for_waiver(form),
        notify_url=call.notify_url,
        product=form.product_code or product,
        charset=envelope.charset.name,
        sign_type=envelope.text("sign_type"),
    )


def asks_for_waiver(form: DepositForm) -> bool:
    """Whether a form asks for credit in place of money, in one of the declared ways."""
    category = form.extra_param.category if form.extra_param else ""
    channels = {channel.payChannelType for channel in form.enable_pay_channels or []}
    return bool(form.deposit_product_mode or category) or CREDIT_CHANNEL in channels


def _is_login_of(owner_id: uuid.UUID, login: str) -> bool:
    """Whether a login, in any spelling, is this user's: a merchant has its owner's."""
    try:
        return wallet.user_by_login(login).id == owner_id
    except (wallet.UserUnknown, wallet.PhoneInvalid):
        return False


def check_operation_named(form: OperationForm) -> None:
    """Check that a form names an authorisation and one of its operations.

    Raises:
        FieldMissing: one of the two is missing.
    """
    if not (form.auth_no or form.out_order_no):
        raise FieldMissing(field="auth_no")
    if not (form.operation_id or form.out_request_no):
        raise FieldMissing(field="operation_id")
