"""Agreements: the page where they are signed, and what merchants ask and do about them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from merchants.consents.values import Scope
from merchants.gateway.methods.agreement_codes import AGREEMENTS
from merchants.gateway.methods.agreement_parts import (
    DAY,
    PRODUCTS,
    AgreementForm,
    OfferForm,
    PeriodForm,
    day_of,
    find_agreement,
    make_offer,
    terms_of,
    unfit_terms,
)
from merchants.gateway.schema import Answer, Call, FieldInvalid, Form, Method, Redirect, part, text
from merchants.protocol.agreements import FOR_EVER, detail
from merchants.protocol.formats import beijing, masked, yuan
from merchants.protocol.pages import AGREEMENT_PATH, SIGN
from merchants.protocol.persons import person_fields
from wallet import public as wallet

CYCLE: Final = "CYCLE_PAY_AUTH_P"
STATUS: Final = {
    wallet.AgreementStatus.TEMP: "TEMP",
    wallet.AgreementStatus.NORMAL: "NORMAL",
    wallet.AgreementStatus.SUSPENDED: "STOP",
}


@dataclass(kw_only=True, slots=True)
class SignForm(OfferForm):
    """alipay.user.agreement.page.sign: what beside an order may be left out must be here."""

    product_code: str = text(required=True, one_of=frozenset(PRODUCTS.values()))
    sign_scene: str = text(required=True, longest=64, echoed=True)


@dataclass(kw_only=True, slots=True)
class UnsignForm(AgreementForm):
    """alipay.user.agreement.unsign."""

    operate_type: str = text(longest=16)


@dataclass(kw_only=True, slots=True)
class PostponeForm(Form):
    """alipay.user.agreement.executionplan.modify: the next day, only ever a later one."""

    agreement_no: str = text(required=True, longest=64)
    deduct_time: str = text(required=True, pattern=DAY)
    memo: str = text(required=True, longest=256, echoed=True)


@dataclass(kw_only=True, slots=True)
class TransferForm(Form):
    """alipay.user.agreement.transfer: debits at any time become debits by period."""

    agreement_no: str = text(required=True, longest=64)
    target_product_code: str = text(required=True, one_of=frozenset({CYCLE}))
    period_rule_params: PeriodForm = part(PeriodForm, required=True)


@dataclass(kw_only=True, slots=True)
class AgreementAnswer(Answer):
    """An agreement, as the protocol spells it (`pricipal_type` is its own spelling)."""

    agreement_no: str
    alipay_logon_id: str | None
    external_agreement_no: str | None
    external_logon_id: str | None
    invalid_time: str
    last_deduct_time: str | None
    next_deduct_time: str | None
    personal_product_code: str
    pricipal_type: str | None
    principal_id: str | None
    principal_open_id: str | None
    sign_scene: str | None
    sign_time: str | None
    single_quota: str | None
    status: str
    valid_time: str


@dataclass(kw_only=True, slots=True)
class DoneAnswer(Answer):
    """Success that has nothing to say."""


@dataclass(kw_only=True, slots=True)
class PostponeAnswer(Answer):
    """When the next debit is due now."""

    agreement_no: str
    deduct_time: str


@dataclass(kw_only=True, slots=True)
class TransferAnswer(Answer):
    """The rhythm and the caps from now on."""

    amount: str | None
    execute_time: str | None
    period: str | None
    period_type: str | None
    total_amount: str | None
    total_payments: str | None


def sign(call: Call, form: SignForm) -> Redirect:
    """Make the offer and send the payer to the page where it is signed."""
    agreement = make_offer(call, form, return_url=call.return_url(apps=True))
    return Redirect(AGREEMENT_PATH + agreement.token)


def query(call: Call, form: AgreementForm) -> AgreementAnswer:
    """Tell how an agreement stands; one that has ended is not told of."""
    agreement = find_agreement(call, form)
    status = STATUS.get(agreement.status)
    if status is None:
        raise wallet.AgreementEnded(status=agreement.status.value)
    signed_at, ends_at = agreement.signed_at, agreement.terms.valid_until
    payer = person_fields(
        call.app.app_number,
        agreement.payer_id,
        agreement.payer_number,
        user_id="principal_id",
        open_id="principal_open_id",
    )
    last_at, single_minor = agreement.last_debit_at, agreement.terms.single_minor
    return AgreementAnswer(
        agreement_no=agreement.number,
        alipay_logon_id=masked(agreement.payer_phone),
        external_agreement_no=agreement.external_no or None,
        external_logon_id=detail(agreement, "external_logon_id") or None,
        invalid_time=FOR_EVER if ends_at is None else beijing(ends_at),
        last_deduct_time=None if last_at is None else beijing(last_at)[:10],
        next_deduct_time=_day(agreement.next_on or agreement.terms.first_on),
        personal_product_code=agreement.product,
        pricipal_type="CARD" if agreement.payer_number else None,
        principal_id=payer.get("principal_id"),
        principal_open_id=payer.get("principal_open_id"),
        sign_scene=agreement.scene or None,
        sign_time=None if signed_at is None else beijing(signed_at),
        single_quota=None if single_minor is None else yuan(single_minor),
        status=status,
        valid_time=beijing(signed_at or agreement.created_at),
    )


def unsign(call: Call, form: UnsignForm) -> DoneAnswer:
    """End an agreement for its merchant.

    `invalid` takes back an unsigning that waits for the merchant; ours never wait.
    """
    if form.operate_type not in {"", "confirm"}:
        raise FieldInvalid(field="operate_type")
    agreement = find_agreement(call, form)
    outcome = wallet.unsign_agreement(
        agreement_id=agreement.id, by=wallet.Party.PAYEE, actor=f"app:{call.app.app_number}"
    )
    if not outcome.changed:
        raise wallet.AgreementEnded(status=agreement.status.value)
    return DoneAnswer()


def postpone(call: Call, form: PostponeForm) -> PostponeAnswer:
    """Move the next debit to a later day.

    Raises:
        FieldInvalid: it cannot be moved there, or the agreement has no days at all.
    """
    agreement = _numbered(call, form.agreement_no)
    try:
        wallet.postpone_debit(
            agreement_id=agreement.id,
            to=day_of(form.deduct_time, field="deduct_time"),
            actor=f"app:{call.app.app_number}",
            reason=form.memo,
        )
    except (wallet.PostponeInvalid, wallet.NoPeriod) as error:
        raise FieldInvalid(field="deduct_time") from error
    return PostponeAnswer(agreement_no=agreement.number, deduct_time=form.deduct_time)


def transfer(call: Call, form: TransferForm) -> TransferAnswer:
    """Turn an agreement into one by period, within what its payer agreed to.

    Raises:
        FieldMissing, FieldInvalid: the rhythm is none, or a cap is wider than the signed one.
    """
    agreement = _numbered(call, form.agreement_no)
    terms = terms_of(form.period_rule_params, cyclic=True, valid_until=agreement.terms.valid_until)
    try:
        outcome = wallet.convert_agreement(
            agreement_id=agreement.id,
            product=form.target_product_code,
            terms=terms,
            details={"product_code": PRODUCTS[form.target_product_code]},
            actor=f"app:{call.app.app_number}",
        )
    except wallet.TermsInvalid as error:
        raise unfit_terms(error) from error
    agreed_terms = outcome.agreement.terms
    return TransferAnswer(
        amount=None if agreed_terms.single_minor is None else yuan(agreed_terms.single_minor),
        execute_time=_day(outcome.agreement.next_on or agreed_terms.first_on),
        period=None if agreed_terms.period is None else str(agreed_terms.period),
        period_type=None if agreed_terms.period_type is None else agreed_terms.period_type.value,
        total_amount=None if agreed_terms.total_minor is None else yuan(agreed_terms.total_minor),
        total_payments=None
        if agreed_terms.total_payments is None
        else str(agreed_terms.total_payments),
    )


def _numbered(call: Call, number: str) -> wallet.AgreementView:
    """The merchant's agreement of a number.

    Raises:
        wallet.AgreementUnknown: there is none.
    """
    agreement = wallet.agreement_by_number(payee_id=call.app.merchant_id, number=number)
    if agreement is None:
        raise wallet.AgreementUnknown()
    return agreement


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(SIGN, SignForm, sign, AGREEMENTS, Scope.PAY, page=True),
    Method(
        "alipay.user.agreement.query", AgreementForm, query, AGREEMENTS, Scope.PAY, rest_verb="GET"
    ),
    Method("alipay.user.agreement.unsign", UnsignForm, unsign, AGREEMENTS, Scope.PAY),
    Method(
        "alipay.user.agreement.executionplan.modify", PostponeForm, postpone, AGREEMENTS, Scope.PAY
    ),
    Method("alipay.user.agreement.transfer", TransferForm, transfer, AGREEMENTS, Scope.PAY),
)
