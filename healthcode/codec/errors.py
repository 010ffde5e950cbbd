"""How a certificate is refused: at which stage, and why."""

from enum import StrEnum
from typing import ClassVar

from config.kernel.errors import InvalidRequest


class Stage(StrEnum):
    """The layer that refused, outermost first; later layers were not looked at."""

    PREFIX = "prefix"
    ENCODING = "encoding"
    COMPRESSION = "compression"
    CBOR = "cbor"
    COSE = "cose"
    SIGNATURE = "signature"
    VALIDITY = "validity"


class CertificateRefused(InvalidRequest):
    """A certificate does not hold; `stage` and `reason` say where and why."""

    code: ClassVar[str] = "certificate_refused"
    message: ClassVar[str] = "The certificate does not hold."

    def __init__(self, stage: Stage, reason: str, **facts: object) -> None:
        super().__init__(field=None, stage=stage.value, reason=reason, **facts)
        self.stage = stage
        self.reason = reason
