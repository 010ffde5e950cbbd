"""Read a method's content and run it, for v2 and v3 alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from config.kernel.errors import SaomaError
from merchants.gateway import ciphers, errors, schema
from merchants.gateway.schema import Answer, Call, ContentUnreadable, Method, Redirect
from merchants.protocol import rules
from merchants.protocol.values import Fault, GatewayFault

BUSINESS_FAILED = "40004"


@dataclass(frozen=True, slots=True)
class BusinessFailure:
    """A method's own refusal in the protocol's words, with the fields it carries beside."""

    fault: Fault
    fields: Mapping[str, object]


def deciphered(text: str, *, app_number: str, decoding: str) -> tuple[str, bytes]:
    """Decrypt AES content; gives the clear text and the app's key.

    Raises:
        GatewayFault: it is not Base64 of our cipher, or no text in that charset.
    """
    key = ciphers.content_key(settings.DERIVATION_KEY, app_number)
    plain = ciphers.decrypt(text, key)
    try:
        clear = None if plain is None else plain.decode(decoding)
    except UnicodeDecodeError:
        clear = None
    if clear is None:
        raise GatewayFault(errors.UNDECIPHERABLE)
    return clear, key


def content_of(text: str) -> dict[str, object]:
    """Parse business content; none is an empty object.

    Raises:
        GatewayFault: it is no JSON object.
    """
    try:
        return schema.content_of(text) if text else {}
    except ContentUnreadable as error:
        raise GatewayFault(errors.INVALID_CONTENT) from error


def perform(
    method: Method[Any], call: Call, content: Mapping[str, object]
) -> Answer | Redirect | BusinessFailure:
    """Read the method's form from the content and run it."""
    try:
        return method.run(call, schema.read(method.form, content))
    except SaomaError as error:
        fault = errors.translate(error, method.name, method.words)
        return BusinessFailure(fault, _fields(fault, method, content, error))


def _fields(
    fault: Fault, method: Method[Any], content: Mapping[str, object], error: SaomaError
) -> dict[str, object]:
    """The fields that a method's business failures carry beside the error."""
    if fault.code != BUSINESS_FAILED:
        return {}
    reference = content.get("out_trade_no") or error.fields.get("out_trade_no")
    echo = reference if isinstance(reference, str) and rules.echoable(reference) else ""
    return {name: value or echo for name, value in method.failure if value or echo}
