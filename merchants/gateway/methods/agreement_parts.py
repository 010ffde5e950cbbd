"""What the agreement methods share: the offer's form, its terms, the finding of agreements."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from config.kernel import clock
from merchants.acceptance.usecases.offer_agreement import offer_agreement
from merchants.gateway.schema import (
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    amount,
    part,
    person,
    text,
)
from merchants.protocol.persons import number_of
from merchants.protocol.values import PersonBy
from wallet import public as wallet

DAY: Final = r"\d{4}-\d\d-\d\d"
PRODUCTS: Final = {
    "CYCLE_PAY_AUTH_P": "CYCLE_PAY_AUTH",
    "GENERAL_WITHHOLDING_P": "GENERAL_WITHHOLDING",
}
CHANNELS: Final = frozenset({"ALIPAYAPP", "QRCODE", "QRCODEORSMS"})
# What the terms call a field -> what the form calls it.
_FIELDS: Final = {
    "period_type": "period_type",
    "period": "period",
    "first_on": "execute_time",
    "single_minor": "single_amount",
    "total_minor": "total_amount",
    "total_payments": "total_payments",
    "valid_until": "sign_validity_period",
}
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2999
_LIFE: Final = re.compile(r"([1-9]\d{0,3})([dm])", re.ASCII)
_KEPT: Final = ("product_code", "external_logon_id")


@dataclass(kw_only=True, slots=True)
class AccessForm(Form):
    """How the payer comes to the page."""

    channel: str = text(required=True, one_of=CHANNELS)


@dataclass(kw_only=True, slots=True)
class PeriodForm(Form):
    """The caps and the rhythm; for products without a rhythm the caps alone."""

    period_type: str = text(one_of=frozenset({"DAY", "MONTH"}))
    period: str = text(pattern=r"[1-9]\d{0,3}")
    execute_time: str = text(pattern=DAY)
    single_amount: int | None = amount()
    total_amount: int | None = amount()
    total_payments: str = text(pattern=r"[1-9]\d{0,8}")


@dataclass(kw_only=True, slots=True)
class OfferForm(Form):
    """What page.sign takes, and `agreement_sign_params` of page.pay and wap.pay."""

    personal_product_code: str = text(required=True, one_of=frozenset(PRODUCTS))
    product_code: str = text(one_of=frozenset(PRODUCTS.values()))
    sign_scene: str = text(longest=64, echoed=True)
    access_params: AccessForm = part(AccessForm, required=True)
    external_agreement_no: str = text(longest=32, pattern=r"[A-Za-z0-9_|.-]{1,32}")
    external_logon_id: str = text(longest=100, echoed=True)
    sign_validity_period: str = text(longest=8, pattern=r"[1-9]\d{0,3}[dm]")
    period_rule_params: PeriodForm | None = part(PeriodForm)


@dataclass(kw_only=True, slots=True)
class AgreementForm(Form):
    """What names an agreement: its number alone, or what it is about and whose it is."""

    agreement_no: str = text(longest=64)
    personal_product_code: str = text(longest=64)
    sign_scene: str = text(longest=64)
    external_agreement_no: str = text(longest=64)
    alipay_user_id: str = person(PersonBy.NUMBER, longest=28)
    alipay_open_id: str = person(PersonBy.OPEN_ID)
    alipay_logon_id: str = person(PersonBy.LOGIN, longest=100)


def make_offer(call: Call, form: OfferForm, **extras: str) -> wallet.AgreementView:
    """Make the offer that a form describes; `extras` go with it.

    Raises:
        FieldMissing, FieldInvalid: the terms are not ones that may be agreed.
        wallet.AgreementConflict, wallet.AgreementSigned, wallet.AgreementEnded: the
            merchant's number is taken.
    """
    product = form.product_code or PRODUCTS[form.personal_product_code]
    if product != PRODUCTS[form.personal_product_code]:
        raise FieldInvalid(field="product_code")
    cyclic = form.personal_product_code == "CYCLE_PAY_AUTH_P"
    if cyclic and form.period_rule_params is None:
        raise FieldMissing(field="period_rule_params")
    envelope = call.envelope
    details = {
        "app_id": call.app.app_number,
        "auth_app_id": call.app.acting_for,
        "notify_url": call.notify_url or call.app.notify_url,
        "charset": envelope.charset.name,
        "sign_type": envelope.text("sign_type"),
        "external_logon_id": form.external_logon_id,
        "product_code": product,
        **extras,
    }
    valid_until = _valid_until(form.sign_validity_period)
    try:
        return offer_agreement(
            seller=call.app,
            external_no=form.external_agreement_no,
            product=form.personal_product_code,
            scene=form.sign_scene,
            terms=terms_of(form.period_rule_params, cyclic=cyclic, valid_until=valid_until),
            details={name: value for name, value in details.items() if value},
        )
    except wallet.TermsInvalid as error:
        raise unfit_terms(error) from error


def unfit_terms(error: wallet.TermsInvalid) -> FieldInvalid:
    """The refusal of terms, naming the form's field."""
    return FieldInvalid(field=_FIELDS[error.field or "period"])


