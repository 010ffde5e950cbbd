"""Text that comes back in answers: one widespread client counts braces to cut them."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from merchants.gateway.dispatcher import APP_METHODS, METHODS
from merchants.gateway.methods.agreement_parts import AgreementForm
from merchants.gateway.methods.customs import BuyerInfoForm
from merchants.gateway.methods.fund_auth_parts import OperationForm
from merchants.gateway.methods.split_relations import RelationForm, RelationListForm
from merchants.gateway.methods.splits import SettleQueryForm
from merchants.gateway.methods.transfers import AccountForm, TransferQueryForm
from merchants.gateway.schema import Answer, Form, Unfit
from merchants.onboarding.usecases.add_store import add_store
from tests.gateway.app_orders import open_, order_string
from tests.gateway.rows_fund_auth import (
    CANCEL,
    FREEZE,
    UNFREEZE,
    VOUCHER,
    deposit,
    freezing,
    frozen,
    unfreezing,
)
from tests.gateway.rows_transfers import UNI, sending
from tests.gateway.world import Shop, fresh_code
from wallet.accounts.models import WalletUser

BRACES = ("a}", "{a", "}{")
# Parts of answers that are no fields of their own.
WITHIN = {"account", "memo", "name"}
# What a call is only looked up by: the answer tells what is kept, not what was asked.
ASKED_FOR = {
    "agreement_no",
    "app_auth_token",
    "auth_no",
    "batch_no",
    "batch_trans_id",
    "buyer_logon_id",
    "refresh_token",
    "settle_no",
    "trade_no",
}
ASKING = (
    AccountForm,
    AgreementForm,
    BuyerInfoForm,
    OperationForm,
    RelationForm,
    RelationListForm,
    SettleQueryForm,
    TransferQueryForm,
)


def all_kinds(base: type[Any]) -> Iterator[type[Any]]:
    """Every declared form or answer."""
    for kind in base.__subclasses__():
        yield kind
        yield from all_kinds(kind)


def told_names() -> set[str]:
    """What any answer tells."""
    return {part.name for kind in all_kinds(Answer) for part in dataclasses.fields(kind)} | WITHIN


def asked_names(form: type[Any]) -> set[str]:
    """What a form only looks something up by."""
    bases = [base for base in ASKING if issubclass(form, base)]
    return ASKED_FOR | {part.name for base in bases for part in dataclasses.fields(base)}


def reads(reader: Callable[[object], object], text: str) -> bool:
    try:
        return reader(text) is not None
    except Unfit:
        return False


def test_forms_take_no_unpaired_braces_in_what_an_answer_tells() -> None:
    assert METHODS
    assert APP_METHODS
    loose = [
        (form.__name__, part.name)
        for form in all_kinds(Form)
        if form.__module__.startswith("merchants.")
        for part in dataclasses.fields(form)
        if part.name in told_names() - asked_names(form)
        and any(reads(part.metadata["reader"], text) for text in BRACES)
    ]
    assert loose == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", BRACES)
def test_pre_authorisation_takes_no_unpaired_braces(
    shop: Shop, buyer: WalletUser, text: str
) -> None:
    title, remark = {"order_title": text}, {"remark": text}
    for method, content in (
        (FREEZE, freezing(shop, buyer) | title),
        (VOUCHER, deposit(shop, buyer) | title),
        (UNFREEZE, unfreezing(shop, buyer) | remark),
        (CANCEL, frozen(shop, buyer) | remark),
    ):
        answer = shop.ask(method, **content)
        assert answer.sub_code == "ILLEGAL_ARGUMENT"
        assert answer.node["sub_msg"].endswith((": order_title", ": remark"))


@pytest.mark.django_db
def test_app_freeze_takes_no_unpaired_braces(shop: Shop, buyer: WalletUser) -> None:
    content = deposit(shop, buyer) | {"order_title": "a}", "product_code": "PRE_AUTH_ONLINE"}
    told = open_(buyer, order_string(shop, "alipay.fund.auth.order.app.freeze", content))
    assert told.json()["facts"]["reason"] == "ILLEGAL_ARGUMENT"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["order_title", "remark"])
def test_transfer_takes_no_unpaired_braces(shop: Shop, buyer: WalletUser, name: str) -> None:
    answer = shop.ask(UNI, **(sending(shop, buyer) | {name: "a}"}))
    assert answer.sub_code == "INVALID_PARAMETER"


@pytest.mark.django_db
def test_paired_braces_come_back_as_they_were(shop: Shop, buyer: WalletUser) -> None:
    content = freezing(shop, buyer) | {"order_title": "{a}"}
    node = shop.ask(FREEZE, **content).node
    named = {name: node[name] for name in ("auth_no", "operation_id")}
    told = shop.ask("alipay.fund.auth.operation.detail.query", **named).node
    assert told["order_title"] == "{a}"


@pytest.mark.django_db
def test_name_of_a_store_cannot_spoil_an_answer(shop: Shop, buyer: WalletUser) -> None:
    add_store(merchant_id=shop.merchant.id, code="S9", name="Tea }")
    node = shop.pay(fresh_code(buyer), store_id="S9").node
    assert node["store_name"] == "Tea ｝"
