"""The page where somebody shows that they are who an app says, and which then leads back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.http.address import client_address
from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.checkout.return_address import certification_return
from merchants.checkout.usecases.certify_at_page import certify_at_page
from merchants.consents.models import Certification
from merchants.consents.usecases.certify_identity import (
    CertificationUnknown,
    certification,
    is_open,
)
from merchants.consents.values import CertificationState
from merchants.protocol.formats import beijing


@never_cache
@require_http_methods(["GET", "POST"])
def certify_page(request: HttpRequest, certify_id: str) -> HttpResponse:
    """Show who asks; POST answers.

    Authorisation: the number in the address shows the question, without name or number;
    answering takes the person's password and PIN. It is answered once.
    """
    try:
        row = certification(certify_id)
    except CertificationUnknown:
        return render(request, "acceptance/unknown.html", status=404)
    if request.method != "POST":
        return _shown(request, row)
    try:
        certify_at_page(
            certify_id=certify_id,
            phone=request.POST.get("phone", ""),
            password=request.POST.get("password", ""),
            address=client_address(request.META),
            pin=request.POST.get("pin", ""),
        )
    except SaomaError as refusal:
        return _shown(request, row, refusal=_(refusal.message or refusal.code))
    return redirect("certify-page", certify_id=certify_id)


def _shown(request: HttpRequest, row: Certification, *, refusal: str = "") -> HttpResponse:
    ended = row.state != CertificationState.WAITING
    context = {
        "merchant": row.app.merchant.name,
        "waits": is_open(row),
        "passed": row.state == CertificationState.PASSED,
        "ended": ended,
        "refusal": refusal,
        "phone": request.POST.get("phone", ""),
        "return_url": certification_return(row, at=beijing(clock.now())) if ended else "",
    }
    return render(request, "checkout/certify.html", context, status=422 if refusal else 200)
