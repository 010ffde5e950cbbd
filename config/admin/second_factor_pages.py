"""The panel's pages of the second factor: giving a code, and setting an authenticator up."""

import base64
from typing import Any

import qrcode
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from qrcode.image.svg import SvgPathImage
from unfold.widgets import UnfoldAdminTextInputWidget

from config.http.address import client_address
from config.kernel.access import factor_session, second_factor
from config.kernel.access.sign_in import TooManySignIns
from config.kernel.approvals.pages import operator_of
from config.kernel.errors import SaomaError

GIVE, SET_UP = "second_factor", "second_factor_set_up"
CODE_CHARACTERS = 24


class CodeForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=CODE_CHARACTERS,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


@never_cache
def give_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a session that has not shown one; whoever has none sets it up."""
    operator = operator_of(request)
    if not second_factor.is_set_up(operator):
        return HttpResponseRedirect(reverse(SET_UP))
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            factor_session.show(
                request,
                operator,
                code=form.cleaned_data["code"],
                address=client_address(request.META),
                target="session",
            )
            return HttpResponseRedirect(_onward(request))
        except TooManySignIns as refusal:
            form.add_error("code", _too_many(refusal))
            status = 429
        except second_factor.CodeWrong:
            form.add_error("code", _("This code is wrong, or was used already."))
    return _page(
        request,
        "console/second_factor.html",
        {"title": _("Second factor"), "form": form},
        status=status,
    )


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """Set an authenticator up: a symbol to scan, then its first code; recovery codes once."""
    operator = operator_of(request)
    context: dict[str, Any] = {
        "title": _("Set up the second factor"),
        "is_set_up": second_factor.is_set_up(operator),
        "is_demanded": factor_session.is_demanded(operator),
        "form": CodeForm(),
    }
    if request.method == "POST" and not context["is_set_up"]:
        if "code" not in request.POST:
            second_factor.begin(operator=operator)
            return HttpResponseRedirect(reverse(SET_UP))
        context["form"] = form = CodeForm(request.POST)
        if form.is_valid():
            try:
                codes = second_factor.confirm(
                    operator=operator,
                    code=form.cleaned_data["code"],
                    address=client_address(request.META),
                )
            except TooManySignIns as refusal:
                form.add_error("code", _too_many(refusal))
            except SaomaError as error:
                form.add_error("code", error.message)
            else:
                factor_session.note(request)
                messages.success(request, _("The second factor is set up."))
                return _page(
                    request,
                    "console/recovery_codes.html",
                    {"title": _("Recovery codes"), "codes": codes},
                )
    secret = None if context["is_set_up"] else second_factor.begun_secret(operator)
    if secret:
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        context["symbol"] = _symbol(second_factor.address_of(operator, secret))
    return _page(request, "console/second_factor_set_up.html", context)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = admin.site.each_context(request)
    return TemplateResponse(request, template, {**shared, **context}, status=status)


def _symbol(address: str) -> str:
    """A QR symbol as a `data:` address."""
    image = qrcode.make(address, image_factory=SvgPathImage, border=2, box_size=14)
    return "data:image/svg+xml;base64," + base64.b64encode(image.to_string()).decode()


def _too_many(refusal: TooManySignIns) -> str:
    minutes = max(1, round(int(str(refusal.fields["retry_after_s"])) / 60))
    return _("Too many wrong tries. Try again in %(minutes)s minutes.") % {"minutes": minutes}


def _onward(request: HttpRequest) -> str:
    """Where the operator was going; never to another site."""
    address = str(request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return reverse("admin:index")
