"""Our camt.053 is read and written again by a library of others, and says the same."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from merchants.reconciliation import camt
from merchants.reconciliation.values import LineStatus, Statement, StatementLine

pytestmark = pytest.mark.slow
AT = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)


def line(reference: str, amount_minor: int, **others: Any) -> StatementLine:
    plain = StatementLine(
        f"{reference}-1", reference, amount_minor, 0, "CNY", LineStatus.BOOKED, AT
    )
    return plain._replace(**others)


def test_a_statement_survives_the_way_through_another_library() -> None:
    pytest.importorskip("xsdata")
    pytest.importorskip("pyiso20022")
    from pyiso20022.camt.camt_053_001_08 import Document
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.serializers import XmlSerializer

    lines = (
        line("a" * 32, 12_34),
        line("b" * 32, -99_99, fee_minor=7),
        line("", 1, currency="USD", bank_reference="X&<1"),
        line("c" * 32, 5_00, status=LineStatus.PENDING),
    )
    statement = Statement(date(2026, 3, 1), "CNY", AT, 100_00, 12_36, lines)
    content = "".join(camt.write(statement)).encode()
    document = XmlParser().from_bytes(content, Document)
    amounts = [str(entry.amt.value) for entry in document.bk_to_cstmr_stmt.stmt[0].ntry]
    assert amounts == ["12.34", "99.99", "0.01", "5.00"]
    again = XmlSerializer().render(document, ns_map={None: camt.NAMESPACE})
    assert camt.read(again.encode()) == statement
