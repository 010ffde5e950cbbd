"""The address behind a receipt's link."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merchants.funds.models import MerchantTransfer, Receipt
from merchants.funds.receipts import receipt_pdf
from merchants.funds.usecases.order_receipt import ReceiptLinkInvalid, offered_receipt
from merchants.funds.values import PayeeNamedBy
from wallet.money import format_amount

TITLE = "转账电子回单"
_SHOWN = 4


@require_safe
@never_cache
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Send a receipt as a PDF. Authorisation: the link itself, for half an hour."""
    try:
        row = offered_receipt(token)
    except ReceiptLinkInvalid as error:
        return HttpResponse(error.message, status=410, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(receipt_pdf(TITLE, lines_of(row)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    return answer


def lines_of(receipt: Receipt) -> list[tuple[str, str]]:
    """What stands on a receipt, in the merchant's zone."""
    transfer = receipt.transfer
    payer = transfer.merchant
    return [
        ("回单编号", receipt.number),
        ("付款方", f"{payer.name} ({payer.merchant_number})"),
        ("收款方", f"{transfer.payee_name} ({_account(transfer)})"),
        ("金额", f"{format_amount(transfer.amount_minor, transfer.currency)} {transfer.currency}"),
        ("支付宝订单号", transfer.number),
        ("资金流水号", transfer.fund_number),
        ("商户订单号", transfer.reference),
        ("标题", transfer.title),
        ("备注", transfer.remark),
        ("转账时间", _local(transfer.finished_at or transfer.created_at, payer.zone)),
        ("申请时间", _local(receipt.created_at, payer.zone)),
    ]


def _account(transfer: MerchantTransfer) -> str:
    """The payee's account; of a card and a login the end alone."""
    if transfer.named_by == PayeeNamedBy.NUMBER:
        return transfer.identity
    return f"**** {transfer.identity[-_SHOWN:]}"


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
