"""A merchant's money asked for without a file: its balance, its movements, its sales."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.kernel.local_times import local_times
from merchants.bills import queries as bills
from merchants.bills.files import KINDS, OTHER
from merchants.bills.rules import note_of, serial
from merchants.bills.values import Movement, Named, Period, TradeRow
from merchants.consents.values import Scope
from merchants.funds.queries import balance_of
from merchants.gateway.methods.bills import BILLS
from merchants.gateway.schema import (
    Answer,
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Method,
    moment,
    text,
)
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant
from merchants.protocol.formats import beijing, yuan
from merchants.settlement.accounts import held_before
from wallet import public as wallet

_beijing: Final = local_times("Asia/Shanghai")
_LONGEST: Final = timedelta(days=31)
_LARGEST_PAGE: Final = 2000
_COUNT: Final = r"[1-9][0-9]{0,5}"


@dataclass(kw_only=True, slots=True)
class BalanceForm(Form):
    """alipay.data.bill.balance.query: the merchant's own, whoever is named."""

    bill_user_id: str = text(longest=32)


@dataclass(kw_only=True, slots=True)
class SpanForm(Form):
    """A page of what happened in [start_time, end_time), at most 31 days."""

    start_time: datetime | None = moment()
    end_time: datetime | None = moment()
    alipay_order_no: str = text(longest=64)
    merchant_order_no: str = text(longest=64)
    page_no: str = text(pattern=_COUNT)
    page_size: str = text(pattern=_COUNT)


@dataclass(kw_only=True, slots=True)
class AccountLogForm(SpanForm):
    """alipay.data.bill.accountlog.query."""

    trans_code: str = text(longest=64)
    bill_user_id: str = text(longest=32)


@dataclass(kw_only=True, slots=True)
class SellForm(SpanForm):
    """alipay.data.bill.sell.query."""

    store_no: str = text(longest=32)


@dataclass(kw_only=True, slots=True)
class BalanceAnswer(Answer):
    """What the merchant has: free, held, and sold but not settled yet."""

    available_amount: str
    freeze_amount: str
    settle_amount: str
    total_amount: str


@dataclass(kw_only=True, slots=True)
class PageAnswer(Answer):
    """One page, and how many rows there are in all."""

    detail_list: list[dict[str, str]] | None
    page_no: str
    page_size: str
    total_size: str


def balance(call: Call, form: BalanceForm) -> BalanceAnswer:
    """Tell what the merchant has."""
    if form.bill_user_id not in ("", call.app.merchant_number):
        raise FieldInvalid(field="bill_user_id")
    owner = merchant(call.app.merchant_id)
    own = balance_of(owner)
    unsettled_minor = sum(
        wallet.balance(account_id).posted_minor
        for account_id in (owner.pending_account_id, owner.payable_account_id)
        if account_id is not None and wallet.is_open(account_id)
    )
    return BalanceAnswer(
        available_amount=yuan(own.available_minor),
        freeze_amount=yuan(own.held_minor),
        settle_amount=yuan(unsettled_minor),
        total_amount=yuan(own.posted_minor + unsettled_minor),
    )


def account_log(call: Call, form: AccountLogForm) -> PageAnswer:
    """List the movements of the merchant's money, oldest first."""
    owner, period = merchant(call.app.merchant_id), _period(form)
    rows = (
        row
        for row in _log_rows(owner, period)
        if form.alipay_order_no in ("", row["alipay_order_no"])
        and form.merchant_order_no in ("", row.get("merchant_order_no", ""))
    )
    return _page(form, rows, lambda row: row)


def _log_rows(owner: Merchant, period: Period) -> Iterator[dict[str, str]]:
    balance_minor = held_before(owner, period.begins_at)
    for part in bills.in_parts(bills.movements(owner, period), bills.AT_ONCE):
        names = bills.named(owner, part)
        for movement in part:
            balance_minor += movement.change_minor
            row = _log_row(movement, names, owner.zone) | {"balance": yuan(balance_minor)}
            yield {name: value for name, value in row.items() if value}


def _log_row(movement: Movement, names: Named, zone: str) -> dict[str, str]:
    journal = movement.journal_id
    return {
        "account_log_id": serial(journal, movement.at.astimezone(ZoneInfo(zone))),
        "alipay_order_no": names.numbers.get(journal, movement.number),
        "merchant_order_no": names.references.get(journal, ""),
        "other_account": names.counterparties.get(journal, ""),
        "direction": "收入" if movement.change_minor > 0 else "支出",
        "trans_amount": yuan(abs(movement.change_minor)),
        "trans_dt": beijing(movement.at),
        "trans_memo": note_of(movement.kind, movement.note),
        "type": KINDS.get(movement.kind, OTHER),
    }


def sales(call: Call, form: SellForm) -> PageAnswer:
    """List sales and refunds: sales first, each in order."""
    rows = (
        row
        for row in bills.trade_rows(merchant(call.app.merchant_id), _period(form))
        if form.alipay_order_no in ("", row.number)
        and form.merchant_order_no in ("", row.reference)
        and form.store_no in ("", row.store)
    )
    return _page(form, rows, _sale)


def _sale(row: TradeRow) -> dict[str, str]:
    sale = {
        "alipay_order_no": row.number,
        "gmt_create": _beijing(row.created),
        "gmt_pay": "" if row.is_refund else _beijing(row.ended),
        "gmt_refund": _beijing(row.ended) if row.is_refund else "",
        "goods_memo": row.note,
        "goods_title": row.subject,
        "merchant_order_no": row.reference,
        "other_account": row.counterparty,
        "refund_amount": yuan(-row.amount_minor) if row.is_refund else "",
        "service_fee": yuan(abs(row.fee_minor)),
        "store_name": row.store_name,
        "store_no": row.store,
        "total_amount": "" if row.is_refund else yuan(row.amount_minor),
        "trade_status": "退款成功" if row.is_refund else "成功",
        "trade_type": "退款" if row.is_refund else "交易",
    }
    return {name: value for name, value in sale.items() if value}


def _period(form: SpanForm) -> Period:
    """Read which time is asked for.

    Raises:
        FieldMissing, FieldInvalid: an end of it is missing, or it is over 31 days.
    """
    if form.start_time is None:
        raise FieldMissing(field="start_time")
    if form.end_time is None:
        raise FieldMissing(field="end_time")
    if not form.start_time < form.end_time <= form.start_time + _LONGEST:
        raise FieldInvalid(field="end_time")
    return Period(form.start_time, form.end_time, "")


def _page(
    form: SpanForm, rows: Iterator[Any], write: Callable[[Any], dict[str, str]]
) -> PageAnswer:
    number, size = int(form.page_no or 1), int(form.page_size or _LARGEST_PAGE)
    if size > _LARGEST_PAGE:
        raise FieldInvalid(field="page_size")
    skipped = sum(1 for _ in islice(rows, (number - 1) * size))
    listed = [write(row) for row in islice(rows, size)]
    total = skipped + len(listed) + sum(1 for _ in rows)
    return PageAnswer(
        detail_list=listed or None,
        page_no=str(number),
        page_size=str(size),
        total_size=str(total),
    )


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.data.bill.balance.query", BalanceForm, balance, BILLS, Scope.READ),
    Method("alipay.data.bill.accountlog.query", AccountLogForm, account_log, BILLS, Scope.READ),
    Method("alipay.data.bill.sell.query", SellForm, sales, BILLS, Scope.READ),
)