def find_agreement(call: Call, form: AgreementForm) -> wallet.AgreementView:
    """The merchant's agreement that a form names; its number wins over what it is about.

    Raises:
        FieldMissing: it names none.
        wallet.AgreementUnknown: there is none.
    """
    payee_id = call.app.merchant_id
    if form.agreement_no:
        agreement = wallet.agreement_by_number(payee_id=payee_id, number=form.agreement_no)
    else:
        if not form.personal_product_code:
            raise FieldMissing(field="agreement_no")
        payer_number = number_of(
            call.app, user_number=form.alipay_user_id, open_id=form.alipay_open_id
        )
        if not (form.external_agreement_no or payer_number or form.alipay_logon_id):
            raise FieldMissing(field="external_agreement_no")
        agreement = wallet.agreement_by_facts(
            payee_id=payee_id,
            product=form.personal_product_code,
            scene=form.sign_scene,
            external_no=form.external_agreement_no,
            payer_number=payer_number,
            payer_phone=_phone(form.alipay_logon_id),
        )
    if agreement is None:
        raise wallet.AgreementUnknown()
    return agreement


def day_of(value: str, *, field: str) -> date:
    """Read `yyyy-MM-dd`.

    Raises:
        FieldInvalid: there is no such day, or nobody agrees on anything in that year.
    """
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise FieldInvalid(field=field) from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise FieldInvalid(field=field)
    return day


def terms_of(
    rule: PeriodForm | None, *, cyclic: bool, valid_until: datetime | None = None
) -> wallet.Terms:
    """A form's caps and rhythm as terms.

    Raises:
        FieldMissing: a cyclic product lacks a part of its rhythm.
    """
    rule = rule or PeriodForm()
    if cyclic:
        for name in ("period_type", "period", "execute_time", "single_amount"):
            if not getattr(rule, name):
                raise FieldMissing(field=name)
    return wallet.Terms(
        period_type=wallet.PeriodType(rule.period_type) if rule.period_type else None,
        period=int(rule.period) if rule.period else None,
        first_on=day_of(rule.execute_time, field="execute_time") if rule.execute_time else None,
        single_minor=rule.single_amount,
        total_minor=rule.total_amount,
        total_payments=int(rule.total_payments) if rule.total_payments else None,
        valid_until=valid_until,
    )


def _valid_until(life: str) -> datetime | None:
    """The end of a life such as `90d` or `6m`, counted from now; None for no end."""
    match = _LIFE.fullmatch(life)
    if match is None:
        return None
    now, count = clock.now(), int(match[1])
    if match[2] == "d":
        return now + timedelta(days=count)
    years, month = divmod(now.month - 1 + count, 12)
    year = now.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def _phone(login: str) -> str:
    """A login as wallets keep phone numbers; one that is none finds nobody."""
    if not login:
        return ""
    try:
        return wallet.user_by_login(login).phone
    except (wallet.UserUnknown, wallet.PhoneInvalid) as error:
        raise wallet.AgreementUnknown() from error
