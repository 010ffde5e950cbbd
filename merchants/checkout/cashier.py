"""The cashier: where page.pay and wap.pay send the buyer's browser.

The buyer scans the code with the wallet or logs in and pays here; either way the page
then leads back to the merchant, with the result signed in the address. That address is
for the buyer's eyes: merchants believe notifications and queries.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from config.http.address import client_address
from config.kernel.errors import SaomaError
from merchants.acceptance import queries
from merchants.acceptance.models import Order
from merchants.acceptance.rules import CodeUnknown
from merchants.acceptance.values import OrderStatus
from merchants.checkout.consent import terms_shown
from merchants.checkout.return_address import order_return
from merchants.checkout.usecases.pay_at_cashier import agreement_beside, pay_at_cashier
from wallet.money import format_amount
from wallet.public import payment
from wallet.qr.drawing import qr_svg


@never_cache
@require_http_methods(["GET", "POST"])
def cashier(request: HttpRequest, token: str) -> HttpResponse:
    """Show an order's cashier; POST pays it.

    Authorisation: the capability in the address shows the order; paying takes the
    payer's password and PIN. Idempotent: a paid order is shown as paid.
    """
    try:
        order = queries.order_by_token(token)
    except CodeUnknown:
        return render(request, "acceptance/unknown.html", status=404)
    if request.method != "POST":
        return _shown(request, order)
    try:
        pay_at_cashier(
            token=token,
            phone=request.POST.get("phone", ""),
            password=request.POST.get("password", ""),
            address=client_address(request.META),
            pin=request.POST.get("pin", ""),
            challenge=request.POST.get("challenge", ""),
        )
    except SaomaError as refusal:
        return _shown(request, order, refusal=refusal.message or refusal.code)
    return redirect("cashier", token=token)


@never_cache
@require_GET
def cashier_status(request: HttpRequest, token: str) -> JsonResponse:
    """Tell how the order stands, for the page that waits for a scan."""
    try:
        order = queries.order_by_token(token)
    except CodeUnknown:
        return JsonResponse({"status": "UNKNOWN"}, status=404)
    return JsonResponse({"status": queries.scan_of(order).status.value})


def _shown(request: HttpRequest, order: Order, *, refusal: str = "") -> HttpResponse:
    scan = queries.scan_of(order)
    paid = None
    if scan.status is OrderStatus.PAID and order.payment_id is not None:
        paid = payment(order.payment_id)
    beside = agreement_beside(order)
    context = {
        "agreement": beside,
        "terms": terms_shown(beside) if beside else [],
        "order": scan,
        "amount": format_amount(order.amount_minor or 0, order.currency),
        "refusal": refusal,
        "phone": request.POST.get("phone", ""),
        "token": order.token,
        # Drawn by us from our own link: nothing in it comes from outside.
        "code": mark_safe(qr_svg(queries.order_link(order.token), label="QR")),  # noqa: S308
        "return_url": "" if paid is None else order_return(order, paid),
        "quit_url": "" if paid else order.details.get("quit_url", ""),
        "waiting": scan.status in {OrderStatus.CREATED, OrderStatus.SCANNED, OrderStatus.PAYING},
    }
    return render(request, "checkout/cashier.html", context, status=422 if refusal else 200)
