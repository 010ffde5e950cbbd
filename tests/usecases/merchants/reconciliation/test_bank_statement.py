"""`manage.py bank_statement`: the simulated bank's truth of a day, in both formats."""

import io
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from config.kernel import clock
from config.kernel.errors import InvalidRequest
from merchants.onboarding.models import Merchant
from merchants.payouts.models import Payout
from merchants.payouts.usecases.settle_date import settle_date
from merchants.reconciliation import files, rules
from merchants.reconciliation.values import FileFormat, Statement
from tests.factories.accounts import PIN, make_topup, make_user
from tests.factories.clock import advance
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from wallet.accounts.models import BankInstruction
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.public import account_id, balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)


def written(day: date, file_format: FileFormat = FileFormat.CSV) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("bank_statement", date=day, format=file_format.value, stdout=out)
    return out.getvalue()


def statement(day: date, file_format: FileFormat = FileFormat.CSV) -> Statement:
    """What the command prints, read again."""
    return files.read(written(day, file_format).encode())[0]


def reference(kind: str) -> str:
    """The number under which the bank knows the only order of a kind."""
    return BankInstruction.objects.get(kind=kind).id.hex


def test_a_topup_and_a_withdrawal_stand_in_the_days_statement_under_our_reference() -> None:
    today = noon()
    user = make_user()
    make_topup(user, 100_00)
    advance(minutes=1)
    request_withdrawal(user_id=user.id, key="w1", amount_minor=30_00, pin=PIN)
    advance(minutes=1)
    found = statement(today)
    assert [(line.reference, line.amount_minor, line.currency) for line in found.lines] == [
        (reference("TOPUP"), 100_00, "CNY"),
        (reference("WITHDRAWAL"), -30_00, "CNY"),
    ]
    assert (found.opening_minor, found.closing_minor) == (0, 70_00)
    assert found.closing_minor == balance(account_id("asset:custodian_bank")).posted_minor


def test_the_next_day_opens_with_what_the_day_before_closed_with() -> None:
    today = noon()
    make_topup(make_user(), 100_00)
    advance(days=1)
    make_topup(make_user(), 50_00)
    advance(minutes=1)
    assert statement(today + DAY).opening_minor == statement(today).closing_minor == 100_00
    assert [line.amount_minor for line in statement(today + DAY).lines] == [50_00]


@pytest.mark.parametrize(
    ("amount_minor", "moved"),
    [
        pytest.param(10_91, [], id="declined"),
        pytest.param(10_93, [10_93], id="said three times"),
        pytest.param(10_95, [], id="never answered"),
        pytest.param(10_96, [10_96, -10_96], id="paid, then recalled"),
    ],
)
def test_the_bank_moves_money_once_whatever_it_says(amount_minor: int, moved: list[int]) -> None:
    today = noon()
    make_topup(make_user(), amount_minor)
    advance(minutes=1)
    lines = statement(today).lines
    assert [line.amount_minor for line in lines] == moved
    assert len({line.bank_reference for line in lines}) == len(moved)


def paid_out(payout_account: str) -> tuple[date, Merchant, Payout]:
    """A merchant's sale of the day, settled and with the bank."""
    today = noon()
    merchant = make_merchant(payout_account=payout_account, fee_bps=0)
    sell(merchant, 100_00, payer=make_payer())
    settle_date(business_date=today)
    advance(minutes=1)
    return today, merchant, Payout.objects.get()


def test_a_payout_and_its_recall_stand_in_the_statement() -> None:
    today, _, payout = paid_out("6222020200012396")
    lines = [line for line in statement(today).lines if line.reference == payout.id.hex]
    assert [line.amount_minor for line in lines] == [-100_00, 100_00]


def test_a_payout_that_is_sent_back_at_once_moved_nothing() -> None:
    today, _, payout = paid_out("6222020200012391")
    assert payout.id.hex not in written(today)


def test_both_formats_say_the_same() -> None:
    today = noon()
    for amount_minor in (100_00, 10_96, 7):
        make_topup(make_user(), amount_minor)
    advance(minutes=1)
    assert statement(today, FileFormat.CAMT).lines == statement(today).lines


def test_camt_is_read_by_another_reader() -> None:
    today = noon()
    make_topup(make_user(), 100_07)
    advance(minutes=1)
    root = ET.fromstring(written(today, FileFormat.CAMT))
    space = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}
    entry = root.findall(".//c:Ntry", space)
    assert len(entry) == 1
    assert entry[0].findtext("c:Amt", namespaces=space) == "100.07"
    assert entry[0].findtext(".//c:EndToEndId", namespaces=space) == reference("TOPUP")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">&b;</Document>'
)
DEEP = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">' + "<a>" * 50


@pytest.mark.parametrize("content", [BOMB, DEEP, "<html></html>", "what,is,this\n1,2,3\n"])
def test_what_is_no_statement_is_refused(content: str) -> None:
    with pytest.raises(rules.StatementFormatUnknown):
        files.read(content.encode())


def damaged(text: str, kind: str) -> bytes:
    """A file that is wrong in one way."""
    if kind == "encoding":
        return text.encode("utf-16")
    if kind == "cut":
        return text[: len(text) * 2 // 3].encode()
    if kind == "lost line":
        kept = text.splitlines(keepends=True)
        return "".join(line for number, line in enumerate(kept) if number != 2).encode()
    if kind == "lying":
        return text.replace("10000", "10001", 1).replace(">100.00<", ">100.01<", 1).encode()
    if kind == "other day":
        day = clock.house_day()
        return text.replace(f"{day}", f"{day - DAY}").encode()
    return text.replace("CNY", "cny").encode()


@pytest.mark.parametrize("file_format", FileFormat)
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("encoding", "statement_encoding"),
        ("cut", "statement_truncated"),
        ("lying", "statement_totals_wrong"),
        ("letters", "statement_line_invalid"),
    ],
)
def test_a_damaged_file_is_refused_by_a_code(file_format: FileFormat, kind: str, code: str) -> None:
    today = noon()
    make_topup(make_user(), 100_00)
    make_topup(make_user(), 20_00)
    advance(minutes=1)
    with pytest.raises(InvalidRequest) as caught:
        files.read(damaged(written(today, file_format), kind))
    assert caught.value.code == code


def test_a_lost_line_and_a_line_of_another_day_are_seen() -> None:
    today = noon()
    make_topup(make_user(), 100_00)
    make_topup(make_user(), 20_00)
    advance(minutes=1)
    with pytest.raises(rules.StatementTruncated):
        files.read(damaged(written(today), "lost line"))
    moved = written(today).replace(f",{today},", f",{today - DAY},")
    with pytest.raises(rules.StatementDateWrong):
        files.read(moved.encode())
