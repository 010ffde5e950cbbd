"""The page where a merchant's owner releases transfers, and which then leads back."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.http.address import client_address
from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.checkout.return_address import signed_return
from merchants.checkout.usecases.pay_batch_at_page import pay_batch_at_page
from merchants.funds import queries
from merchants.funds.models import TransferBatch
from merchants.gateway.batch_offer import BatchPageOver, PagePayment, payment_of
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.pages import PAY_TRANSFERS
from merchants.protocol.transfers import status_of


@never_cache
@require_http_methods(["GET", "POST"])
def batch_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show transfers that wait for their owner; POST releases them.

    Authorisation: the signed address shows them; releasing takes the owner's password and
    PIN. Idempotent: what was released is shown as released.
    """
    try:
        payment = payment_of(token)
    except BatchPageOver:
        return render(request, "acceptance/unknown.html", status=404)
    if request.method != "POST":
        return _shown(request, payment)
    try:
        pay_batch_at_page(
            token=token,
            phone=request.POST.get("phone", ""),
            password=request.POST.get("password", ""),
            address=client_address(request.META),
            pin=request.POST.get("pin", ""),
        )
    except SaomaError as refusal:
        return _shown(request, payment, refusal=_(refusal.message or refusal.code))
    return redirect("batch-page", token=token)


def _shown(request: HttpRequest, payment: PagePayment, *, refusal: str = "") -> HttpResponse:
    batch = queries.batch_by_id(uuid.UUID(payment.batch_id))
    status = status_of(batch, list(queries.lines_of(batch.id)))
    context = {
        "batch": batch,
        "amount": yuan(batch.total_minor),
        "waits": status == "WAIT_PAY",
        "released": status not in {"WAIT_PAY", "INVALID", "FAIL"},
        "failed": status == "FAIL",
        "refusal": refusal,
        "phone": request.POST.get("phone", ""),
        "return_url": "" if status == "WAIT_PAY" else _return_address(payment, batch, status),
    }
    return render(request, "checkout/batch.html", context, status=422 if refusal else 200)


def _return_address(payment: PagePayment, batch: TransferBatch, status: str) -> str:
    """The merchant's address with the signed result; empty where it gave none."""
    parameters = {
        "return_url": payment.return_url,
        "charset": payment.charset,
        "sign_type": payment.sign_type,
        "app_id": payment.app_number,
        "auth_app_id": payment.acting_for,
    }
    result = {
        "order_id": batch.number,
        "out_biz_no": batch.reference,
        "status": status,
        "timestamp": beijing(clock.now()),
    }
    return signed_return(parameters, result, method=PAY_TRANSFERS)
