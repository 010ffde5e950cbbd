"""The pages where people allow apps something: a citizen to know them, a merchant to act for it.

An app sends the browser here with its number and where to return to; whoever signs in and
agrees is sent back with a code. Nothing is ever sent to an address that is not the app's.
A sign-in lasts for these pages alone, in a cookie that no script can read.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from config.http.address import client_address
from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.consents import queries
from merchants.consents.rules import PurposeMissing, ReturnAddressRefused, check_purpose
from merchants.consents.usecases.give_consent import give_consent
from merchants.consents.usecases.give_mandate import give_mandate
from merchants.consents.values import MANDATE_SCOPES, Scope
from merchants.onboarding.models import App
from merchants.onboarding.queries import AppNotFound
from merchants.onboarding.queries import app as app_by_number
from merchants.onboarding.values import AppState
from wallet import public as wallet

COOKIE: Final = "saoma_consent"
PATH: Final = "/oauth2/"
_SCOPES: Final = {
    "auth_base": frozenset({Scope.IDENTITY}),
    "auth_user": frozenset({Scope.IDENTITY, Scope.PROFILE}),
    "auth_history": frozenset({Scope.IDENTITY, Scope.HISTORY}),
}
_MANDATES: Final = {scope.value: scope for scope in MANDATE_SCOPES}
_LONGEST_STATE: Final = 512


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request to this page whose app and return address have been checked."""

    app: App
    scope: str
    scopes: frozenset[Scope]
    address: str
    state: str
    purpose: str = ""

    def back(self, **result: str) -> str:
        """The app's address with what it is told."""
        facts = {"app_id": self.app.app_number, **result}
        if self.state:
            facts["state"] = self.state
        joint = "&" if urlsplit(self.address).query else "?"
        return self.address + joint + urlencode(facts)


class _Unusable(Exception):
    """The request cannot be shown to anybody; says why."""


@method_decorator(never_cache, name="dispatch")
class Authorise(View):
    """Where a citizen lets an app know them.

    Authorisation: the citizen's password, or the sign-in of these pages. Without anything
    new to agree to, a citizen who is signed in is sent straight back.
    """

    page = "consents/authorise.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is asked for, or send back at once."""
        try:
            consent = self.read(request)
        except _Unusable as why:
            return render(request, "consents/unusable.html", {"why": str(why)}, status=400)
        user = _signed_in(request)
        if user is not None and self.is_silent(consent, user):
            return HttpResponseRedirect(self.agree(request, consent, user))
        return self.shown(request, consent, user)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, agree or refuse."""
        try:
            consent = self.read(request)
        except _Unusable as why:
            return render(request, "consents/unusable.html", {"why": str(why)}, status=400)
        if "refuse" in request.POST:
            return HttpResponseRedirect(consent.back(error="access_denied"))
        if "leave" in request.POST:
            left = self.shown(request, consent, None)
            left.delete_cookie(COOKIE, path=PATH)
            return left
        token, user = "", _signed_in(request)
        try:
            if user is None:
                session, token = wallet.open_session(
                    phone=request.POST.get("phone", ""),
                    password=request.POST.get("password", ""),
                    address=client_address(request.META),
                    label="consent",
                )
                user = session.user
            answer: HttpResponse = self.agreed(request, consent, user)
        except SaomaError as refusal:
            text = _(refusal.message or refusal.code)
            answer = self.shown(request, consent, user, refusal=text)
        if token:
            _remember(answer, token)
        return answer

    def read(self, request: HttpRequest) -> _Asked:
        """Check what the app sent the browser with: one scope, or several between commas."""
        scope = request.GET.get("scope", "")
        scope_names = [name.strip() for name in scope.split(",")]
        if not all(name in _SCOPES for name in scope_names):
            raise _Unusable("scope")
        return _asked(request, scope, frozenset().union(*(_SCOPES[name] for name in scope_names)))

    def is_silent(self, consent: _Asked, user: wallet.WalletUser) -> bool:
        """Whether nothing is left to agree to: being recognised is free, more was allowed."""
        if consent.scopes == {Scope.IDENTITY}:
            return True
        return queries.is_granted(
            app_number=consent.app.app_number,
            user_id=user.id,
            scopes=consent.scopes,
            purpose=consent.purpose,
        )

    def agreed(
        self, request: HttpRequest, consent: _Asked, user: wallet.WalletUser
    ) -> HttpResponse:
        """Somebody has agreed; who just signed in agreed with that."""
        return HttpResponseRedirect(self.agree(request, consent, user))

    def agree(self, request: HttpRequest, consent: _Asked, user: wallet.WalletUser) -> str:
        """Write the consent down; gives the address to go back to."""
        code = give_consent(
            app_number=consent.app.app_number,
            user_id=user.id,
            scopes=consent.scopes,
            purpose=consent.purpose,
        )
        return consent.back(source="alipay_wallet", scope=consent.scope, auth_code=code)

    def shown(
        self,
        request: HttpRequest,
        consent: _Asked,
        user: wallet.WalletUser | None,
        *,
        refusal: str = "",
    ) -> HttpResponse:
        """The page; its form may end at the app's own address."""
        facts = {
            "app": consent.app,
            "profile": Scope.PROFILE in consent.scopes,
            "history": Scope.HISTORY in consent.scopes,
            "purpose": consent.purpose,
            "host": urlsplit(consent.address).netloc,
            "user": user,
            "refusal": refusal,
            "phone": request.POST.get("phone", ""),
            **self.more(consent, user),
        }
        page = render(request, self.page, facts, status=422 if refusal else 200)
        parts = urlsplit(consent.address)
        # The browser holds the redirect after the form to the page's own policy.
        vars(page)["_csp_update"] = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
        return page

    def more(self, consent: _Asked, user: wallet.WalletUser | None) -> dict[str, object]:
        """What this page shows beside."""
        return {}


