"""The bill's files as the protocol's readers know them: GBK text with a TAB after each text.

Amounts are signed yuan; a comma in a text becomes a full-width one and a letter that GBK
does not have a question mark, because the format quotes nothing.
"""

import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import IO, Final
from zoneinfo import ZoneInfo

from config.kernel import clock
from config.kernel.local_times import local_times
from merchants.bills import queries
from merchants.bills.rules import note_of, serial
from merchants.bills.values import BillKind, MovementSums, Period, TradeRow, TradeSums
from merchants.onboarding.models import Merchant
from merchants.settlement.accounts import held_before
from wallet.money import format_amount

ENCODING: Final = "gbk"
IN_MEMORY: Final = 4_000_000
LINES_AT_ONCE: Final = 500
ZERO: Final = "0.00"
TRADE_COLUMNS: Final = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
TRADE_SUM_COLUMNS: Final = (
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,"
    "商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）"
)
ACCOUNT_COLUMNS: Final = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,"
    "账户余额（元）,交易渠道,业务类型,备注"
)
ACCOUNT_SUM_COLUMNS: Final = "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）"
# What the account bill calls our kinds of journal.
KINDS: Final = {
    "payment": "在线支付",
    "refund": "交易退款",
    "settlement": "收费",
    "payout": "提现",
    "payout_returned": "提现退回",
    "escrow_release": "在线支付",
    "split": "交易分账",
    "split_return": "分账退回",
    "balance_topup": "充值",
    "debt_collected": "还款",
    "merchant_transfer": "转账",
    "merchant_transfer_failed": "转账退回",
    "merchant_transfer_returned": "转账退回",
}
OTHER: Final = "其它"


# What neither we nor the merchant take off a price: red packets, points, rebates, vouchers.
_NO_REBATES: Final = ",".join((ZERO, ZERO, ZERO, ZERO, ZERO, "\t", ZERO, ZERO))


