"""Persons by every name, in every field that names one; and what an app is told of them."""

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from config.kernel.outbox import relay
from merchants.consents.usecases.show_open_id import show_open_id
from merchants.gateway import schema
from merchants.gateway.dispatcher import APP_METHODS, METHODS
from merchants.gateway.schema import Form
from merchants.notifications.models import Notification
from merchants.onboarding.queries import forget_credentials
from merchants.onboarding.usecases.set_person_naming import set_person_naming
from merchants.onboarding.values import PersonNaming
from tests.factories.accounts import available_minor, make_user
from tests.factories.authorisations import make_trusted
from tests.factories.clock import advance
from tests.factories.funds import give_balance
from tests.factories.settlement import make_payer
from tests.gateway import agreements
from tests.gateway.hotels import check_out, freeze
from tests.gateway.methods import ROWS
from tests.gateway.rows import OK
from tests.gateway.rows_faces import make_terminal
from tests.gateway.rows_splits import SETTLE, bound, paid, part
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SUSPECT = re.compile(
    r"buyer|payer|payee|user|open_id|logon|login|trans_in|trans_out|account|identity"
)
# Fields whose names sound like a person and that name none, with what they are.
NO_PERSONS = {
    "account_type": "a kind of account",
    "alipay_open_id": "of AccountForm: the merchant itself",
    "alipay_user_id": "of AccountForm: the merchant itself",
    "bill_user_id": "the merchant itself",
    "buyer_info": "papers of the buyer, for an office",
    "external_logon_id": "the merchant's own login of its customer, echoed",
    "identity_param": "papers of a person, who shows at a page that they are theirs",
    "identity_params": "read by nobody",
    "identity_type": "how identity names somebody",
    "open_id": "of AccountForm: the merchant itself",
    "payee_info": "an object, whose members are listed themselves",
    "payee_logon_id": "the merchant's own login",
    "payee_real_name": "a name to compare",
    "payee_type": "how payee_account names somebody",
    "payee_user_id": "the merchant itself",
    "payer_show_name": "a title",
    "trans_in_name": "a name to compare",
    "trans_in_type": "how trans_in names somebody",
    "trans_out_type": "how trans_out names somebody",
}
UNREAD = {("SettleDetailForm", "trans_in")}


def fields(form: type[Form], seen: set[type[Form]]) -> Iterator[tuple[str, Any]]:
    """Every field of a form and of the forms inside it."""
    if form in seen:
        return
    seen.add(form)
    for field in dataclasses.fields(form):
        yield form.__name__, field
        if field.metadata["parts"] is not None:
            yield from fields(field.metadata["parts"], seen)


def undeclared(forms: Iterable[type[Form]]) -> set[tuple[str, str]]:
    """Fields that sound like a person and are read as plain text."""
    seen: set[type[Form]] = set()
    return {
        (form, field.name)
        for entry in forms
        for form, field in fields(entry, seen)
        if SUSPECT.search(field.name)
        and "person" not in field.metadata
        and field.name not in NO_PERSONS
    }


def test_every_field_that_names_a_person_is_declared_as_one() -> None:
    forms = [method.form for method in METHODS.values()]
    forms += [method.form for method in APP_METHODS.values()]
    assert undeclared(forms) - UNREAD == set()


@dataclasses.dataclass(kw_only=True, slots=True)
class GiftForm(Form):
    """A method that reads whom it is for by itself."""

    payee_open_id: str = schema.text(longest=128)


@dataclasses.dataclass(kw_only=True, slots=True)
class WrappedForm(Form):
    """The same, one object deeper."""

    gift: GiftForm | None = schema.part(GiftForm)


@pytest.mark.parametrize("form", [GiftForm, WrappedForm])
def test_a_person_field_added_on_purpose_is_found(form: type[Form]) -> None:
    assert undeclared([form]) == {("GiftForm", "payee_open_id")}


@pytest.fixture
def open_id(shop: Shop, buyer: WalletUser) -> str:
    """What the shop's app knows the buyer by."""
    return show_open_id(user_id=buyer.id, app_number=shop.app.app_number)


def test_create_takes_the_apps_own_id(shop: Shop, buyer: WalletUser, open_id: str) -> None:
    content = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "T"}
    assert shop.ask("alipay.trade.create", **content, buyer_open_id=open_id).node["code"] == "10000"


def test_another_apps_id_is_nobodys(shop: Shop, buyer: WalletUser) -> None:
    foreign = show_open_id(user_id=buyer.id, app_number=make_shop("Noodle Bar").app.app_number)
    content = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "T"}
    answer = shop.ask("alipay.trade.create", **content, buyer_open_id=foreign)
    assert answer.sub_code == "ACQ.BUYER_NOT_EXIST"


def test_an_agreement_is_found_debited_and_ended_by_the_apps_own_id(
    shop: Shop, buyer: WalletUser, open_id: str
) -> None:
    number = agreements.signed(shop, buyer)
    facts = {"personal_product_code": "GENERAL_WITHHOLDING_P", "sign_scene": "INDUSTRY|CARPARK"}
    found = shop.ask("alipay.user.agreement.query", **facts, alipay_open_id=open_id).node
    assert found["agreement_no"] == number
    paid = shop.ask(
        "alipay.trade.pay",
        out_trade_no=new_order(),
        total_amount="1.00",
        subject="T",
        product_code="GENERAL_WITHHOLDING",
        agreement_params={"agreement_no": number},
        buyer_open_id=open_id,
    )
    assert paid.node["code"] == "10000"
    ended = shop.ask("alipay.user.agreement.unsign", **facts, alipay_open_id=open_id)
    assert ended.node["code"] == "10000"


