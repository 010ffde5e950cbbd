"""The address behind a bill's link."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merchants.bills.usecases.hand_out_bill import hand_out_bill
from merchants.bills.usecases.offer_bill import LinkInvalid, offered


@require_safe
@never_cache
def bill(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a bill as a zip. Authorisation: the link itself, for a minute."""
    try:
        merchant, kind, period = offered(token)
    except LinkInvalid as error:
        return HttpResponse(error.message, status=410, content_type="text/plain; charset=utf-8")
    name = f"{merchant.merchant_number}0156_{period.label}.csv.zip"
    return FileResponse(
        hand_out_bill(merchant=merchant, kind=kind, period=period),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
    )
