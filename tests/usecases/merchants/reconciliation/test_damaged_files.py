"""Files that are no statement of ours, each in its own way: a code, and nothing is changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from config.kernel import clock
from config.kernel.errors import InvalidRequest
from merchants.reconciliation import files
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.models import BankLine, Break, StatementFile
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.values import FileFormat
from tests.factories.accounts import make_topup, make_user
from tests.factories.clock import advance
from tests.factories.settlement import noon

pytestmark = pytest.mark.django_db

Damage = Callable[[str], bytes]
HUGE = "9" * 30


@pytest.fixture
def day() -> date:
    """A day of two top-ups."""
    today = noon()
    make_topup(make_user(), 100_00)
    make_topup(make_user(), 20_00)
    advance(minutes=1)
    return today


def written(day: date, file_format: FileFormat) -> str:
    return "".join(files.write(statement_of(day), file_format))


def refusal(content: bytes) -> str:
    """The code that a file is refused with; whatever it is, nothing may be stored."""
    with pytest.raises(InvalidRequest) as caught:
        read_statement(content=content)
    assert [model.objects.count() for model in (StatementFile, BankLine, Break)] == [0, 0, 0]
    return caught.value.code


def replaced(old: str, new: str) -> Damage:
    def damage(text: str) -> bytes:
        assert old in text
        return text.replace(old, new, 1).encode()

    return damage


def in_dollars(text: str) -> bytes:
    return text.replace("CNY", "USD").encode()


def twice(text: str) -> bytes:
    """The same file after itself, the second without its header row."""
    return (text + text.partition("\n")[2]).encode()


def two_accounts(text: str) -> bytes:
    """A second statement in the same camt message."""
    begins, ends = text.index("<Stmt>"), text.index("</Stmt>") + len("</Stmt>")
    return (text[:ends] + text[begins:ends] + text[ends:]).encode()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        pytest.param(lambda text: text.encode("utf-16-le"), "statement_encoding", id="UTF-16"),
        pytest.param(lambda text: text.encode("utf-16"), "statement_encoding", id="UTF-16, BOM"),
        pytest.param(replaced("LINE", "LI\0NE"), "statement_encoding", id="NUL"),
        pytest.param(
            lambda text: text.replace("\n", "\r").encode(), "statement_format_unknown", id="CR only"
        ),
        pytest.param(lambda text: text[:-12].encode(), "statement_truncated", id="half a line"),
        pytest.param(lambda text: (text + '"').encode(), "statement_truncated", id="open quote"),
        pytest.param(replaced("LINE,", 'LINE,"x"y,'), "statement_line_invalid", id="stray quote"),
        pytest.param(replaced("LINE,", "LINE\r,"), "statement_line_invalid", id="stray CR"),
        pytest.param(twice, "statement_not_alone", id="two in one file"),
        pytest.param(replaced("SAOMA-CUSTODY", "X-1"), "statement_account_wrong", id="account"),
        pytest.param(
            lambda text: text.replace("CNY", "USD").encode(),
            "statement_account_wrong",
            id="dollars",
        ),
        pytest.param(
            replaced(",0,CNY,BOOKED", ",-1,CNY,BOOKED"), "statement_line_invalid", id="fee"
        ),
        pytest.param(replaced(",10000,", f",{HUGE},"), "statement_line_invalid", id="huge"),
        pytest.param(replaced(",10000,", ",1e4,"), "statement_line_invalid", id="exponent"),
        pytest.param(replaced(",10000,", ",100٠٠,"), "statement_line_invalid", id="other digits"),
        pytest.param(replaced(",10000,", ",100.00,"), "statement_line_invalid", id="major units"),
        pytest.param(replaced("LINE,20", "LINE,00"), "statement_line_invalid", id="long ago"),
    ],
)
def test_a_csv_file_that_is_no_statement_of_ours_is_refused(
    day: date, damage: Damage, code: str
) -> None:
    assert refusal(damage(written(day, FileFormat.CSV))) == code


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        pytest.param(lambda text: text.encode("utf-16"), "statement_encoding", id="UTF-16, BOM"),
        pytest.param(replaced('"UTF-8"', '"GBK"'), "statement_encoding", id="declared GBK"),
        pytest.param(replaced('"UTF-8"', '"no-such"'), "statement_encoding", id="declared nothing"),
        pytest.param(replaced("<Ntry>", "<Ntry>\0"), "statement_encoding", id="NUL"),
        pytest.param(replaced("<Ntry>", "<Ntry>\x01"), "statement_line_invalid", id="control"),
        pytest.param(lambda text: text[:-12].encode(), "statement_truncated", id="half a line"),
        pytest.param(two_accounts, "statement_not_alone", id="two in one file"),
        pytest.param(replaced("SAOMA-CUSTODY", "X-1"), "statement_account_wrong", id="account"),
        pytest.param(
            replaced("<Othr><Id>SAOMA-CUSTODY</Id></Othr>", "<IBAN>DE02120300000000202051</IBAN>"),
            "statement_account_wrong",
            id="IBAN",
        ),
        pytest.param(
            lambda text: text.replace("CNY", "USD").encode(),
            "statement_account_wrong",
            id="dollars",
        ),
        pytest.param(replaced(">100.00<", ">-100.00<"), "statement_line_invalid", id="negative"),
        pytest.param(replaced(">100.00<", f">{HUGE}<"), "statement_line_invalid", id="huge"),
        pytest.param(replaced(">100.00<", ">1E2<"), "statement_line_invalid", id="exponent"),
        pytest.param(replaced(">100.00<", ">100.001<"), "statement_line_invalid", id="decimals"),
        pytest.param(replaced("<DtTm>20", "<DtTm>00"), "statement_line_invalid", id="long ago"),
    ],
)
def test_a_camt_file_that_is_no_statement_of_ours_is_refused(
    day: date, damage: Damage, code: str
) -> None:
    assert refusal(damage(written(day, FileFormat.CAMT))) == code


@pytest.mark.parametrize("file_format", FileFormat)
def test_two_days_in_one_file_are_refused(day: date, file_format: FileFormat) -> None:
    advance(days=1)
    make_topup(make_user(), 30_00)
    advance(minutes=1)
    both = statement_of(day)
    next_day = statement_of(clock.house_day())
    lines = both.lines + next_day.lines
    both = replace(both, lines=lines, closing_minor=next_day.closing_minor)
    text = "".join(files.write(both, file_format))
    assert refusal(text.encode()) == "statement_date_wrong"


@pytest.mark.parametrize("file_format", FileFormat)
@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_of_utf_8_does_no_harm(
    day: date, file_format: FileFormat, prefix: bytes
) -> None:
    file, is_new = read_statement(content=prefix + written(day, file_format).encode())
    assert (is_new, file.line_count) == (True, 2)


def test_lines_that_end_as_windows_writes_them_are_read(day: date) -> None:
    text = written(day, FileFormat.CSV).replace("\n", "\r\n")
    assert read_statement(content=text.encode())[0].line_count == 2


@pytest.mark.parametrize("ancient", ["0001-01-01", "1999-12-31"])
def test_a_statement_of_an_empty_day_before_our_time_is_refused(day: date, ancient: str) -> None:
    empty = replace(statement_of(day), lines=(), opening_minor=0, closing_minor=0)
    text = "".join(files.write(empty, FileFormat.CSV)).replace(f",{day},", f",{ancient},")
    assert refusal(text.encode()) == "statement_date_wrong"
