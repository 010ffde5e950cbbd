"""A merchant's first day with the real demo: every step over HTTP, then the books are proved."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lab.mock_merchant.client import Answer, Client
from lab.mock_merchant.receiver import Receiver, ResponsePlan
from tests.scenarios.demo import Demo, running_demo
from tests.scenarios.processes import eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture(scope="module")
def receiver(demo: Demo) -> Iterator[Receiver]:
    key = Path(demo.facts("sandbox")["gateway_public_key_file"]).read_text(encoding="utf-8")
    with Receiver(key, plan=ResponsePlan(fail_first=1)) as running:
        yield running


@pytest.fixture(scope="module")
def client(demo: Demo, receiver: Receiver) -> Client:
    return demo.client(notify_url=receiver.url)


def order() -> str:
    return f"DAY{uuid.uuid4().hex[:16]}"


def pay(demo: Demo, client: Client, amount: str, out_trade_no: str) -> Answer:
    code = demo.manage("paycode")
    return client.pay(out_trade_no=out_trade_no, amount=amount, subject="肉包子", auth_code=code)


def test_a_scan_pays_and_a_second_payment_of_the_order_is_refused(
    demo: Demo, client: Client
) -> None:
    number = order()
    assert pay(demo, client, "12.00", number).code == "10000"
    assert pay(demo, client, "12.00", number).sub_code == "ACQ.TRADE_HAS_SUCCESS"


def test_a_lost_answer_is_settled_by_a_query(demo: Demo, client: Client) -> None:
    number = order()
    pay(demo, client, "3.00", number)
    assert client.query(out_trade_no=number)["trade_status"] == "TRADE_SUCCESS"


def test_commands_in_another_terminal_know_the_demos_port(demo: Demo, client: Client) -> None:
    number = order()
    code = client.precreate(out_trade_no=number, amount="5.00", subject="肉包子")["qr_code"]
    assert demo.facts("scan", code)["order"] == number


def test_a_transfer_may_name_the_buyer_as_the_sandbox_prints_them(
    demo: Demo, client: Client
) -> None:
    facts = demo.facts("sandbox")
    payee = {"identity_type": "ALIPAY_LOGON_ID", "identity": facts["buyer_login"]}
    answer = client.call(
        "alipay.fund.trans.uni.transfer",
        out_biz_no=order(),
        trans_amount="1.00",
        product_code="TRANS_ACCOUNT_NO_PWD",
        biz_scene="DIRECT_TRANSFER",
        order_title="refund",
        payee_info=payee | {"name": facts["buyer_name"]},
    )
    assert answer.code == "10000", answer


def test_a_cancelled_payment_gives_the_money_back(demo: Demo, client: Client) -> None:
    number = order()
    pay(demo, client, "4.00", number)
    assert client.cancel(out_trade_no=number)["action"] == "refund"
    assert client.query(out_trade_no=number)["trade_status"] == "TRADE_CLOSED"


def test_two_parts_are_refunded_and_more_than_was_paid_is_refused(
    demo: Demo, client: Client
) -> None:
    number = order()
    pay(demo, client, "10.00", number)
    first = client.refund(amount="3.00", out_trade_no=number, out_request_no="R1")
    second = client.refund(amount="2.50", out_trade_no=number, out_request_no="R2")
    over = client.refund(amount="4.51", out_trade_no=number, out_request_no="R3")
    assert (first["refund_fee"], second["refund_fee"]) == ("3.00", "5.50")
    assert over.code == "40004"
    assert over.sub_code in {"ACQ.REASON_TRADE_REFUND_FEE_ERR", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"}


def test_a_notification_is_sent_again_after_a_500(demo: Demo, receiver: Receiver) -> None:
    eventually(lambda: len(receiver.inbox.calls) >= 1, "the first notification came")
    demo.manage("clock", "--advance", "4m")
    refused = receiver.inbox.calls[0]["notify_id"]
    eventually(lambda: refused in receiver.inbox.accepted, "it came again and was believed")
    assert receiver.inbox.refused == []


def test_after_a_day_the_merchant_is_settled_and_paid_out_to_the_fen(demo: Demo) -> None:
    business_date = beijing_day(demo.facts("clock")["now"])
    demo.manage("clock", "--advance", "1d")
    eventually(lambda: states(demo, business_date) == {"PAID"}, "the batch was paid out")
    report = demo.facts("settle", "--date", business_date)
    totals = report["totals"][0]
    assert totals["ledger_agrees"] is True
    assert (totals["gross"], totals["refunded"]) == ("29.00", "9.50")


def test_the_books_and_the_audit_hold(demo: Demo) -> None:
    assert demo.facts("verify_ledger")["ok"] is True
    assert demo.facts("verify_audit")["ok"] is True


def states(demo: Demo, business_date: str) -> set[str]:
    return {batch["state"] for batch in demo.facts("settle", "--date", business_date)["batches"]}


def beijing_day(now: str) -> str:
    return datetime.fromisoformat(now).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
