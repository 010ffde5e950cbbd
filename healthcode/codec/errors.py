"""How a certificate is refused: at which stage, and why."""

from enum import StrEnum
from typing import ClassVar

from config.kernel.errors import InvalidRequest

_SAID = 64
_MAX_BITS = 256


class Stage(StrEnum):
    """The layer that refused, outermost first; later layers were not looked at."""

    PREFIX = "prefix"
    ENCODING = "encoding"
    COMPRESSION = "compression"
    CBOR = "cbor"
    COSE = "cose"
    SIGNATURE = "signature"
    VALIDITY = "validity"
    REVOCATION = "revocation"


class CertificateRefused(InvalidRequest):
    """A certificate does not hold; `stage` and `reason` say where and why."""

    code: ClassVar[str] = "certificate_refused"
    message: ClassVar[str] = "The certificate does not hold."

    def __init__(self, stage: Stage, reason: str, **facts: object) -> None:
        super().__init__(field=None, stage=stage.value, reason=reason, **facts)
        self.stage = stage
        self.reason = reason


def said(value: object) -> str:
    """What a code says in some place, short enough to repeat: it is the sender's to choose.

    A whole number may have thousands of digits, more than Python writes; and nothing else
    than a number or a text is worth repeating.
    """
    if isinstance(value, int) and value.bit_length() <= _MAX_BITS:
        return str(value)
    if isinstance(value, str):
        return value[:_SAID]
    return type(value).__name__
