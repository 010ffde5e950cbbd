"""What the split methods share: how payees are named, and how parts are read and told."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from merchants.gateway.schema import FieldInvalid, FieldMissing, Form, amount, parts, person, text
from merchants.onboarding.values import AppCredentials
from merchants.protocol.persons import number_of
from merchants.protocol.values import PersonBy
from merchants.splits import rules
from merchants.splits.rules import MOST_PAYEES
from merchants.splits.values import Named, NamedBy, Part, Take

KINDS: Final = {
    "userId": NamedBy.NUMBER,
    "openId": NamedBy.NUMBER,
    "loginName": NamedBy.LOGIN,
}
_KIND: Final = frozenset(KINDS)
_WHOLE: Final = 100


@dataclass(kw_only=True, slots=True)
class PartyForm(Form):
    """From whom a part comes, and to whom it goes."""

    royalty_type: str = text(one_of=frozenset({"transfer"}))
    trans_out: str = person(PersonBy.TYPED)
    trans_out_type: str = text(one_of=_KIND)
    trans_in: str = person(PersonBy.TYPED)
    trans_in_type: str = text(one_of=_KIND)
    trans_in_open_id: str = person(PersonBy.OPEN_ID)
    trans_in_name: str = text(longest=128)
    desc: str = text(longest=1000)


@dataclass(kw_only=True, slots=True)
class PartForm(PartyForm):
    """One of `royalty_parameters` or `royalty_detail_infos`: an amount, or a percentage."""

    amount: int | None = amount()
    amount_percentage: str = text(pattern=r"[0-9]{1,3}(\.[0-9]{1,2})?")


@dataclass(kw_only=True, slots=True)
class RoyaltyForm(Form):
    """`royalty_info` of a sale: whom it is shared with once it is paid."""

    royalty_type: str = text(longest=32)
    royalty_detail_infos: list[PartForm] | None = parts(PartForm, most=MOST_PAYEES)


@dataclass(kw_only=True, slots=True)
class TakeForm(PartyForm):
    """One of `refund_royalty_parameters`; without an amount it is in proportion."""

    amount: int | None = amount()


@dataclass(kw_only=True, slots=True)
class ReceiverForm(Form):
    """One of `receiver_list`."""

    type: str = text(required=True, one_of=_KIND)
    account: str = person(PersonBy.TYPED)
    account_open_id: str = person(PersonBy.OPEN_ID)
    name: str = text(longest=128, echoed=True)
    memo: str = text(longest=256, echoed=True)


def read_parts(
    forms: list[PartForm] | None, *, seller: AppCredentials, total_minor: Callable[[], int]
) -> list[Part]:
    """Read `royalty_parameters`; the money always comes from the merchant itself.

    Args:
        forms: as they were read.
        seller: who asks.
        total_minor: finds the trade's amount, where a part is a percentage of it.

    Raises:
        FieldMissing, FieldInvalid: naming the first wrong member.
    """
    return _parts(forms or [], seller, total_minor)


def read_plan(form: RoyaltyForm | None, *, seller: AppCredentials, total_minor: int) -> list[Part]:
    """Read `royalty_info` of a sale; empty where it names nobody.

    Raises:
        FieldMissing, FieldInvalid: naming the first wrong member.
    """
    infos = form.royalty_detail_infos if form is not None else None
    return _parts(infos or [], seller, lambda: total_minor)


def read_takes(forms: list[TakeForm] | None, *, seller: AppCredentials) -> list[Take]:
    """Read `refund_royalty_parameters`: who gives back, and how much.

    Raises:
        FieldMissing, FieldInvalid: naming the first wrong member.
    """
    takes = []
    for form in forms or []:
        if not form.trans_out:
            raise FieldInvalid(field="trans_out")
        payee = _named(form.trans_out_type or "userId", form.trans_out, seller)
        takes.append(Take(payee, form.amount))
    return takes


def read_receivers(forms: list[ReceiverForm] | None, *, seller: AppCredentials) -> list[Named]:
    """Read `receiver_list`.

    Raises:
        FieldMissing, FieldInvalid: naming the first wrong member.
    """
    receivers = []
    for form in forms or []:
        account = form.account or form.account_open_id
        if not account:
            raise FieldInvalid(field="account")
        receivers.append(_named(form.type, account, seller, name=form.name, memo=form.memo))
    return receivers


def _parts(
    forms: list[PartForm], seller: AppCredentials, total_minor: Callable[[], int]
) -> list[Part]:
    """The parts that come to something; percentages are shared out together."""
    if any(form.amount is None and not form.amount_percentage for form in forms):
        raise FieldMissing(field="amount")
    percentages = [
        Decimal(0) if form.amount is not None else _percentage(form.amount_percentage)
        for form in forms
    ]
    shares = [0] * len(forms)
    if any(percentages):
        shares = rules.shares_of(total_minor(), percentages)
    parts = [
        _part(form, seller, share if form.amount is None else form.amount)
        for form, share in zip(forms, shares, strict=True)
    ]
    return [part for part in parts if part.amount_minor]


def _part(form: PartForm, seller: AppCredentials, amount_minor: int) -> Part:
    if form.trans_out not in ("", seller.merchant_number):
        raise FieldInvalid(field="trans_out")
    account = form.trans_in or form.trans_in_open_id
    if not account:
        raise FieldInvalid(field="trans_in")
    kind = form.trans_in_type or ("userId" if form.trans_in else "openId")
    payee = _named(kind, account, seller, name=form.trans_in_name)
    return Part(payee, amount_minor, form.desc)


def _percentage(text_given: str) -> Decimal:
    percentage = Decimal(text_given)
    if not 0 < percentage <= _WHOLE:
        raise FieldInvalid(field="amount_percentage")
    return percentage


def _named(
    kind: str, account: str, seller: AppCredentials, *, name: str = "", memo: str = ""
) -> Named:
    if kind == "openId":
        account = number_of(seller, open_id=account)
    return Named(KINDS[kind], account, name, memo)
