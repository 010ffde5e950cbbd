"""What the gateway reads from a request and gives back. Pure: no Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PersonBy(StrEnum):
    """How a field names a person."""

    NUMBER = "user_id"  # the 16 digits that every app sees
    OPEN_ID = "open_id"  # an app's own
    LOGIN = "logon_id"  # a phone number
    TYPED = "typed"  # as a field beside it says


@dataclass(frozen=True, slots=True)
class Charset:
    """A character set the protocol knows, under the name the caller used.

    `decoding` is a superset of `encoding`: callers that say gb2312 send GBK.
    """

    name: str
    decoding: str
    encoding: str


UTF_8 = Charset("utf-8", "utf-8", "utf-8")


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal in the gateway's own words (gateway.md section 4)."""

    code: str
    msg: str
    sub_code: str
    sub_msg: str


class GatewayFault(Exception):
    """A refusal on its way to the edge, where it becomes a signed error answer.

    `signed` is false for the one case in which the protocol leaves the answer
    unsigned: an app the gateway does not know.
    """

    def __init__(self, fault: Fault, *, signed: bool = True) -> None:
        super().__init__(fault.sub_code)
        self.fault = fault
        self.signed = signed


@dataclass(frozen=True, slots=True)
class Envelope:
    """The parameters of one request, merged from query and body.

    `raw` holds percent-decoded bytes: signatures are over bytes, and a value that
    is broken in its charset must still be answered.
    """

    raw: Mapping[bytes, bytes]
    charset: Charset

    def text(self, name: str) -> str:
        """Give a parameter as text, empty when absent.

        Raises:
            UnicodeDecodeError: the bytes are not text in the request's charset.
        """
        return self.raw.get(name.encode("ascii"), b"").decode(self.charset.decoding)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready to be sent: HTTP 200 whatever it says, unless it is a redirect.

    `dropped` says that the lab wants the caller to lose it on the way; `faults` names
    what else the lab did to it.
    """

    body: bytes
    content_type: str
    trace_id: str
    location: str = ""
    dropped: bool = False
    faults: str = ""