class GbkInfo(zipfile.ZipInfo):
    """An entry whose name is GBK and not marked as UTF-8, as old readers expect."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (zipfile's own name)
        return self.filename.encode(ENCODING), self.flag_bits & ~0x800


class _Sheet:
    """One CSV being written, line by line, into an open entry."""

    def __init__(self, entry: IO[bytes]) -> None:
        self.entry = entry

    def line(self, text: str) -> None:
        """Write one line."""
        self.lines([text])

    def lines(self, texts: Iterable[str]) -> None:
        """Write some lines, a few hundred at a time."""
        for part in queries.in_parts(texts, LINES_AT_ONCE):
            self.entry.write("\r\n".join([*part, ""]).encode(ENCODING, "replace"))

    def frame(self, merchant: Merchant, period: Period, title: str) -> None:
        """Write the lines before the table."""
        begins, ends = _long(period.begins_at, merchant), _long(period.ends_at, merchant)
        self.line(f"#支付宝{title}查询")
        self.line(f"#账号：[{merchant.merchant_number}0156]")
        self.line(f"#起始日期：[{begins}]   终止日期：[{ends}]")

    def open_list(self, title: str) -> None:
        """Write the line that readers look for before the table."""
        self.line(f"#{'-' * 41}{title}列表{'-' * 40}")

    def close_list(self, title: str) -> None:
        """Write the line after it."""
        self.line(f"#{'-' * 41}{title}列表结束{'-' * 36}")


def bill_file(
    merchant: Merchant, kind: BillKind, period: Period
) -> tempfile.SpooledTemporaryFile[bytes]:
    """Write a merchant's bill as a zip; memory stays bounded, however long the bill is.

    The file is open at its beginning and goes away when it is closed.
    """
    whole = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller's)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind is BillKind.TRADES:
            _trades(archive, merchant, period)
        else:
            _account(archive, merchant, period)
    whole.seek(0)
    return whole


def _entry(archive: zipfile.ZipFile, merchant: Merchant, period: Period, name: str) -> IO[bytes]:
    at = clock.now().astimezone(ZoneInfo(merchant.zone))
    info = GbkInfo(f"{merchant.merchant_number}0156_{period.label}_{name}.csv", at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(info, "w", force_zip64=False)


def _trades(archive: zipfile.ZipFile, merchant: Merchant, period: Period) -> None:
    total = TradeSums()
    by_store: dict[tuple[str, str], TradeSums] = defaultdict(TradeSums)
    with _entry(archive, merchant, period, "业务明细") as entry:
        sheet = _Sheet(entry)
        sheet.frame(merchant, period, "业务明细")
        sheet.open_list("业务明细")
        sheet.line(TRADE_COLUMNS)
        sheet.lines(_trade_lines(queries.trade_rows(merchant, period), merchant, by_store))
        for sums in by_store.values():
            total.join(sums)
        sheet.close_list("业务明细")
        sheet.line(
            f"#交易合计：{total.sales}笔，商家实收共{_yuan(total.sold_minor)}元，商家优惠共0.00元"
        )
        sheet.line(
            f"#退款合计：{total.refunds}笔，商家实收退款共{_yuan(total.refunded_minor)}元，"
            "商家优惠退款共0.00元"
        )
        sheet.line(f"#导出时间：[{_long(clock.now(), merchant)}]")
    with _entry(archive, merchant, period, "业务明细(汇总)") as entry:
        sheet = _Sheet(entry)
        sheet.frame(merchant, period, "业务汇总")
        sheet.open_list("业务汇总")
        sheet.line(TRADE_SUM_COLUMNS)
        for (code, name), sums in sorted(by_store.items()):
            sheet.line(",".join([_text(code), _text(name), *_sum_cells(sums)]))
        sheet.line(",".join(["合计\t", "\t", *_sum_cells(total)]))
        sheet.close_list("业务汇总")
        sheet.line(f"#导出时间：[{_long(clock.now(), merchant)}]")


def _trade_lines(
    rows: Iterable[TradeRow], merchant: Merchant, by_store: dict[tuple[str, str], TradeSums]
) -> Iterator[str]:
    """Each row as a line; `by_store` gets what they add up to."""
    local = local_times(merchant.zone)
    for row in rows:
        (
            number, reference, refund_number, subject, created, ended, store, store_name, operator,
            till, party, amount_minor, fee_minor, split_minor, note, split_number,
        ) = row  # fmt: skip
        by_store[store, store_name].add(row)
        kind = "退款" if refund_number else "分账" if split_number else "交易"
        amount = _yuan(amount_minor)
        yield (
            f"{number}\t,{_clean(reference)}\t,{kind},{_text(subject, tab='')},"
            f"{local(created)},{local(ended)},{_texts(store, store_name, operator, till, party)},"
            f"{amount},{amount},{_NO_REBATES},{_text(refund_number or split_number)},"
            f"{_yuan(fee_minor)},{_yuan(split_minor)},{_text(note)}"
        )


def _sum_cells(sums: TradeSums) -> Iterable[str]:
    amount = _yuan(sums.amount_minor)
    return (
        str(sums.sales),
        str(sums.refunds),
        amount,
        amount,
        ZERO,
        ZERO,
        ZERO,
        _yuan(sums.fee_minor),
        _yuan(sums.split_minor),
        _yuan(sums.net_minor),
    )


def _account(archive: zipfile.ZipFile, merchant: Merchant, period: Period) -> None:
    by_kind: dict[str, MovementSums] = defaultdict(MovementSums)
    with _entry(archive, merchant, period, "账务明细") as entry:
        sheet = _Sheet(entry)
        sheet.frame(merchant, period, "账务明细")
        sheet.open_list("账务明细")
        sheet.line(ACCOUNT_COLUMNS)
        for cells, kind, change_minor in _account_rows(merchant, period):
            by_kind[kind].add(change_minor)
            sheet.line(",".join(cells))
        sheet.close_list("账务明细")
        whole = _whole(by_kind.values())
        sheet.line(f"#支出合计：{whole.outs}笔，共{_yuan(whole.out_minor)}元")
        sheet.line(f"#收入合计：{whole.ins}笔，共{_yuan(whole.in_minor)}元")
        sheet.line(f"#导出时间：[{_long(clock.now(), merchant)}]")
    with _entry(archive, merchant, period, "账务汇总") as entry:
        sheet = _Sheet(entry)
        sheet.frame(merchant, period, "账务汇总")
        sheet.open_list("账务汇总")
        sheet.line(ACCOUNT_SUM_COLUMNS)
        for kind, sums in sorted(by_kind.items()):
            sheet.line(",".join([_text(kind), *_kind_cells(sums)]))
        sheet.line(",".join(["合计\t", *_kind_cells(whole)]))
        sheet.close_list("账务汇总")
        sheet.line(f"#导出时间：[{_long(clock.now(), merchant)}]")


def _account_rows(merchant: Merchant, period: Period) -> Iterator[tuple[list[str], str, int]]:
    held_minor = held_before(merchant, period.begins_at)
    for part in queries.in_parts(queries.movements(merchant, period), queries.AT_ONCE):
        names = queries.named(merchant, part)
        for moved in part:
            held_minor += moved.change_minor
            kind = KINDS.get(moved.kind, OTHER)
            came = moved.change_minor > 0
            cells = [
                _text(serial(moved.journal_id, moved.at.astimezone(ZoneInfo(merchant.zone)))),
                _text(names.numbers.get(moved.journal_id, moved.number)),
                _text(names.references.get(moved.journal_id, "")),
                _text(names.subjects.get(moved.journal_id, ""), tab=""),
                _short(moved.at, merchant),
                _text(names.counterparties.get(moved.journal_id, "")),
                _yuan(moved.change_minor) if came else ZERO,
                ZERO if came else _yuan(moved.change_minor),
                _yuan(held_minor),
                "支付宝",
                kind,
                _text(note_of(moved.kind, moved.note)),
            ]
            yield cells, kind, moved.change_minor


def _whole(sums: Iterable[MovementSums]) -> MovementSums:
    whole = MovementSums()
    for one in sums:
        whole.ins += one.ins
        whole.outs += one.outs
        whole.in_minor += one.in_minor
        whole.out_minor += one.out_minor
    return whole


def _kind_cells(sums: MovementSums) -> Iterable[str]:
    return (
        str(sums.ins),
        _yuan(sums.in_minor),
        str(sums.outs),
        _yuan(sums.out_minor),
        _yuan(sums.in_minor + sums.out_minor),
    )


def _clean(value: str) -> str:
    return " ".join(value.split()).replace(",", "，")


@lru_cache(maxsize=1024)
def _text(value: str, *, tab: str = "\t") -> str:
    return _clean(value) + tab


@lru_cache(maxsize=4096)
def _texts(*values: str) -> str:
    return ",".join(map(_text, values))


@lru_cache(maxsize=4096)
def _yuan(amount_minor: int) -> str:
    return format_amount(amount_minor, "CNY")


def _short(at: datetime, merchant: Merchant) -> str:
    return f"{at.astimezone(ZoneInfo(merchant.zone)):%Y-%m-%d %H:%M:%S}"


def _long(at: datetime, merchant: Merchant) -> str:
    return f"{at.astimezone(ZoneInfo(merchant.zone)):%Y年%m月%d日 %H:%M:%S}"
