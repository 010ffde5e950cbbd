"""Links that carry their own facts: signed, so that nobody else makes one, and good for a while."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core import signing

from config.kernel import clock
from config.kernel.errors import SaomaError

_ENDS = "x"


def seal(facts: Mapping[str, Any], *, salt: str, life: timedelta) -> str:
    """The part of an address that carries `facts`.

    Args:
        facts: plain JSON values; the name `x` is taken.
        salt: what the link is for, so that none passes for another kind.
        life: for how long it is good.
    """
    ends = int((clock.now() + life).timestamp())
    return signing.Signer(salt=salt).sign_object({**facts, _ENDS: ends}, compress=True)


def unseal(token: str, *, salt: str, refusal: type[SaomaError]) -> dict[str, Any]:
    """The facts that a link carries.

    Raises:
        refusal: the link is none of ours, or its time is over.
    """
    try:
        facts: dict[str, Any] = signing.Signer(salt=salt).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise refusal() from error
    if clock.now().timestamp() > facts[_ENDS]:
        raise refusal()
    return facts
