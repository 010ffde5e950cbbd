"""The page where a payer signs an agreement: what is agreed, and the PIN that agrees to it.

The payer opens the page on the phone (the code leads there too) or signs here. The form
carries the digest of what is shown, and the consent is to nothing else. Once it is signed
the page leads back to the merchant.
"""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from config.http.address import client_address
from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.checkout.return_address import agreement_return
from merchants.checkout.usecases.sign_at_page import sign_at_page
from merchants.protocol.formats import beijing, yuan
from wallet import public as wallet
from wallet.qr.drawing import qr_svg


@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """Show an agreement; POST signs it.

    Authorisation: the capability in the address shows the offer; signing takes the
    payer's password and PIN. Idempotent: a signed agreement is shown as signed.
    """
    try:
        agreement = wallet.agreement_by_token(token)
    except wallet.AgreementUnknown:
        return render(request, "acceptance/unknown.html", status=404)
    if request.method != "POST":
        return _shown(request, agreement)
    try:
        sign_at_page(
            token=token,
            phone=request.POST.get("phone", ""),
            password=request.POST.get("password", ""),
            address=client_address(request.META),
            pin=request.POST.get("pin", ""),
            challenge=request.POST.get("challenge", ""),
        )
    except SaomaError as refusal:
        return _shown(request, agreement, refusal=_(refusal.message or refusal.code))
    return redirect("agreement", token=token)


@never_cache
@require_GET
def consent_status(request: HttpRequest, token: str) -> JsonResponse:
    """Tell how the agreement stands, for the page that waits for a phone."""
    try:
        agreement = wallet.agreement_by_token(token)
    except wallet.AgreementUnknown:
        return JsonResponse({"status": "UNKNOWN"}, status=404)
    return JsonResponse({"status": agreement.status.value})


def page_link(token: str) -> str:
    """The address of an agreement's page, for any camera."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/agreements/{token}"


def terms_shown(agreement: wallet.AgreementView) -> list[tuple[str, str]]:
    """What is agreed, in the reader's language: label and value."""
    return list(_terms(agreement.terms))


def _terms(terms: wallet.Terms) -> Iterator[tuple[str, str]]:
    """Caps first, then the rhythm, then the end."""
    if terms.single_minor is not None:
        yield _("Each payment, at most"), f"¥ {yuan(terms.single_minor)}"
    if terms.total_minor is not None:
        yield _("All payments together, at most"), f"¥ {yuan(terms.total_minor)}"
    if terms.total_payments is not None:
        yield _("Number of payments, at most"), str(terms.total_payments)
    count = terms.period or 0
    if terms.period_type is wallet.PeriodType.DAY:
        every = ngettext("every day", "every %(count)s days", count) % {"count": count}
        yield _("How often"), every
    elif terms.period_type is wallet.PeriodType.MONTH:
        every = ngettext("every month", "every %(count)s months", count) % {"count": count}
        yield _("How often"), every
    else:
        yield _("How often"), _("whenever you use the service")
    if terms.first_on is not None:
        yield _("First payment not before"), terms.first_on.isoformat()
    ends = _("you end it") if terms.valid_until is None else beijing(terms.valid_until)[:10]
    yield _("Until"), ends


def _shown(
    request: HttpRequest, agreement: wallet.AgreementView, *, refusal: str = ""
) -> HttpResponse:
    status = wallet.AgreementStatus
    lapsed = agreement.lapses_at is not None and agreement.lapses_at <= clock.now()
    signed = agreement.status in {status.NORMAL, status.SUSPENDED}
    context = {
        "agreement": agreement,
        "terms": terms_shown(agreement),
        "refusal": refusal,
        "phone": request.POST.get("phone", ""),
        # Drawn by us from our own link: nothing in it comes from outside.
        "code": mark_safe(qr_svg(page_link(agreement.token), label="QR")),  # noqa: S308
        "return_url": agreement_return(agreement, at=beijing(clock.now())) if signed else "",
        "signed": signed,
        "waiting": agreement.status is status.TEMP and not lapsed,
    }
    return render(request, "checkout/agreement.html", context, status=422 if refusal else 200)