class AuthoriseApp(Authorise):
    """Where a merchant's owner lets another app act for one of their own apps."""

    page = "consents/mandate.html"

    def read(self, request: HttpRequest) -> _Asked:
        """As for citizens; an app that names no scope leaves the choice to the owner."""
        scope = request.GET.get("scope", "")
        scope_names = [name.strip() for name in scope.split(",")] if scope else []
        if not all(name in _MANDATES for name in scope_names):
            raise _Unusable("scope")
        return _asked(request, scope, frozenset(_MANDATES[name] for name in scope_names))

    def is_silent(self, consent: _Asked, user: wallet.WalletUser) -> bool:
        """Never: which app is meant must be said each time."""
        return False

    def agreed(
        self, request: HttpRequest, consent: _Asked, user: wallet.WalletUser
    ) -> HttpResponse:
        """The owner chooses the app after signing in."""
        if not request.POST.get("subject"):
            return self.shown(request, consent, user)
        return HttpResponseRedirect(self.agree(request, consent, user))

    def agree(self, request: HttpRequest, consent: _Asked, user: wallet.WalletUser) -> str:
        """Write the mandate down; gives the address to go back to."""
        code = give_mandate(
            app_number=consent.app.app_number,
            subject_app_number=request.POST.get("subject", ""),
            user_id=user.id,
            scopes=_chosen(request, consent),
        )
        return consent.back(source="alipay_app_auth", app_auth_code=code)

    def more(self, consent: _Asked, user: wallet.WalletUser | None) -> dict[str, object]:
        """The owner's apps to choose from, and what may be allowed, a line each."""
        owned = queries.apps_owned_by(user.id) if user else ()
        scopes = consent.scopes or {Scope.PAY}
        lines = [
            {"name": scope.value, "words": words, "ticked": scope in scopes}
            for scope, words in _mandate_lines()
            if not consent.scopes or scope in consent.scopes
        ]
        return {"apps": [app for app in owned if app.id != consent.app.id], "lines": lines}


def _mandate_lines() -> tuple[tuple[Scope, str], ...]:
    """What a mandate may hold, in the reader's language."""
    return (
        (Scope.PAY, _("take payments in your shop's name and refund them")),
        (Scope.SPLIT, _("name people and shops, and give them parts of your sales")),
        (Scope.TRANSFER, _("send money from your shop's balance to others")),
        (Scope.READ, _("see your balances and your bills")),
    )


def _chosen(request: HttpRequest, consent: _Asked) -> frozenset[Scope]:
    """What the owner ticked, of what was asked; a form without ticks means what was asked."""
    if "ticks" not in request.POST:
        return consent.scopes or frozenset({Scope.PAY})
    ticked = frozenset(
        _MANDATES[name] for name in request.POST.getlist("scope") if name in _MANDATES
    )
    return ticked & consent.scopes if consent.scopes else ticked


def _asked(request: HttpRequest, scope: str, scopes: frozenset[Scope]) -> _Asked:
    state = request.GET.get("state", "")
    if len(state) > _LONGEST_STATE:
        raise _Unusable("state")
    number, address = request.GET.get("app_id", ""), request.GET.get("redirect_uri", "")
    try:
        app = app_by_number(number if number.isascii() and number.isdigit() else "")
    except AppNotFound as error:
        raise _Unusable("app_id") from error
    if app.state != AppState.ACTIVE:
        raise _Unusable("app_id")
    try:
        queries.check_return_address(app.app_number, address)
    except ReturnAddressRefused as error:
        raise _Unusable("redirect_uri") from error
    try:
        purpose = check_purpose(scopes, request.GET.get("purpose", ""))
    except PurposeMissing as error:
        raise _Unusable("purpose") from error
    return _Asked(app, scope, scopes, address, state, purpose)


def _signed_in(request: HttpRequest) -> wallet.WalletUser | None:
    token = request.COOKIES.get(COOKIE, "")
    session = wallet.live_session(token, at=clock.now()) if token else None
    return None if session is None else session.user


def _remember(answer: HttpResponse, token: str) -> None:
    """Keep the sign-in for these pages, out of reach of scripts and other sites."""
    answer.set_cookie(
        COOKIE,
        token,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
