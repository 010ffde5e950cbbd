"""The language in which methods are declared: forms, answers and methods.

A form is a dataclass whose fields say what `biz_content` may hold; an answer is a
dataclass whose fields are written in their order. Nothing else reads or writes
business JSON, so that every method treats a missing, ill-typed or overlong value
alike: the first field in the form's order that is wrong is the one reported.

Numbers arrive as their own text (see `content_of`): amounts never become floats.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, Literal, TypeVar, overload

from config.kernel.errors import InvalidRequest
from config.kernel.strict_json import MalformedJson, read_json
from merchants.consents.values import Scope
from merchants.gateway.errors import Words
from merchants.onboarding.values import AppCredentials
from merchants.protocol.formats import CURRENCY, moment_of
from merchants.protocol.rules import (
    balanced,
    is_app_address,
    is_called_address,
    is_web_address,
    storable,
    unreadable,
)
from merchants.protocol.values import Envelope, PersonBy
from wallet.money import parse_amount

ORDER_NUMBER: Final = r"[A-Za-z0-9_-]{1,64}"
MISSING: Final = "缺少必选参数"
ILL_FORMED: Final = "格式不正确"
_UNCALLED: Final = "地址中不能有用户名、#片段、未编码的字符或无效端口"
_LIFETIME = re.compile(r"([1-9]\d{0,4})([mhd])|1c", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 1440}
LONGEST_LIFE_MINUTES: Final = 15 * 1440
_DEEPEST: Final = 16
MOST_PARTS: Final = 500


class FieldMissing(InvalidRequest):
    """A required field is absent or empty."""

    code = "field_missing"
    message = "A required field is missing."


class FieldInvalid(InvalidRequest):
    """A field's value is of the wrong kind, too long or out of range."""

    code = "field_invalid"
    message = "A field has a value that it may not have."


class Unfit(ValueError):
    """A value that a reader does not take, with the reason in the protocol's language."""


class ContentUnreadable(InvalidRequest):
    """`biz_content` is not a JSON object."""

    code = "content_unreadable"
    message = "biz_content is not a JSON object."


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a trade stays payable: minutes, or until the end of today (`1c`)."""

    minutes: int | None


@dataclass(kw_only=True, slots=True)
class Form:
    """Base of the declared requests."""


@dataclass(kw_only=True, slots=True)
class Answer:
    """Base of the declared answers; a field that is None is left out."""

    code: ClassVar[str] = "10000"
    msg: ClassVar[str] = "Success"


@dataclass(kw_only=True, slots=True)
class BareAnswer(Answer):
    """Base of the few answers that say success by carrying no code at all."""

    code: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a page method sends the buyer's browser: a path of ours, or a whole address."""

    location: str


FormT = TypeVar("FormT", bound=Form)
ValueT = TypeVar("ValueT")
Reader = Callable[[object], object | None]


@dataclass(frozen=True, slots=True)
class Call:
    """What a method may know beside its form: who calls, and with which parameters."""

    app: AppCredentials
    envelope: Envelope

    @property
    def notify_url(self) -> str:
        """Where the call wants its notifications; "" for where the app has its own.

        Every door that keeps such an address asks here.

        Raises:
            FieldInvalid: nothing could be sent there.
        """
        sent = _web_address(self.envelope, "notify_url")
        if sent and not is_called_address(sent):
            raise FieldInvalid(field="notify_url", reason=_UNCALLED)
        return sent

    def return_url(self, *, apps: bool = False) -> str:
        """Where the buyer goes afterwards; "" for nowhere.

        Args:
            apps: whether the payer may come from an app, to whose own scheme it leads back.

        Raises:
            FieldInvalid: it is no such address.
        """
        sent = self.envelope.text("return_url").strip()
        if apps and is_app_address(sent):
            return sent
        return _web_address(self.envelope, "return_url")


@dataclass(frozen=True, slots=True)
class Method(Generic[FormT]):
    """One method of the gateway.

    `words` are how its family says business failures. `scope` is what a merchant must have
    allowed an app that calls it in its name; None where it touches no merchant's money.
    `failure` lists the fields that its business failures carry beside the error, in order;
    an empty value stands for the order number that was asked for. A `page` method is called
    by the buyer's browser: it redirects, and its refusals are pages. `beside` names
    parameters beside `biz_content` that are read as its members; it may then be missing.
    `errors_apart` puts refusals under `error_response`, as the token exchange does.
    `rest_verb` is the one verb of its path under /v3/: GET for a few questions alone.
    """

    name: str
    form: type[FormT]
    run: Callable[[Call, FormT], Answer | Redirect]
    words: Words
    scope: Scope | None
    failure: tuple[tuple[str, str], ...] = ()
    page: bool = False
    beside: tuple[str, ...] = ()
    errors_apart: bool = False
    rest_verb: str = "POST"


def content_of(text: str) -> dict[str, object]:
    """Parse `biz_content`, keeping every number as the text it was written in.

    Raises:
        ContentUnreadable: it is not JSON, not an object, or nested beyond reason.
    """
    try:
        content = read_json(text, numbers_as_text=True)
    except MalformedJson as error:
        raise ContentUnreadable(field="biz_content") from error
    if not isinstance(content, dict):
        raise ContentUnreadable(field="biz_content")
    return content


