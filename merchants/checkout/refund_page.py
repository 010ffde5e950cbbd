"""The page where a buyer takes a refund, and which then leads back to the merchant."""

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
from merchants.checkout.usecases.take_page_refund import take_page_refund
from merchants.gateway.refund_offer import PageRefund, RefundPageOver, offer_of
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.pages import REFUND
from wallet import public as wallet


@never_cache
@require_http_methods(["GET", "POST"])
def refund_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a refund; POST takes it.

    Authorisation: the signed address shows the refund; taking it takes the buyer's password.
    Idempotent: a refund that was taken is shown as taken.
    """
    try:
        offer = offer_of(token)
    except RefundPageOver:
        return render(request, "acceptance/unknown.html", status=404)
    if request.method != "POST":
        return _shown(request, offer)
    try:
        take_page_refund(
            token=token,
            phone=request.POST.get("phone", ""),
            password=request.POST.get("password", ""),
            address=client_address(request.META),
        )
    except SaomaError as refusal:
        return _shown(request, offer, refusal=_(refusal.message or refusal.code))
    return redirect("refund-page", token=token)


def _shown(request: HttpRequest, offer: PageRefund, *, refusal: str = "") -> HttpResponse:
    trade = wallet.payment(uuid.UUID(offer.payment_id))
    refund = wallet.refund(payment_id=trade.id, request_no=offer.request_no)
    context = {
        "trade": trade,
        "amount": yuan(offer.amount_minor),
        "reason": offer.reason,
        "given": refund is not None,
        "refusal": refusal,
        "phone": request.POST.get("phone", ""),
        "return_url": _return_address(offer, trade) if refund is not None else "",
    }
    return render(request, "checkout/refund.html", context, status=422 if refusal else 200)


def _return_address(offer: PageRefund, trade: wallet.PaymentView) -> str:
    """The merchant's address with the signed result; empty where it gave none."""
    parameters = {
        "return_url": offer.return_url,
        "charset": offer.charset,
        "sign_type": offer.sign_type,
        "app_id": offer.app_number,
        "auth_app_id": offer.acting_for,
    }
    result = {
        "out_request_no": offer.request_no,
        "out_trade_no": trade.reference,
        "refund_amount": yuan(offer.amount_minor),
        "trade_no": trade.number,
        "timestamp": beijing(clock.now()),
    }
    return signed_return(parameters, result, method=REFUND)
