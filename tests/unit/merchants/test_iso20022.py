"""What we write to the bank and read of it: ISO 20022, held to the schema and to other readers."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from merchants.payouts import iso20022
from merchants.payouts.iso20022 import BankMessageInvalid, Notice, Order
from merchants.payouts.values import BankResult

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ORDERS = [
    Order(
        "0" * 31 + "1", 99_40, "CNY", "中国工商银行", "6222020200012300", "包子铺 & Söhne <GmbH>"
    ),
    Order("0" * 31 + "2", 1_00, "EUR", "BNP", "FR7630006000011234567890189", "Le Petit Bao"),
    Order("0" * 31 + "3", 5, "CNY", "", "", ""),
]
PAID = Notice("a" * 32, BankResult.PAID, "", 99_40, "CNY")
RETURNED = Notice("b" * 32, BankResult.RETURNED, "AC04", 1_00, "CNY")


def test_the_payout_file_keeps_to_the_schema() -> None:
    xmlschema = pytest.importorskip("xmlschema")
    sepaxml = pytest.importorskip("sepaxml")
    schema = xmlschema.XMLSchema(
        str(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd")
    )
    content = iso20022.write_orders(ORDERS, number="SAOMA-20260301", at=AT)
    schema.validate(content.decode())
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(content.decode().replace("<PmtMtd>TRF</PmtMtd>", ""))


def test_the_payout_file_is_read_by_another_library() -> None:
    pytest.importorskip("xsdata")
    from pyiso20022.pain.pain_001_001_09 import Document
    from xsdata.formats.dataclass.parsers import XmlParser

    content = iso20022.write_orders(ORDERS, number="SAOMA-20260301", at=AT)
    document = XmlParser().from_bytes(content, Document)
    transfers = [
        (transfer.pmt_id.end_to_end_id, str(transfer.amt.instd_amt.value))
        for info in document.cstmr_cdt_trf_initn.pmt_inf
        for transfer in info.cdt_trf_tx_inf
    ]
    assert transfers == [
        (ORDERS[0].reference, "99.40"),
        (ORDERS[2].reference, "0.05"),
        (ORDERS[1].reference, "1.00"),
    ]


def test_the_same_payouts_are_the_same_bytes() -> None:
    first, second = (iso20022.write_orders(ORDERS, number="N", at=AT) for _ in range(2))
    assert first == second


def test_csv_says_the_same() -> None:
    text = "".join(iso20022.write_csv(ORDERS, at=AT))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["reference"], row["amount"]) for row in rows] == [
        (ORDERS[0].reference, "99.40"),
        (ORDERS[1].reference, "1.00"),
        (ORDERS[2].reference, "0.05"),
    ]


def test_what_the_bank_writes_is_read_back() -> None:
    status = iso20022.write_status([PAID, RETURNED], number="N", at=AT)
    assert iso20022.read_notices(status) == [PAID, RETURNED]
    assert iso20022.read_notices(iso20022.write_return(RETURNED, number="N", at=AT)) == [RETURNED]


BOMB = b'<!DOCTYPE x [<!ENTITY a "aa">]><Document xmlns="%b">&a;</Document>'
STATUS = iso20022.write_status([PAID], number="N", at=AT)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(BOMB % iso20022.PAIN_002.encode(), id="a document type"),
        pytest.param(STATUS[:-20], id="truncated"),
        pytest.param(STATUS.replace(b"pain.002.001.10", b"pain.002.001.03"), id="other version"),
        pytest.param(STATUS.replace(b">99.40<", b">-99.40<"), id="negative"),
        pytest.param(STATUS.replace(b">99.40<", b">99.405<"), id="too precise"),
        pytest.param(STATUS.replace(b"<TxSts>ACSC</TxSts>", b""), id="no status"),
        pytest.param(b"<Document>" * 30 + b"</Document>" * 30, id="no namespace"),
        pytest.param(
            f'<Document xmlns="{iso20022.PAIN_002}">{"<a>" * 30}{"</a>" * 30}</Document>'.encode(),
            id="too deep",
        ),
    ],
)
def test_a_message_that_is_none_is_refused_whole(content: bytes) -> None:
    with pytest.raises(BankMessageInvalid):
        iso20022.read_notices(content)


def test_a_message_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iso20022, "MAX_BYTES", 10)
    with pytest.raises(BankMessageInvalid):
        iso20022.read_notices(STATUS)
