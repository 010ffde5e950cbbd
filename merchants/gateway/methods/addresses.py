"""The addresses that callers give: where to be told, where the buyer goes afterwards."""

import re
from typing import Final

from merchants.gateway.declarations import Call, FieldInvalid

_WEB_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\\]{1,400}", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Whether a text can be called or opened: http or https, and nothing that breaks a page."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def notify_url_of(call: Call) -> str:
    """Where the call wants its notifications; "" for where the app has its own.

    Raises:
        FieldInvalid: nothing could be sent there.
    """
    return _web_address(call, "notify_url")


def return_url_of(call: Call) -> str:
    """Where the buyer's browser goes afterwards; "" for nowhere.

    Raises:
        FieldInvalid: it is no web address.
    """
    return _web_address(call, "return_url")


def _web_address(call: Call, name: str) -> str:
    address = call.envelope.text(name)
    if address and not is_web_address(address):
        raise FieldInvalid(field=name)
    return address
