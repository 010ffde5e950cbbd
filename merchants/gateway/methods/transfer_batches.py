"""Many transfers at once: fund.batch.uni.transfer, its query line by line, and its end."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from config.kernel import clock
from merchants.consents.values import Scope
from merchants.funds import queries
from merchants.funds.models import BatchLine, TransferBatch
from merchants.funds.rules import BATCH_WAITS, BATCH_WAITS_AT_MOST, MOST_LINES
from merchants.funds.usecases.open_batch import open_batch
from merchants.funds.usecases.send_batch import close_batch
from merchants.funds.values import Batch, Order, TransferKind
from merchants.gateway.methods.transfer_codes import GENERAL, MEANINGS, TRANSFERS
from merchants.gateway.methods.transfers import (
    CARD,
    TO_ACCOUNT,
    TO_CARD,
    TRANSFER_NUMBER,
    PayeeForm,
    SceneForm,
    check_scene,
    payee_of,
)
from merchants.gateway.schema import (
    Answer,
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Method,
    amount,
    moment,
    part,
    parts,
    text,
)
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.transfers import LOST, WON, line_status, status_of

UNI: Final = "alipay.fund.batch.uni.transfer"
CREATE: Final = "alipay.fund.batch.create"
# The product and the scene of a batch that its owner pays.
PAID_BY_OWNER: Final = frozenset({"BATCH_API_TO_ACC", "BATCH_PAY_V2"})
PAY_SCENE: Final = "MESSAGE_BATCH_PAY"
_COUNT: Final = r"[1-9][0-9]{0,5}"
_LARGEST_PAGE: Final = 100
BATCHES: Final = replace(
    TRANSFERS,
    meanings=MEANINGS | {"BATCH_STATUS_ERROR": "批次状态不允许关闭"},
    general=GENERAL
    | {"transfer_batch_ended": "BATCH_STATUS_ERROR", "transfer_batch_not_found": "ORDER_NOT_EXIST"},
)


@dataclass(kw_only=True, slots=True)
class LineForm(Form):
    """One of `trans_order_list`."""

    out_biz_no: str = text(required=True, pattern=TRANSFER_NUMBER, echoed=True)
    trans_amount: int = amount(required=True)
    payee_info: PayeeForm = part(PayeeForm, required=True)
    order_title: str = text(longest=128, echoed=True)
    remark: str = text(longest=200, echoed=True)


@dataclass(kw_only=True, slots=True)
class BatchForm(SceneForm):
    """alipay.fund.batch.uni.transfer: paid from the merchant's balance, line by line."""

    out_batch_no: str = text(required=True, pattern=TRANSFER_NUMBER, echoed=True)
    product_code: str = text(required=True, one_of=frozenset({TO_ACCOUNT, TO_CARD}))
    biz_scene: str = text(required=True, one_of=frozenset({"DIRECT_TRANSFER"}))
    total_count: str = text(pattern=_COUNT)
    total_trans_amount: int | None = amount()
    trans_order_list: list[LineForm] | None = parts(LineForm, required=True, most=MOST_LINES)
    order_title: str = text(longest=128, echoed=True)
    remark: str = text(longest=200, echoed=True)


@dataclass(kw_only=True, slots=True)
class BatchCreateForm(SceneForm):
    """alipay.fund.batch.create: the merchant's owner pays it afterwards, at a page or an app."""

    out_batch_no: str = text(required=True, pattern=TRANSFER_NUMBER, echoed=True)
    product_code: str = text(required=True, one_of=PAID_BY_OWNER)
    biz_scene: str = text(required=True, one_of=frozenset({PAY_SCENE}))
    order_title: str = text(required=True, longest=128, echoed=True)
    total_count: str = text(required=True, pattern=_COUNT)
    total_trans_amount: int | None = amount(required=True)
    trans_order_list: list[LineForm] | None = parts(LineForm, required=True, most=MOST_LINES)
    time_expire: datetime | None = moment()
    remark: str = text(longest=200, echoed=True)
    passback_params: str = text(longest=512)
    business_params: str = text(longest=2048)


@dataclass(kw_only=True, slots=True)
class BatchQueryForm(Form):
    """alipay.fund.batch.detail.query: either number; a page of its lines."""

    out_batch_no: str = text(pattern=TRANSFER_NUMBER, echoed=True)
    batch_no: str = text(longest=32)
    product_code: str = text(longest=64)
    biz_scene: str = text(longest=64)
    page_num: str = text(pattern=_COUNT)
    page_size: str = text(pattern=_COUNT)


@dataclass(kw_only=True, slots=True)
class BatchCloseForm(Form):
    """alipay.fund.batch.close."""

    batch_trans_id: str = text(longest=32)
    out_batch_no: str = text(pattern=TRANSFER_NUMBER, echoed=True)
    product_code: str = text(longest=64)
    biz_scene: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class BatchAnswer(Answer):
    """A batch that has been taken in."""

    batch_trans_id: str
    out_batch_no: str
    status: str


@dataclass(kw_only=True, slots=True)
class BatchQueryAnswer(Answer):
    """How a batch and a page of its lines stand."""

    acc_detail_list: list[dict[str, str]] | None
    batch_no: str
    batch_status: str
    batch_trans_id: str
    fail_amount: str
    fail_count: str
    gmt_finish: str | None
    out_batch_no: str
    page_num: str
    page_size: str
    success_amount: str
    success_count: str
    total_amount: str
    total_item_count: str
    total_page_count: str


