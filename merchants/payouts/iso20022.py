"""What we and the bank write to each other: ISO 20022 pain.001, pain.002 and camt.054.

Only the part that payouts of one account need. Accounts are `Othr/Id`, as in China, and IBANs
where they are some. Reading refuses document types and entities, nests at most MAX_DEPTH deep
and takes a message whole or not at all.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.ElementTree import iterparse

from config.kernel.errors import InvalidRequest, SaomaError
from merchants.payouts.values import BankResult
from wallet.money import format_amount, parse_amount

PAIN_001 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT_054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
ACCOUNT = "SAOMA-CUSTODY"
NAME = "Saoma"
MAX_BYTES = 16 * 1024 * 1024
MAX_NOTICES = 100_000
MAX_DEPTH = 20
_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", re.ASCII)
_STATUS = {BankResult.PAID: "ACSC", BankResult.RETURNED: "RJCT"}
_RESULTS = {code: result for result, code in _STATUS.items()}
CSV_HEADER = ("reference", "amount", "currency", "bank", "account", "holder", "date")


class BankMessageInvalid(InvalidRequest):
    """A message of the bank that we cannot read; `expected` says what it should have had."""

    code = "bank_message_invalid"
    message = "The bank's message cannot be read."


class Order(NamedTuple):
    """One payout as the bank is asked for it; `reference` is ours, 32 hex digits."""

    reference: str
    amount_minor: int
    currency: str
    bank: str
    account: str
    holder: str


class Notice(NamedTuple):
    """One thing the bank says of a payout; amounts in minor units, not negative."""

    reference: str
    result: BankResult
    reason: str
    amount_minor: int
    currency: str


def write_orders(orders: Sequence[Order], *, number: str, at: datetime) -> bytes:
    """Write payouts as pain.001.001.09, one payment information for each currency.

    Args:
        orders: at least one.
        number: of the message, at most 30 characters; the same number is the same message.
        at: when it is made; its day is the requested execution date.
    """
    document = Element("Document", xmlns=PAIN_001)
    root = SubElement(document, "CstmrCdtTrfInitn")
    head = SubElement(root, "GrpHdr")
    _texts(head, MsgId=number, CreDtTm=at.isoformat(), NbOfTxs=str(len(orders)))
    _texts(SubElement(head, "InitgPty"), Nm=NAME)
    for currency in sorted({order.currency for order in orders}):
        group = [order for order in orders if order.currency == currency]
        _payment_information(root, group, number=f"{number}-{currency}", at=at)
    return _written(document)


def _payment_information(
    root: Element, orders: Sequence[Order], *, number: str, at: datetime
) -> None:
    currency = orders[0].currency
    total = format_amount(sum(order.amount_minor for order in orders), currency)
    info = SubElement(root, "PmtInf")
    _texts(info, PmtInfId=number, PmtMtd="TRF", NbOfTxs=str(len(orders)), CtrlSum=total)
    _texts(SubElement(info, "ReqdExctnDt"), Dt=at.date().isoformat())
    _texts(SubElement(info, "Dbtr"), Nm=NAME)
    account = SubElement(info, "DbtrAcct")
    _texts(SubElement(SubElement(account, "Id"), "Othr"), Id=ACCOUNT)
    _texts(account, Ccy=currency)
    _texts(SubElement(SubElement(info, "DbtrAgt"), "FinInstnId"), Nm=f"{NAME} custodian")
    for order in orders:
        _transfer(info, order)


def _transfer(info: Element, order: Order) -> None:
    transfer = SubElement(info, "CdtTrfTxInf")
    _texts(SubElement(transfer, "PmtId"), InstrId=order.reference, EndToEndId=order.reference)
    _amount(SubElement(transfer, "Amt"), "InstdAmt", order.amount_minor, order.currency)
    _texts(SubElement(SubElement(transfer, "CdtrAgt"), "FinInstnId"), Nm=order.bank or "unknown")
    _texts(SubElement(transfer, "Cdtr"), Nm=order.holder or "unknown")
    identity = SubElement(SubElement(transfer, "CdtrAcct"), "Id")
    if _IBAN.fullmatch(order.account):
        _texts(identity, IBAN=order.account)
    else:
        _texts(SubElement(identity, "Othr"), Id=order.account or "unknown")
    _texts(SubElement(transfer, "RmtInf"), Ustrd=f"settlement {order.reference}")


def write_csv(orders: Iterable[Order], *, at: datetime) -> Iterator[str]:
    """Write payouts as comma-separated values, amounts in major units."""
    yield _row(CSV_HEADER)
    for order in orders:
        amount = format_amount(order.amount_minor, order.currency)
        payee_fields = (order.bank, order.account, order.holder)
        yield _row((order.reference, amount, order.currency, *payee_fields, at.date().isoformat()))


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def write_status(notices: Iterable[Notice], *, number: str, at: datetime) -> bytes:
    """Write what became of payouts as the bank does in pain.002.001.10."""
    document = Element("Document", xmlns=PAIN_002)
    root = SubElement(document, "CstmrPmtStsRpt")
    _texts(SubElement(root, "GrpHdr"), MsgId=number, CreDtTm=at.isoformat())
    original = SubElement(root, "OrgnlGrpInfAndSts")
    _texts(original, OrgnlMsgId=number, OrgnlMsgNmId="pain.001.001.09")
    payments = SubElement(root, "OrgnlPmtInfAndSts")
    _texts(payments, OrgnlPmtInfId=number)
    for notice in notices:
        status = SubElement(payments, "TxInfAndSts")
        _texts(status, OrgnlEndToEndId=notice.reference, TxSts=_STATUS[notice.result])
        if notice.reason:
            reason = SubElement(SubElement(status, "StsRsnInf"), "Rsn")
            _texts(reason, Prtry=notice.reason)
        amount = SubElement(SubElement(status, "OrgnlTxRef"), "Amt")
        _amount(amount, "InstdAmt", notice.amount_minor, notice.currency)
    return _written(document)


def write_return(notice: Notice, *, number: str, at: datetime) -> bytes:
    """Write money that came back after it had been paid, as camt.054.001.08 tells of it."""
    document = Element("Document", xmlns=CAMT_054)
    root = SubElement(document, "BkToCstmrDbtCdtNtfctn")
    _texts(SubElement(root, "GrpHdr"), MsgId=number, CreDtTm=at.isoformat())
    notification = SubElement(root, "Ntfctn")
    _texts(notification, Id=number, CreDtTm=at.isoformat())
    account = SubElement(notification, "Acct")
    _texts(SubElement(SubElement(account, "Id"), "Othr"), Id=ACCOUNT)
    entry = SubElement(notification, "Ntry")
    _amount(entry, "Amt", notice.amount_minor, notice.currency)
    _texts(entry, CdtDbtInd="CRDT")
    _texts(SubElement(entry, "Sts"), Cd="BOOK")
    _texts(SubElement(entry, "BookgDt"), DtTm=at.isoformat())
    _texts(entry, AcctSvcrRef=number)
    _texts(SubElement(SubElement(entry, "BkTxCd"), "Prtry"), Cd="RETURN")
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    _texts(SubElement(details, "Refs"), EndToEndId=notice.reference)
    if notice.reason:
        _texts(SubElement(SubElement(details, "RtrInf"), "Rsn"), Prtry=notice.reason)
    return _written(document)


def read_notices(content: bytes) -> list[Notice]:
    """Read a pain.002.001.10 or a camt.054.001.08; whatever it says of payouts, in order.

    Raises:
        BankMessageInvalid: it is too large, no such message, forbidden XML, or not well formed.
    """
    if len(content) > MAX_BYTES:
        raise BankMessageInvalid(expected=f"at most {MAX_BYTES} bytes")
    notices: list[Notice] = []
    depth, namespace = 0, ""
    try:
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                if depth == 1:
                    namespace = _namespace(element)
                if depth > MAX_DEPTH:
                    raise BankMessageInvalid(expected=f"at most {MAX_DEPTH} levels")
                continue
            depth -= 1
            notice = _READERS[namespace](element)
            if notice is not None:
                notices.append(notice)
                element.clear()
            if len(notices) > MAX_NOTICES:
                raise BankMessageInvalid(expected=f"at most {MAX_NOTICES} payouts")
    except (ParseError, ValueError, LookupError) as error:  # forbidden XML is a ValueError
        raise BankMessageInvalid(expected="a whole ISO 20022 message") from error
    return notices


def _namespace(element: Element) -> str:
    namespace, _, name = element.tag.removeprefix("{").partition("}")
    if name != "Document" or namespace not in _READERS:
        raise BankMessageInvalid(expected="pain.002.001.10 or camt.054.001.08")
    return namespace


def _read_status(element: Element) -> Notice | None:
    """One TxInfAndSts; a payment that is only accepted so far says nothing yet."""
    if element.tag != f"{{{PAIN_002}}}TxInfAndSts":
        return None
    result = _RESULTS.get(_text(element, PAIN_002, "TxSts"))
    if result is None:
        return None
    amount_minor, currency = _read_amount(element, PAIN_002, "OrgnlTxRef/Amt/InstdAmt")
    return Notice(
        reference=_text(element, PAIN_002, "OrgnlEndToEndId"),
        result=result,
        reason=_reason(element, PAIN_002, "StsRsnInf/Rsn"),
        amount_minor=amount_minor,
        currency=currency,
    )


def _read_entry(element: Element) -> Notice | None:
    """One booked credit: money of a payout that came back."""
    if element.tag != f"{{{CAMT_054}}}Ntry":
        return None
    if _text(element, CAMT_054, "CdtDbtInd") != "CRDT":
        return None
    amount_minor, currency = _read_amount(element, CAMT_054, "Amt")
    return Notice(
        reference=_text(element, CAMT_054, "NtryDtls/TxDtls/Refs/EndToEndId"),
        result=BankResult.RETURNED,
        reason=_reason(element, CAMT_054, "NtryDtls/TxDtls/RtrInf/Rsn"),
        amount_minor=amount_minor,
        currency=currency,
    )


_READERS = {PAIN_002: _read_status, CAMT_054: _read_entry}


def _read_amount(element: Element, namespace: str, path: str) -> tuple[int, str]:
    amount = _child(element, namespace, path)
    try:
        if amount is None:
            raise ValueError("no amount")
        currency = amount.attrib["Ccy"]
        amount_minor = parse_amount((amount.text or "").strip(), currency)
    except (ValueError, KeyError, SaomaError) as error:
        raise BankMessageInvalid(expected=f"an amount in {path}") from error
    if amount_minor <= 0:
        raise BankMessageInvalid(expected=f"an amount above zero in {path}")
    return amount_minor, currency


def _reason(element: Element, namespace: str, path: str) -> str:
    for name in ("Cd", "Prtry"):
        reason = _child(element, namespace, f"{path}/{name}")
        if reason is not None:
            return (reason.text or "").strip()[:64]
    return ""


def _text(element: Element, namespace: str, path: str) -> str:
    child = _child(element, namespace, path)
    text = "" if child is None else (child.text or "").strip()
    if not text or len(text) > 64:
        raise BankMessageInvalid(expected=f"a short text in {path}")
    return text


def _child(element: Element, namespace: str, path: str) -> Element | None:
    return element.find("/".join(f"{{{namespace}}}{part}" for part in path.split("/")))


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text


def _amount(parent: Element, name: str, amount_minor: int, currency: str) -> None:
    element = SubElement(parent, name, Ccy=currency)
    element.text = format_amount(amount_minor, currency)


def _written(document: Element) -> bytes:
    text = tostring(document, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