NAMES = {
    PersonNaming.USER_ID: {"user_id"},
    PersonNaming.BOTH: {"user_id", "open_id"},
    PersonNaming.OPEN_ID_ONLY: {"open_id"},
}


@pytest.mark.parametrize("field", ["buyer_id", "buyer_open_id"])
@pytest.mark.parametrize("scene", ["bar_code", "security_code"])
def test_a_code_pays_for_nobody_but_the_buyer_whom_the_merchant_names(
    shop: Shop, buyer: WalletUser, field: str, scene: str
) -> None:
    code = fresh_code(buyer) if scene == "bar_code" else make_terminal(shop).token(buyer)
    sale = {
        "out_trade_no": new_order(), "total_amount": "9.00", "subject": "T",
        "scene": scene, "auth_code": code,
    }  # fmt: skip
    other = make_payer(50_00)
    names = [
        show_open_id(user_id=one.id, app_number=shop.app.app_number)
        if field == "buyer_open_id"
        else one.user_number
        for one in (other, buyer)
    ]
    refused = shop.ask("alipay.trade.pay", **sale, **{field: names[0]})
    assert refused.sub_code == "ACQ.TRADE_BUYER_NOT_MATCH"
    assert [available_minor(one) for one in (other, buyer)] == [50_00, 1_000_00]
    assert shop.ask("alipay.trade.pay", **sale, **{field: names[1]}).node["code"] == OK


@pytest.mark.parametrize("naming", PersonNaming)
def test_answers_and_notifications_name_the_buyer_as_the_app_wants(
    shop: Shop, buyer: WalletUser, naming: PersonNaming
) -> None:
    set_person_naming(app_number=shop.app.app_number, naming=naming)
    order = new_order()
    nodes = [shop.pay(fresh_code(buyer), order=order).node]
    nodes.append(shop.ask("alipay.trade.query", out_trade_no=order).node)
    nodes.append(shop.ask("alipay.trade.refund", out_trade_no=order, refund_amount="12.00").node)
    for node in nodes:
        named = {name for name in ("user_id", "open_id") if f"buyer_{name}" in node}
        assert named == NAMES[naming]
    advance()
    params = Notification.objects.filter(out_trade_no=order).first().params  # type: ignore[union-attr]
    told = {"user_id": "buyer_id", "open_id": "buyer_open_id"}
    assert {name for name, key in told.items() if key in params} == NAMES[naming]


@pytest.mark.parametrize("method", ROWS)
def test_no_answer_names_a_person_by_number_where_the_app_wants_its_own_id(
    shop: Shop, buyer: WalletUser, method: str
) -> None:
    set_person_naming(app_number=shop.app.app_number, naming=PersonNaming.OPEN_ID_ONLY.value)
    forget_credentials()
    answer = shop.ask(method, **ROWS[method].content(shop, buyer))
    assert answer.node.get("code", OK) == OK
    told = json.dumps(answer.node, ensure_ascii=False)
    people = WalletUser.objects.values_list("user_number", flat=True)
    assert [number for number in people if number in told] == []
    relay.drain()
    for notice in Notification.objects.filter(app_number=shop.app.app_number):
        said = json.dumps(notice.params, ensure_ascii=False)
        assert [number for number in people if number in said] == [], notice.topic


def test_an_id_that_an_app_was_told_serves_it_afterwards(shop: Shop, buyer: WalletUser) -> None:
    set_person_naming(app_number=shop.app.app_number, naming=PersonNaming.OPEN_ID_ONLY)
    give_balance(shop.merchant, 10_00)
    told = shop.pay(fresh_code(buyer)).node["buyer_open_id"]
    payee = {"identity": told, "identity_type": "ALIPAY_OPEN_ID"}
    sent = shop.ask(
        "alipay.fund.trans.uni.transfer",
        out_biz_no=new_order(),
        trans_amount="1.00",
        product_code="TRANS_ACCOUNT_NO_PWD",
        biz_scene="DIRECT_TRANSFER",
        payee_info=payee,
    )
    assert sent.node["status"] == "SUCCESS"


def test_payees_of_splits_and_debtors_are_named_as_the_app_wants(shop: Shop) -> None:
    guest = make_trusted(points=640)
    check_out(shop, freeze(shop, guest, deposit_product_mode="POSTPAY").node["auth_no"])
    payer = make_user(balance_minor=200_00)
    friend, trade_no = bound(shop), paid(shop, payer)
    content = {"out_request_no": new_order(), "trade_no": trade_no}
    shop.ask(SETTLE, **content, royalty_parameters=[part(friend, "10.00")])
    takes = [{"royalty_type": "transfer", "trans_out": friend.user_number, "amount": "4.00"}]
    back = {"trade_no": trade_no, "out_request_no": "R1"}
    shop.ask("alipay.trade.refund", **back, refund_amount="50.00", refund_royalty_parameters=takes)
    set_person_naming(app_number=shop.app.app_number, naming=PersonNaming.OPEN_ID_ONLY.value)
    forget_credentials()
    answers = [
        shop.ask("alipay.trade.order.settle.query", **content),
        shop.ask("alipay.trade.royalty.relation.batchquery", out_request_no="B"),
        shop.ask("alipay.trade.query", trade_no=trade_no, query_options=["trade_settle_info"]),
        shop.ask("alipay.trade.fastpay.refund.query", **back, query_options=["refund_royaltys"]),
        shop.ask("alipay.trade.advance.consult", alipay_user_id=guest.user_number),
    ]
    own = {
        person: show_open_id(user_id=person.id, app_number=shop.app.app_number)
        for person in (friend, guest)
    }
    for answer, person in zip(answers, [friend] * 4 + [guest], strict=True):
        told = json.dumps(answer.node)
        assert person.user_number not in told
        assert own[person] in told
