"""Pre-authorisation: freeze by code or offer, unfreeze, cancel, ask after an operation.

The capture is alipay.trade.pay with `auth_no` (`pay_by_authorisation.py`).
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from merchants.acceptance import queries
from merchants.acceptance.usecases.hold import hold_by_code, offer_hold
from merchants.consents.values import Scope
from merchants.faces.usecases.hold_by_face import hold_by_face
from merchants.gateway.methods.fund_auth_codes import FUND_AUTH
from merchants.gateway.methods.fund_auth_parts import (
    OFFLINE,
    STATUS,
    DepositForm,
    ExtraForm,
    OperationForm,
    check_operation_named,
    deposit_of,
)
from merchants.gateway.schema import (
    ORDER_NUMBER,
    Answer,
    Call,
    FieldInvalid,
    Form,
    Method,
    amount,
    part,
    text,
)
from merchants.protocol.authorisations import auth_type, payer_names, totals
from merchants.protocol.formats import beijing, masked, yuan
from wallet import public as wallet


@dataclass(kw_only=True, slots=True)
class FreezeForm(DepositForm):
    """alipay.fund.auth.order.freeze: the guest shows a payment code."""

    auth_code: str = text(required=True, longest=64)
    auth_code_type: str = text(
        required=True, one_of=frozenset({"bar_code", "wave_code", "security_code"})
    )


@dataclass(kw_only=True, slots=True)
class UnfreezeForm(Form):
    """alipay.fund.auth.order.unfreeze: part or all of what is left goes back."""

    auth_no: str = text(required=True, longest=64)
    out_request_no: str = text(required=True, pattern=ORDER_NUMBER)
    amount: int = amount(required=True)
    remark: str = text(required=True, longest=100, echoed=True)
    extra_param: ExtraForm | None = part(ExtraForm, or_text=True)


@dataclass(kw_only=True, slots=True)
class CancelForm(OperationForm):
    """alipay.fund.auth.operation.cancel: a freeze whose outcome is in doubt is undone."""

    remark: str = text(required=True, longest=100, echoed=True)


@dataclass(kw_only=True, slots=True)
class DetailForm(OperationForm):
    """alipay.fund.auth.operation.detail.query: how an operation stands."""

    operation_type: str = text(one_of=frozenset({"FREEZE", "UNFREEZE", "PAY"}))


@dataclass(kw_only=True, slots=True)
class FreezeAnswer(Answer):
    """A freeze that has been made."""

    amount: str
    auth_no: str
    credit_amount: str
    fund_amount: str
    gmt_trans: str | None
    operation_id: str
    out_order_no: str
    out_request_no: str
    payer_logon_id: str | None
    payer_open_id: str | None
    payer_user_id: str | None
    pre_auth_type: str | None
    status: str
    trans_currency: str


@dataclass(kw_only=True, slots=True)
class WaitingFreezeAnswer(FreezeAnswer):
    """A freeze that waits for the guest's PIN: the merchant is to query."""

    code: ClassVar[str] = "10003"
    msg: ClassVar[str] = "order success pay inprocess"


@dataclass(kw_only=True, slots=True)
class VoucherAnswer(Answer):
    """The code to show; nothing is frozen before somebody scans it and agrees."""

    code_type: str
    code_url: str
    code_value: str
    out_order_no: str
    out_request_no: str


@dataclass(kw_only=True, slots=True)
class UnfreezeAnswer(Answer):
    """What went back."""

    amount: str
    auth_no: str
    credit_amount: str
    fund_amount: str
    gmt_trans: str
    operation_id: str
    out_order_no: str
    out_request_no: str
    status: str


@dataclass(kw_only=True, slots=True)
class CancelAnswer(Answer):
    """What the cancellation did."""

    action: str
    auth_no: str
    operation_id: str
    out_order_no: str
    out_request_no: str


@dataclass(kw_only=True, slots=True)
class DetailAnswer(Answer):
    """An operation, and its authorisation beside it."""

    amount: str
    auth_no: str
    credit_amount: str
    fund_amount: str
    gmt_create: str
    gmt_trans: str | None
    operation_id: str
    operation_type: str
    order_status: str
    order_title: str
    out_order_no: str
    out_request_no: str
    payer_logon_id: str | None
    payer_open_id: str | None
    payer_user_id: str | None
    pre_auth_type: str | None
    remark: str | None
    rest_amount: str
    rest_credit_amount: str
    rest_fund_amount: str
    status: str
    total_freeze_amount: str
    total_freeze_credit_amount: str
    total_freeze_fund_amount: str
    total_pay_amount: str
    total_pay_credit_amount: str
    total_pay_fund_amount: str
    trans_currency: str


def freeze(call: Call, form: FreezeForm) -> FreezeAnswer:
    """Freeze by the code that the guest's phone shows, or ask whom a face token names."""
    if form.product_code not in {"", OFFLINE, "PREAUTH_PAY"}:
        raise FieldInvalid(field="product_code")
    deposit = deposit_of(call, form, OFFLINE)
    if form.auth_code_type == "security_code":
        outcome = hold_by_face(deposit=deposit, token=form.auth_code)
    else:
        outcome = hold_by_code(deposit=deposit, code=form.auth_code)
    authorisation, operation = outcome.authorisation, outcome.operation
    waits = operation.status is wallet.OperationStatus.INIT
    return (WaitingFreezeAnswer if waits else FreezeAnswer)(
        amount=yuan(operation.amount_minor),
        auth_no=authorisation.number,
        credit_amount=yuan(operation.credit_minor),
        fund_amount=yuan(operation.funds_minor),
        gmt_trans=None if operation.done_at is None else beijing(operation.done_at),
        operation_id=operation.number,
        out_order_no=authorisation.reference,
        out_request_no=operation.request_no,
        payer_logon_id=masked(authorisation.payer_phone),
        **payer_names(call.app.app_number, authorisation),
        pre_auth_type=auth_type(operation),
        status=operation.status.value,
        trans_currency=authorisation.currency,
    )


