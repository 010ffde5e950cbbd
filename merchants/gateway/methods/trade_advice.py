"""What merchants ask before a sale, and say after it: debts, split rates, kept promises."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from merchants.acceptance import queries as acceptance
from merchants.consents.values import Scope
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import buyer_names
from merchants.gateway.schema import (
    ORDER_NUMBER,
    Answer,
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Method,
    amount,
    part,
    person,
    text,
)
from merchants.onboarding.queries import merchant
from merchants.protocol.formats import yuan
from merchants.protocol.persons import person_fields, person_of
from merchants.protocol.values import PersonBy
from merchants.terms.queries import fee_book, today_of
from wallet import public as wallet

_BASIS: Final = 10_000
# The merchant says how a deposit without money ended: the promise was kept, or called off.
_KEPT: Final = frozenset({"COMPLETE", "CLOSED"})


@dataclass(kw_only=True, slots=True)
class RateForm(Form):
    """alipay.trade.royalty.rate.query."""

    out_request_no: str = text(required=True, longest=64, echoed=True)


@dataclass(kw_only=True, slots=True)
class ConsultForm(Form):
    """alipay.trade.advance.consult: the buyer by number or by agreement."""

    consult_scene: str = text(longest=64)
    out_trade_no: str = text(pattern=ORDER_NUMBER)
    alipay_user_id: str = person(PersonBy.NUMBER)
    open_id: str = person(PersonBy.OPEN_ID)
    agreement_no: str = text(longest=64)
    estimated_order_amount: int | None = amount()


@dataclass(kw_only=True, slots=True)
class StatusForm(Form):
    """`order_biz_info`: how it ended."""

    status: str = text(required=True, one_of=_KEPT)


@dataclass(kw_only=True, slots=True)
class SyncForm(Form):
    """alipay.trade.orderinfo.sync of a trade that was captured from a deposit."""

    trade_no: str = text(required=True, longest=64)
    out_request_no: str = text(required=True, longest=64, echoed=True)
    orig_request_no: str = text(longest=64)
    biz_type: str = text(required=True, one_of=frozenset({"CREDIT_AUTH"}))
    order_biz_info: StatusForm | None = part(StatusForm, required=True, or_text=True)


@dataclass(kw_only=True, slots=True)
class RateAnswer(Answer):
    """The most of a trade that can be split, in percent: all but the fee."""

    max_ratio: str
    user_id: str


@dataclass(kw_only=True, slots=True)
class ConsultAnswer(Answer):
    """Whether the buyer may have more on account, and what is still owed to the merchant."""

    refer_result: str
    wait_repayment_amount: str
    wait_repayment_order_count: str
    wait_repayment_order_infos: list[dict[str, str]] | None


@dataclass(kw_only=True, slots=True)
class SyncAnswer(Answer):
    """The trade whose end was told."""

    buyer_open_id: str | None
    buyer_user_id: str | None
    out_trade_no: str
    trade_no: str


def royalty_rate(call: Call, form: RateForm) -> RateAnswer:
    """Tell how much of a trade the merchant can split."""
    owner = merchant(call.app.merchant_id)
    fee_bps = fee_book(owner).of("", today_of(owner)).fee_bps
    whole, part = divmod(_BASIS - fee_bps, 100)
    return RateAnswer(
        max_ratio=f"{whole}.{part:02d}" if part else str(whole),
        user_id=call.app.merchant_number,
    )


def consult(call: Call, form: ConsultForm) -> ConsultAnswer:
    """Tell what a buyer still owes this merchant; other merchants' debts are not told."""
    payer_id, user_number = _payer(call, form)
    names = person_fields(
        call.app.app_number, payer_id, user_number, user_id="alipay_user_id", open_id="open_id"
    )
    debts = wallet.debts_to(payee_id=call.app.merchant_id, payer_id=payer_id)
    return ConsultAnswer(
        refer_result="false" if debts else "true",
        wait_repayment_amount=yuan(sum(debt.owed_minor for debt in debts)),
        wait_repayment_order_count=str(len(debts)),
        wait_repayment_order_infos=[
            {
                "advance_order_id": debt.payment_number,
                **names,
                "orig_biz_order_id": debt.reference,
                "wait_repayment_amount": yuan(debt.owed_minor),
            }
            for debt in debts
        ]
        or None,
    )


def _payer(call: Call, form: ConsultForm) -> tuple[uuid.UUID, str]:
    if form.agreement_no:
        agreement = wallet.agreement_by_number(
            payee_id=call.app.merchant_id, number=form.agreement_no
        )
        if agreement is None or agreement.payer_id is None:
            raise wallet.AgreementUnknown(field="agreement_no")
        return agreement.payer_id, agreement.payer_number
    payer_id = person_of(call.app, user_number=form.alipay_user_id, open_id=form.open_id)
    if payer_id is None:
        raise FieldMissing(field="alipay_user_id")
    return payer_id, wallet.user(payer_id).user_number


def sync(call: Call, form: SyncForm) -> SyncAnswer:
    """End the deposit that a trade was captured from: what is left of it goes back."""
    trade = acceptance.trade(merchant_id=call.app.merchant_id, number=form.trade_no)
    authorisation = wallet.authorisation_of_payment(trade.id)
    if authorisation is None:
        raise FieldInvalid(field="biz_type")
    if authorisation.rest_minor:
        wallet.release_funds(
            authorisation_id=authorisation.id,
            request_no=form.out_request_no,
            amount_minor=authorisation.rest_minor,
        )
    return SyncAnswer(
        **buyer_names(call, trade), out_trade_no=trade.reference, trade_no=trade.number
    )


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.royalty.rate.query", RateForm, royalty_rate, TRADE, Scope.SPLIT),
    Method("alipay.trade.advance.consult", ConsultForm, consult, TRADE, Scope.PAY),
    Method("alipay.trade.orderinfo.sync", SyncForm, sync, TRADE, Scope.PAY),
)
