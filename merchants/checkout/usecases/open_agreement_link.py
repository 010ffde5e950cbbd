"""Open what a payer's phone was handed: an agreement's page, or a signed request for one."""

import html
import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from config.kernel.errors import InvalidRequest, Refused
from merchants.acceptance.queries import own_host
from merchants.gateway import endpoint
from merchants.protocol.pages import AGREEMENT_PATH
from wallet import public as wallet

_OWN: Final = re.compile(rf"{AGREEMENT_PATH}([0-9A-Z]{{26}})/?")
_REASON: Final = re.compile(r"错误代码 (\S*) 错误原因: ([^<]*)")


class LinkUnreadable(InvalidRequest):
    """The payload is neither an agreement's address nor a request to sign one."""

    code = "agreement_link_unreadable"
    message = "This leads to no agreement."


class LinkRefused(Refused):
    """The request in the link is refused; `reason` is the gateway's code."""

    code = "agreement_link_refused"
    message = "The merchant's request to sign cannot be used."


def open_agreement_link(*, payload: str) -> wallet.AgreementView:
    """Find the agreement that a scanned or tapped link is about.

    Two kinds are read: the address of the signing page, and the wallet's own scheme with
    `sign_params`, which is a whole request of the merchant's app: it is verified like one
    and makes the offer.

    Args:
        payload: the link as it was read.

    Raises:
        LinkUnreadable: it is no such link.
        LinkRefused: the request in it is not signed well, or does not fit.
        wallet.AgreementUnknown: there is no such agreement.
    """
    try:
        parts = urlsplit(payload)
    except ValueError as error:
        raise LinkUnreadable(field="payload") from error
    if parts.scheme in {"http", "https"} and parts.netloc.lower() == own_host():
        match = _OWN.fullmatch(parts.path)
        if match is None:
            raise LinkUnreadable(field="payload")
        return wallet.agreement_by_token(match[1])
    request = parse_qs(parts.query).get("sign_params", [""])[0]
    if parts.scheme not in {"alipays", "alipay"} or not request:
        raise LinkUnreadable(field="payload")
    return wallet.agreement_by_token(_token_of(request))


def _token_of(request: str) -> str:
    """Answer the merchant's request as its own call; gives the offer's token."""
    reply = endpoint.answer(
        request.encode("utf-8", "replace"), b"", "", trace_id=endpoint.new_trace_id()
    )
    if reply.location.startswith(AGREEMENT_PATH):
        return reply.location.removeprefix(AGREEMENT_PATH)
    reason = _REASON.search(reply.body.decode("utf-8", "replace"))
    code, why = reason.groups() if reason else ("", "")
    raise LinkRefused(field="payload", reason=code, why=html.unescape(why))