def transfer_batch(call: Call, form: BatchForm) -> BatchAnswer:
    """Take in a batch; its lines are sent one after the other, each by itself."""
    row = open_batch(
        merchant_id=call.app.merchant_id,
        batch=_batch(call, form, UNI),
        count=int(form.total_count) if form.total_count else None,
        total_minor=form.total_trans_amount,
    )
    return _batch_answer(row)


def create(call: Call, form: BatchCreateForm) -> BatchAnswer:
    """Take in a batch that waits for its owner; nothing is sent before it is paid."""
    row = open_batch(
        merchant_id=call.app.merchant_id,
        batch=_batch(call, form, CREATE),
        count=int(form.total_count),
        total_minor=form.total_trans_amount,
        waits_until=waits_until(form.time_expire),
    )
    return _batch_answer(row)


def waits_until(until: datetime | None) -> datetime:
    """Until when the owner may pay.

    Raises:
        FieldInvalid: the time is past, or too far away.
    """
    now = clock.now()
    if until is None:
        return now + BATCH_WAITS
    if not now < until <= now + BATCH_WAITS_AT_MOST:
        raise FieldInvalid(field="time_expire", reason="应为15天内的未来时间")
    return until


def _batch(call: Call, form: BatchForm | BatchCreateForm, origin: str) -> Batch:
    check_scene(form)
    orders = tuple(_order(call, form, line) for line in form.trans_order_list or [])
    return Batch(
        reference=form.out_batch_no,
        orders=orders,
        total_minor=sum(order.amount_minor for order in orders),
        title=form.order_title,
        app_number=call.app.app_number,
        product=form.product_code,
        scene=form.biz_scene,
        origin=origin,
    )


def _order(call: Call, form: BatchForm | BatchCreateForm, line: LineForm) -> Order:
    # A batch that its owner pays may send to cards as well: each line says which.
    to_card = form.product_code == TO_CARD or (
        form.product_code in PAID_BY_OWNER and line.payee_info.identity_type == CARD
    )
    return Order(
        reference=line.out_biz_no,
        kind=TransferKind.BANK_CARD if to_card else TransferKind.WALLET,
        payee=payee_of(call, line.payee_info, to_card=to_card),
        amount_minor=line.trans_amount,
        title=line.order_title or form.order_title,
        remark=line.remark or form.remark,
    )


def batch_query(call: Call, form: BatchQueryForm) -> BatchQueryAnswer:
    """Tell how a batch stands, and a page of its lines."""
    if not (form.out_batch_no or form.batch_no):
        raise FieldMissing(field="out_batch_no")
    number, size = int(form.page_num or 1), int(form.page_size or _LARGEST_PAGE)
    if size > _LARGEST_PAGE:
        raise FieldInvalid(field="page_size")
    row = queries.batch(
        merchant_id=call.app.merchant_id, reference=form.out_batch_no, number=form.batch_no
    )
    lines = list(queries.lines_of(row.id))
    won = [line.amount_minor for line in lines if line_status(line) in WON]
    lost = [line.amount_minor for line in lines if line_status(line) in LOST]
    return BatchQueryAnswer(
        acc_detail_list=[_detail(line) for line in lines[(number - 1) * size : number * size]]
        or None,
        batch_no=row.number,
        batch_status=status_of(row, lines),
        batch_trans_id=row.number,
        fail_amount=yuan(sum(lost)),
        fail_count=str(len(lost)),
        gmt_finish=beijing(row.finished_at) if row.finished_at else None,
        out_batch_no=row.reference,
        page_num=str(number),
        page_size=str(size),
        success_amount=yuan(sum(won)),
        success_count=str(len(won)),
        total_amount=yuan(row.total_minor),
        total_item_count=str(row.count),
        total_page_count=str(-(-row.count // size)),
    )


def close(call: Call, form: BatchCloseForm) -> BatchAnswer:
    """Stop what of a batch is not sent yet."""
    if not (form.batch_trans_id or form.out_batch_no):
        raise FieldMissing(field="batch_trans_id")
    row = close_batch(
        merchant_id=call.app.merchant_id,
        reference=form.out_batch_no,
        number=form.batch_trans_id,
    )
    return _batch_answer(row)


def _batch_answer(row: TransferBatch) -> BatchAnswer:
    return BatchAnswer(
        batch_trans_id=row.number,
        out_batch_no=row.reference,
        status=status_of(row, list(queries.lines_of(row.id))),
    )


def _detail(line: BatchLine) -> dict[str, str]:
    transfer = line.transfer
    reason = transfer.reason if transfer is not None else line.reason
    finished_at = transfer.finished_at if transfer is not None else None
    detail = {
        "alipay_order_no": transfer.number if transfer is not None else "",
        "detail_no": line.id.hex,
        "error_code": reason.upper(),
        "error_msg": MEANINGS.get(GENERAL.get(reason, ""), ""),
        "gmt_create": beijing(line.batch.created_at),
        "gmt_finish": beijing(finished_at) if finished_at else "",
        "out_biz_no": line.reference,
        "remark": line.remark,
        "status": line_status(line),
        "trans_amount": yuan(line.amount_minor),
        "trans_currency": line.batch.currency,
    }
    return {name: value for name, value in detail.items() if value}


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(CREATE, BatchCreateForm, create, BATCHES, Scope.TRANSFER),
    Method(UNI, BatchForm, transfer_batch, BATCHES, Scope.TRANSFER),
    Method("alipay.fund.batch.detail.query", BatchQueryForm, batch_query, BATCHES, Scope.TRANSFER),
    Method("alipay.fund.batch.close", BatchCloseForm, close, BATCHES, Scope.TRANSFER),
)
