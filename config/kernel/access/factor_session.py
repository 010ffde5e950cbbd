"""Whether and when a session has passed the second factor.

Outside lab mode every operator shows it; in a lab whoever has set one up. The moment of the
last code stands in the session and goes with it.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from config.kernel.access import second_factor, sessions
from config.kernel.access.models import OperatorSession
from config.kernel.access.second_factor import FRESH, CodeWrong
from config.kernel.access.sessions import digest_of

KEY = "second_factor_at"


def is_demanded(operator: User) -> bool:
    """Whether an operator's session has to show a second factor."""
    return not settings.LAB_MODE or second_factor.is_set_up(operator)


def is_shown(request: HttpRequest) -> bool:
    """Whether this session has."""
    return KEY in request.session


def is_fresh(request: HttpRequest, operator: User) -> bool:
    """Whether a vote needs no further code: one was given moments ago, or none is demanded."""
    if not is_demanded(operator):
        return True
    moment = request.session.get(KEY)
    return moment is not None and sessions.present() - datetime.fromtimestamp(moment, UTC) < FRESH


def show(request: HttpRequest, operator: User, *, code: str, address: str, target: str) -> None:
    """Take a code for this session.

    Raises:
        second_factor.CodeWrong, sign_in.TooManySignIns: it is not taken.
    """
    second_factor.accept(operator=operator, code=code, address=address, target=target)
    note(request)


def note(request: HttpRequest) -> None:
    """A code was taken in this session just now."""
    request.session[KEY] = sessions.present().timestamp()


def check_fresh(request: HttpRequest, operator: User, *, code: str, target: str) -> None:
    """Check that whoever votes is at the keyboard: by a code given just now or moments ago.

    Raises:
        second_factor.CodeWrong, sign_in.TooManySignIns: a code is needed and not taken.
    """
    if is_fresh(request, operator):
        return
    digest = digest_of(request.session.session_key or "")
    session = OperatorSession.objects.filter(key_digest=digest).first()
    if session is None or not code:
        raise CodeWrong(field="code")
    show(request, operator, code=code, address=session.address, target=target)
