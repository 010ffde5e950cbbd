"""Statements as ISO 20022 camt.053.001.08, the part of it that a day of one account needs.

Amounts are in major units, unsigned, with a credit or debit mark, as the standard has it.
Reading refuses document types and entities, nests at most MAX_DEPTH deep and keeps no tree.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from config.kernel.errors import SaomaError
from merchants.payouts.iso20022 import ACCOUNT
from merchants.reconciliation import rules
from merchants.reconciliation.values import LineStatus, Statement, StatementLine
from wallet.money import format_amount, parse_amount

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
MAX_DEPTH = 16
TEXT_CHARACTERS = 35
# What expat says of a document that stops: no element, an unclosed token, half a character.
_ENDED_EARLY = {3, 5, 6}
_N = f"{{{NAMESPACE}}}"
_STATUS = {LineStatus.BOOKED: "BOOK", LineStatus.PENDING: "PDNG"}
_READ_STATUS = {code: status for status, code in _STATUS.items()}


def write(statement: Statement) -> Iterator[str]:
    """A statement as XML, in parts."""
    made_at, day = statement.made_at.isoformat(), statement.day.isoformat()
    name = f"SAOMA-{day}-{statement.currency}"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{made_at}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><CreDtTm>{made_at}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>{statement.currency}</Ccy></Acct>"
    )
    yield _balance("OPBD", statement.opening_minor, statement.currency, day)
    yield _balance("CLBD", statement.closing_minor, statement.currency, day)
    yield (
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(statement.lines)}</NbOfNtries>"
        "</TtlNtries></TxsSummry>\n"
    )
    for line in statement.lines:
        yield _entry(line)
    yield "</Stmt></BkToCstmrStmt></Document>\n"


def _balance(code: str, amount_minor: int, currency: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f"{_amount(amount_minor, currency)}<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _amount(amount_minor: int, currency: str) -> str:
    mark = "CRDT" if amount_minor >= 0 else "DBIT"
    value = format_amount(abs(amount_minor), currency)
    return f'<Amt Ccy="{currency}">{value}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _entry(line: StatementLine) -> str:
    fee = ""
    if line.fee_minor:
        value = format_amount(line.fee_minor, line.currency)
        total = f'<TtlChrgsAndTaxAmt Ccy="{line.currency}">{value}</TtlChrgsAndTaxAmt>'
        fee = f"<Chrgs>{total}</Chrgs>"
    return (
        f"<Ntry>{_amount(line.amount_minor, line.currency)}"
        f"<Sts><Cd>{_STATUS[line.status]}</Cd></Sts>"
        f"<BookgDt><DtTm>{line.booked_at.isoformat()}</DtTm></BookgDt>"
        f"<AcctSvcrRef>{escape(line.bank_reference)}</AcctSvcrRef>"
        f"<BkTxCd><Prtry><Cd>SAOMA</Cd></Prtry></BkTxCd>{fee}"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{escape(line.reference) or 'NOTPROVIDED'}"
        "</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>\n"
    )


def read(content: bytes) -> Statement:
    """Read a statement.

    Raises:
        rules.StatementFormatUnknown: it is XML of another kind, or forbidden XML.
        rules.StatementNotAlone: it holds several statements.
        rules.StatementAccountWrong: it is another account's.
        rules.StatementTruncated: the document does not end, or entries are missing.
        rules.StatementLineInvalid: an entry is not well formed.
    """
    reader = _Reader()
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise rules.StatementFormatUnknown(depth=depth)
                if depth == 1 and element.tag != f"{_N}Document":
                    raise rules.StatementFormatUnknown()
            else:
                depth -= 1
                reader.take(element)
    except DefusedXmlException as error:
        raise rules.StatementFormatUnknown() from error
    except ParseError as error:
        if error.code in _ENDED_EARLY:
            raise rules.StatementTruncated(line=error.position[0]) from error
        raise rules.StatementLineInvalid(line=error.position[0]) from error
    return reader.statement()


class _Reader:
    """Keeps what is read of a document while its elements are let go."""

    def __init__(self) -> None:
        self.lines: list[StatementLine] = []
        self.balances: dict[str, tuple[int, str, date]] = {}
        self.made_at: datetime | None = None
        self.accounts: list[str] = []
        self.count: int | None = None

    def take(self, element: Element) -> None:
        """Read an element that has just ended."""
        name = element.tag.removeprefix(_N)
        number = len(self.lines) + 1
        if name not in {"Ntry", "Bal", "NbOfNtries", "GrpHdr", "Acct"}:
            return
        try:
            self._take(name, element)
        except (ValueError, KeyError, SaomaError) as error:
            if isinstance(error, rules.StatementTooLarge):
                raise
            raise rules.StatementLineInvalid(line=number) from error
        element.clear()

    def _take(self, name: str, element: Element) -> None:
        if name == "Ntry":
            self.lines.append(_read_entry(element))
            if len(self.lines) > rules.MAX_LINES:
                raise rules.StatementTooLarge(lines=len(self.lines))
        elif name == "Bal":
            code = _text(element, "Tp/CdOrPrtry/Cd")
            amount_minor, currency = _read_amount(element)
            self.balances[code] = (
                amount_minor,
                currency,
                date.fromisoformat(_text(element, "Dt/Dt")),
            )
        elif name == "Acct":
            own = _found(element, "Id/Othr/Id")
            self.accounts.append("" if own is None else (own.text or "")[:TEXT_CHARACTERS])
        elif name == "NbOfNtries":
            self.count = int(element.text or "")
        else:
            self.made_at = rules.moment(_text(element, "CreDtTm"))

    def statement(self) -> Statement:
        """The whole, once the document has ended."""
        opening, closing = self.balances.get("OPBD"), self.balances.get("CLBD")
        if len(self.accounts) > 1:
            raise rules.StatementNotAlone(statements=len(self.accounts))
        if self.accounts != [ACCOUNT]:
            raise rules.StatementAccountWrong(account="".join(self.accounts))
        if opening is None or closing is None or self.made_at is None:
            raise rules.StatementFormatUnknown()
        if self.count is not None and self.count != len(self.lines):
            raise rules.StatementTruncated(lines=len(self.lines))
        if opening[1:] != closing[1:]:
            raise rules.StatementDateWrong(day=opening[2].isoformat())
        return Statement(
            day=closing[2],
            currency=closing[1],
            made_at=self.made_at,
            opening_minor=opening[0],
            closing_minor=closing[0],
            lines=tuple(self.lines),
        )


def _read_entry(element: Element) -> StatementLine:
    amount_minor, currency = _read_amount(element)
    charge = _found(element, "Chrgs/TtlChrgsAndTaxAmt")
    fee_minor = 0
    if charge is not None:
        fee_minor = parse_amount(charge.text or "", charge.attrib["Ccy"])
        if fee_minor < 0 or charge.attrib["Ccy"] != currency:
            raise ValueError("a charge is taken in the entry's currency")
    reference = _text(element, "NtryDtls/TxDtls/Refs/EndToEndId")
    return StatementLine(
        bank_reference=_text(element, "AcctSvcrRef"),
        reference="" if reference == "NOTPROVIDED" else reference,
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        currency=currency,
        status=_READ_STATUS[_text(element, "Sts/Cd")],
        booked_at=rules.moment(_text(element, "BookgDt/DtTm")),
    )


def _read_amount(element: Element) -> tuple[int, str]:
    amount = _found(element, "Amt")
    if amount is None:
        raise ValueError("no amount")
    currency = amount.attrib["Ccy"]
    amount_minor = parse_amount(amount.text or "", currency)
    if amount_minor < 0:
        raise ValueError("amounts have a mark, not a sign")
    signs = {"CRDT": 1, "DBIT": -1}
    return signs[_text(element, "CdtDbtInd")] * amount_minor, currency


def _found(element: Element, path: str) -> Element | None:
    return element.find("/".join(f"{_N}{part}" for part in path.split("/")))


def _text(element: Element, path: str) -> str:
    child = _found(element, path)
    text = "" if child is None else (child.text or "").strip()
    if not text or len(text) > TEXT_CHARACTERS:
        raise ValueError(f"{path} is missing or too long")
    return text