def read(form: type[FormT], content: Mapping[str, object]) -> FormT:
    """Read a form from `biz_content`; unknown members are left alone.

    Raises:
        FieldMissing, FieldInvalid: naming the first wrong field in the form's order.
    """
    values: dict[str, Any] = {}
    for name, reader, required in _readers(form):
        value = content.get(name)
        if value is None or value == "" or (isinstance(value, str) and value.isspace()):
            if required:
                raise FieldMissing(field=name, reason=MISSING)
            continue
        try:
            fit = reader(value)
        except Unfit as unfit:
            raise FieldInvalid(field=name, reason=str(unfit)) from unfit
        if fit is None:
            raise FieldInvalid(field=name, reason=ILL_FORMED)
        values[name] = fit
    return form(**values)


def node_of(answer: Answer) -> dict[str, object]:
    """Turn an answer into the node that is serialised, in declared order."""
    node: dict[str, object] = {"code": answer.code, "msg": answer.msg} if answer.code else {}
    for name in _names(type(answer)):
        value = getattr(answer, name)
        if value is not None:
            node[name] = value
    return node


def text(
    *,
    required: bool = False,
    longest: int = 256,
    pattern: str | None = None,
    one_of: frozenset[str] | None = None,
    echoed: bool = False,
) -> str:
    """Declare a text field; "" when absent.

    `echoed` texts come back in answers and must have balanced braces, or a
    brace-counting client could not cut the answer. What would read backwards or cannot be
    seen is refused: a payer's phone, a bill or an operator will show it.
    """
    fits = re.compile(pattern).fullmatch if pattern else None

    def reader(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit("类型应为字符串")
        if len(value) > longest:
            raise Unfit(f"长度超过{longest}个字符")
        if reason := unreadable(value):
            raise Unfit(reason)
        if one_of is not None and value not in one_of:
            raise Unfit("取值应为" + "或".join(sorted(one_of)))
        if fits is not None and fits(value) is None:
            raise Unfit("格式不正确")
        if echoed and not balanced(value):
            raise Unfit("花括号不成对")
        return value

    return _declared(reader, required=required, absent="")


def person(by: PersonBy, *, required: bool = False, longest: int = 128) -> str:
    """Declare a text that names a person: `protocol/persons.py` alone says who it is."""
    declared: Any = text(required=required, longest=longest, echoed=True)
    return field(default="", metadata={**declared.metadata, "person": by})


def address(*, longest: int = 256, called: bool = False, apps: bool = False) -> str:
    """Declare an address that is called or opened later, with `apps` in an app's own scheme too."""

    def reader(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit("类型应为字符串")
        if len(value) > longest:
            raise Unfit(f"长度超过{longest}个字符")
        if not (is_web_address(value) or (apps and is_app_address(value))):
            raise Unfit("不是http或https地址")
        if called and not is_called_address(value):
            raise Unfit(_UNCALLED)
        return value

    declared: Any = _declared(reader, required=False, absent="")
    return field(default="", metadata={**declared.metadata, "address": True})


@overload
def amount(*, required: Literal[True], zero: bool = False) -> int: ...
@overload
def amount(*, required: Literal[False] = False, zero: bool = False) -> int | None: ...
def amount(*, required: bool = False, zero: bool = False) -> int | None:
    """Declare an amount in yuan, string or number; fen as int, None when absent.

    It is above zero, or with `zero` not below.
    """
    least = 0 if zero else 1

    def reader(value: object) -> int | None:
        try:
            minor = parse_amount(value, CURRENCY) if isinstance(value, str) else -1
        except InvalidRequest:
            minor = -1
        if minor < least:
            raise Unfit("应为大于零、至多两位小数的金额" if least else "应为至多两位小数的金额")
        return minor

    return _declared(reader, required=required, absent=None)


def moment() -> datetime | None:
    """Declare a time `yyyy-MM-dd HH:mm[:ss]` of Beijing; aware, None when absent."""

    def reader(value: object) -> datetime | None:
        return moment_of(value) if isinstance(value, str) else None

    return _declared(reader, required=False, absent=None)


def lifetime() -> Lifetime | None:
    """Declare a life such as `90m`, `2h`, `1d` (1 minute to 15 days) or `1c`."""

    def reader(value: object) -> Lifetime | None:
        match = _LIFETIME.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return None
        if match.group(1) is None:
            return Lifetime(minutes=None)
        minutes = int(match.group(1)) * _MINUTES[match.group(2)]
        return Lifetime(minutes=minutes) if minutes <= LONGEST_LIFE_MINUTES else None

    return _declared(reader, required=False, absent=None)


def flag() -> bool:
    """Declare a yes or no, as JSON's own or as text; False when absent."""

    def reader(value: object) -> bool:
        word = str(value).lower() if isinstance(value, bool | str) else ""
        if word not in {"true", "false"}:
            raise Unfit(ILL_FORMED)
        return word == "true"

    return _declared(reader, required=False, absent=False)


def number() -> str:
    """Declare a number that is not negative, as text or JSON's own; its text, "" when absent."""
    return text(pattern=r"[0-9]{1,12}(\.[0-9]{1,6})?")


def texts(*, most: int = 32, longest: int = 64) -> list[str] | None:
    """Declare a list of texts; None when absent."""

    def reader(value: object) -> list[str] | None:
        if not isinstance(value, list) or len(value) > most:
            return None
        fit = [
            entry
            for entry in value
            if isinstance(entry, str) and len(entry) <= longest and storable(entry)
        ]
        return fit if len(fit) == len(value) else None

    return _declared(reader, required=False, absent=None)


@overload
def part(
    form: type[FormT], *, required: Literal[True], raw: Literal[False] = False, or_text: bool = ...
) -> FormT: ...
@overload
def part(
    form: type[FormT], *, required: bool = ..., raw: Literal[False] = False, or_text: bool = ...
) -> FormT | None: ...
@overload
def part(
    form: type[Form], *, required: bool = ..., raw: Literal[True], or_text: bool = ...
) -> dict[str, Any] | None: ...
def part(
    form: type[Form], *, required: bool = False, raw: bool = False, or_text: bool = False
) -> Form | dict[str, Any] | None:
    """Declare an object by a form of its own, so that no member is of a wrong type; else None.

    What is wrong inside is named as `read` names it. `raw` gives the object as it was sent,
    unknown members included; `or_text` takes its JSON text as well.
    """

    def reader(value: object) -> Form | dict[str, Any] | None:
        value = _from_text(value) if or_text else value
        if not isinstance(value, dict) or not _fit(value):
            return None
        members = read(form, value)
        return value if raw else members

    return _declared(reader, required=required, absent=None, parts=form)


@overload
def parts(
    form: type[FormT],
    *,
    required: bool = ...,
    most: int = ...,
    raw: Literal[False] = False,
    or_text: bool = ...,
) -> list[FormT] | None: ...
@overload
def parts(
    form: type[Form],
    *,
    required: bool = ...,
    most: int = ...,
    raw: Literal[True],
    or_text: bool = ...,
) -> list[Any] | None: ...
def parts(
    form: type[Form],
    *,
    required: bool = False,
    most: int = MOST_PARTS,
    raw: bool = False,
    or_text: bool = False,
) -> Sequence[Any] | None:
    """Declare a list of at most `most` objects, each read as `part` reads one; else None.

    They are counted before any of them is read.
    """

    def reader(value: object) -> Sequence[Any] | None:
        value = _from_text(value) if or_text else value
        if not isinstance(value, list) or len(value) > most:
            return None
        if not all(isinstance(entry, dict) and _fit(entry) for entry in value):
            return None
        forms = [read(form, entry) for entry in value]
        return value if raw else forms

    return _declared(reader, required=required, absent=None, parts=form)


def loose() -> object:
    """Declare a text, list or object that nothing of ours looks into; "" when absent."""

    def reader(value: object) -> object | None:
        return value if isinstance(value, str | list | dict) and _fit(value) else None

    absent: object = ""
    return _declared(reader, required=False, absent=absent)


def _web_address(envelope: Envelope, name: str) -> str:
    # Blanks around an address are signed and then forgotten; blanks alone are no address.
    sent = envelope.text(name).strip()
    if sent and not is_web_address(sent):
        raise FieldInvalid(field=name, reason="不是http或https地址")
    return sent


def _declared(
    reader: Callable[[object], ValueT],
    *,
    required: bool,
    absent: ValueT,
    parts: type[Form] | None = None,
) -> ValueT:
    metadata = {"reader": reader, "required": required, "parts": parts}
    return field(default=absent, metadata=metadata)


def _from_text(value: object) -> object:
    """The value of a JSON text; another value as it is, None for what is no JSON."""
    if not isinstance(value, str):
        return value
    try:
        return read_json(value, numbers_as_text=True)
    except MalformedJson:
        return None


def _fit(value: object, depth: int = 0) -> bool:
    if isinstance(value, str):
        return storable(value)
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        return all(_fit(part, depth + 1) for pair in value.items() for part in pair)
    return all(_fit(part, depth + 1) for part in value) if isinstance(value, list) else True


def _readers(form: type[Form]) -> tuple[tuple[str, Reader, bool], ...]:
    readers = _forms.get(form)
    if readers is None:
        readers = _forms[form] = tuple(
            (part.name, part.metadata["reader"], part.metadata["required"])
            for part in dataclasses.fields(form)
        )
    return readers


def _names(kind: type[Answer]) -> tuple[str, ...]:
    names = _answers.get(kind)
    if names is None:
        names = _answers[kind] = tuple(part.name for part in dataclasses.fields(kind))
    return names


# What a form's and an answer's fields are, worked out once a class.
_forms: dict[type[Form], tuple[tuple[str, Reader, bool], ...]] = {}
_answers: dict[type[Answer], tuple[str, ...]] = {}
