"""Operators' authenticators."""

import base64

from django.contrib.auth.models import User
from django_otp.oath import TOTP

from config.kernel.access import second_factor, sessions
from config.kernel.access.second_factor import STEP_S


class Authenticator:
    """An app on an operator's phone; each code it gives is of the next step of time."""

    def __init__(self, secret: str, first_step: int = -1) -> None:
        self.secret = base64.b32decode(secret.replace(" ", ""))
        self.step = first_step

    def code(self, step: int | None = None) -> str:
        """A code that was not given yet; or the one so many steps from now."""
        totp = TOTP(self.secret, step=STEP_S, drift=self.step if step is None else step)
        totp.time = sessions.present().timestamp()
        if step is None:
            self.step += 1
        return f"{totp.token():06d}"


def set_up_factor(operator: User) -> Authenticator:
    """Give an operator an authenticator; its first code is used up."""
    secret = second_factor.begin(operator=operator)
    phone = Authenticator(secret)
    try:
        second_factor.confirm(operator=operator, code=phone.code(), address="192.0.2.7")
    except second_factor.CodeWrong:
        # A step of time began between the code and its use.
        phone = Authenticator(secret)
        second_factor.confirm(operator=operator, code=phone.code(), address="192.0.2.7")
    return phone