def voucher(call: Call, form: DepositForm) -> VoucherAnswer:
    """Offer a freeze in a code; the same again gives the same code until somebody has agreed.

    Raises:
        AuthorisationConflict: the numbers are those of a freeze that no code offers.
        AuthorisationFinished: the payer has agreed, so that there is no code to show.
    """
    if form.product_code not in {"", OFFLINE, "PREAUTH_PAY"}:
        raise FieldInvalid(field="product_code")
    outcome = offer_hold(deposit=deposit_of(call, form, OFFLINE))
    if not outcome.operation.token:
        raise wallet.AuthorisationConflict(field="out_request_no")
    if outcome.outcome is wallet.HoldResult.REPLAYED:
        raise wallet.AuthorisationFinished()
    link = queries.order_link(outcome.operation.token)
    return VoucherAnswer(
        code_type="qr_code",
        code_url=link,
        code_value=link,
        out_order_no=outcome.authorisation.reference,
        out_request_no=outcome.operation.request_no,
    )


def unfreeze(call: Call, form: UnfreezeForm) -> UnfreezeAnswer:
    """Give back part or all of what is left."""
    authorisation = queries.authorisation(merchant_id=call.app.merchant_id, number=form.auth_no)
    notify_url = call.notify_url
    outcome = wallet.release_funds(
        authorisation_id=authorisation.id,
        request_no=form.out_request_no,
        amount_minor=form.amount,
        remark=form.remark,
        details={"notify_url": notify_url} if notify_url else {},
    )
    operation = outcome.operation
    return UnfreezeAnswer(
        amount=yuan(operation.amount_minor),
        auth_no=outcome.authorisation.number,
        credit_amount=yuan(operation.credit_minor),
        fund_amount=yuan(operation.funds_minor),
        gmt_trans=beijing(operation.done_at or operation.created_at),
        operation_id=operation.number,
        out_order_no=outcome.authorisation.reference,
        out_request_no=operation.request_no,
        status=operation.status.value,
    )


def cancel(call: Call, form: CancelForm) -> CancelAnswer:
    """Undo a freeze; also one that is only offered in a code."""
    check_operation_named(form)
    authorisation = queries.authorisation(
        merchant_id=call.app.merchant_id,
        number=form.auth_no,
        reference=form.out_order_no,
        offered=True,
    )
    outcome = wallet.cancel_hold(
        authorisation_id=authorisation.id,
        number=form.operation_id,
        request_no=form.out_request_no,
        remark=form.remark,
    )
    return CancelAnswer(
        action=outcome.action.value.lower(),
        auth_no=outcome.authorisation.number,
        operation_id=outcome.operation.number,
        out_order_no=outcome.authorisation.reference,
        out_request_no=outcome.operation.request_no,
    )


def detail(call: Call, form: DetailForm) -> DetailAnswer:
    """Tell how an operation stands, and what the authorisation has left."""
    check_operation_named(form)
    authorisation = queries.authorisation(
        merchant_id=call.app.merchant_id, number=form.auth_no, reference=form.out_order_no
    )
    operation = wallet.authorisation_operation(
        authorisation_id=authorisation.id,
        number=form.operation_id,
        request_no=form.out_request_no,
        kind=wallet.OperationKind(form.operation_type) if form.operation_type else None,
    )
    return DetailAnswer(
        amount=yuan(operation.amount_minor),
        auth_no=authorisation.number,
        credit_amount=yuan(operation.credit_minor),
        fund_amount=yuan(operation.funds_minor),
        gmt_create=beijing(operation.created_at),
        gmt_trans=None if operation.done_at is None else beijing(operation.done_at),
        operation_id=operation.number,
        operation_type=operation.kind.value,
        order_status=STATUS[authorisation.status],
        order_title=authorisation.title,
        out_order_no=authorisation.reference,
        out_request_no=wallet.payees_request_no(operation),
        payer_logon_id=masked(authorisation.payer_phone),
        **payer_names(call.app.app_number, authorisation),
        pre_auth_type=auth_type(operation),
        remark=operation.remark or None,
        status=operation.status.value,
        trans_currency=authorisation.currency,
        **totals(authorisation),
    )


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.fund.auth.order.freeze", FreezeForm, freeze, FUND_AUTH, Scope.PAY),
    Method("alipay.fund.auth.order.voucher.create", DepositForm, voucher, FUND_AUTH, Scope.PAY),
    Method("alipay.fund.auth.order.unfreeze", UnfreezeForm, unfreeze, FUND_AUTH, Scope.PAY),
    Method("alipay.fund.auth.operation.cancel", CancelForm, cancel, FUND_AUTH, Scope.PAY),
    Method("alipay.fund.auth.operation.detail.query", DetailForm, detail, FUND_AUTH, Scope.PAY),
)
