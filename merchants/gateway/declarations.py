"""The language in which methods are declared: forms, answers and methods.

A form is a dataclass whose fields say what `biz_content` may hold; an answer is a
dataclass whose fields are written in their order. Nothing else reads or writes
business JSON, so that every method treats a missing, ill-typed or overlong value
alike: the first field in the form's order that is wrong is the one reported.

Numbers arrive as their own text (see `content_of`): amounts never become floats.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Final, Generic, TypeVar

from config.kernel.errors import InvalidRequest
from merchants.gateway.errors import Words
from merchants.gateway.rules import balanced, storable
from merchants.gateway.values import Envelope
from merchants.onboarding.values import AppCredentials
from wallet.money import parse_amount

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
CURRENCY: Final = "CNY"
ORDER_NUMBER: Final = r"[A-Za-z0-9_-]{1,64}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_LIFETIME = re.compile(r"([1-9]\d{0,4})([mhd])|1c", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 1440}
_LONGEST_LIFE_MINUTES: Final = 15 * 1440
_DEEPEST: Final = 16


class FieldMissing(InvalidRequest):
    """A required field is absent or empty."""

    code = "field_missing"
    message = "A required field is missing."


class FieldInvalid(InvalidRequest):
    """A field's value is of the wrong kind, too long or out of range."""

    code = "field_invalid"
    message = "A field has a value that it may not have."


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
Reader = Callable[[object], object | None]


@dataclass(frozen=True, slots=True)
class Call:
    """What a method may know beside its form: who calls, and with which parameters."""

    app: AppCredentials
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Method(Generic[FormT]):
    """One method of the gateway.

    `words` are how its family says business failures.
    `failure` lists the fields that its business failures carry beside the error,
    in order; an empty value stands for the order number that was asked for.
    A `page` method is called by the buyer's browser: it redirects, and its refusals
    are pages.
    `beside` names parameters that stand beside `biz_content` and are read as its members;
    a method that has some can do without `biz_content`.
    `errors_apart` puts refusals under `error_response`, as the token exchange does.
    """

    name: str
    form: type[FormT]
    run: Callable[[Call, FormT], Answer | Redirect]
    words: Words
    failure: tuple[tuple[str, str], ...] = ()
    page: bool = False
    beside: tuple[str, ...] = ()
    errors_apart: bool = False


def content_of(text: str) -> dict[str, object]:
    """Parse `biz_content`, keeping every number as the text it was written in.

    Raises:
        ContentUnreadable: it is not JSON, not an object, or nested beyond reason.
    """
    try:
        content = json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
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
        if value is None or value == "":
            if required:
                raise FieldMissing(field=name)
            continue
        fit = reader(value)
        if fit is None:
            raise FieldInvalid(field=name)
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
) -> Any:
    """Declare a text field; "" when absent.

    `echoed` texts come back in answers and must have balanced braces, or a
    brace-counting client could not cut the answer.
    """
    fits = re.compile(pattern).fullmatch if pattern else None

    def reader(value: object) -> str | None:
        if not isinstance(value, str) or len(value) > longest or not storable(value):
            return None
        if fits is not None and fits(value) is None:
            return None
        if one_of is not None and value not in one_of:
            return None
        return value if not echoed or balanced(value) else None

    return _declared(reader, required=required, absent="")


def amount(*, required: bool = False, zero: bool = False) -> Any:
    """Declare an amount in yuan, string or number; fen as int, None when absent.

    It is above zero, or with `zero` not below.
    """
    least = 0 if zero else 1

    def reader(value: object) -> int | None:
        if not isinstance(value, str):
            return None
        try:
            minor = parse_amount(value, CURRENCY)
        except InvalidRequest:
            return None
        return minor if minor >= least else None

    return _declared(reader, required=required, absent=None)


def moment() -> Any:
    """Declare a time `yyyy-MM-dd HH:mm:ss` of Beijing; aware, None when absent."""

    def reader(value: object) -> datetime | None:
        return moment_of(value) if isinstance(value, str) else None

    return _declared(reader, required=False, absent=None)


def lifetime() -> Any:
    """Declare a life such as `90m`, `2h`, `1d` (1 minute to 15 days) or `1c`."""

    def reader(value: object) -> Lifetime | None:
        found = _LIFETIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return None
        if found.group(1) is None:
            return Lifetime(minutes=None)
        minutes = int(found.group(1)) * _MINUTES[found.group(2)]
        return Lifetime(minutes=minutes) if minutes <= _LONGEST_LIFE_MINUTES else None

    return _declared(reader, required=False, absent=None)


def flag() -> Any:
    """Declare a yes or no, as JSON's own or as text; False when absent."""

    def reader(value: object) -> bool | None:
        known: dict[object, bool] = {True: True, False: False, "true": True, "false": False}
        return known.get(value) if isinstance(value, bool | str) else None

    return _declared(reader, required=False, absent=False)


def items(kind: type, *, required: bool = False) -> Any:
    """Declare a list or an object that is kept as it is; None when absent."""

    def reader(value: object) -> object | None:
        return value if isinstance(value, kind) and _fit(value) else None

    return _declared(reader, required=required, absent=None)


def loose() -> Any:
    """Declare a text, list or object that is kept as it is: clients send either; "" when absent."""

    def reader(value: object) -> object | None:
        return value if isinstance(value, str | list | dict) and _fit(value) else None

    return _declared(reader, required=False, absent="")


def object_text() -> Any:
    """Declare a JSON object, as itself or as its text; kept as it is, "" when absent."""

    def reader(value: object) -> object | None:
        made = value
        if isinstance(value, str):
            try:
                made = json.loads(value) if storable(value) else None
            except (ValueError, RecursionError):
                return None
        return value if isinstance(made, dict) and _fit(made) else None

    return _declared(reader, required=False, absent="")


def moment_of(value: str) -> datetime | None:
    """Read `yyyy-MM-dd HH:mm:ss` as Beijing time; None for anything else."""
    if _MOMENT.fullmatch(value) is None:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=BEIJING)
    except ValueError:
        return None


def beijing(at: datetime) -> str:
    """Write a moment as the protocol does."""
    local = at.astimezone(BEIJING)
    return f"{local:%Y-%m-%d %H:%M:%S}"


def beijing_ms(at: datetime) -> str:
    """The same with milliseconds, as times of refunds are written in notifications."""
    return f"{beijing(at)}.{at.microsecond // 1000:03d}"


def expires_at(now: datetime, life: Lifetime | None, absolute: datetime | None) -> datetime | None:
    """Work out when a trade stops being payable; None leaves it to the default.

    An absolute time wins over a life.

    Raises:
        FieldInvalid: the absolute time is past, or more than fifteen days away.
    """
    if absolute is not None:
        if not now < absolute <= now + timedelta(minutes=_LONGEST_LIFE_MINUTES):
            raise FieldInvalid(field="time_expire")
        return absolute
    if life is None:
        return None
    if life.minutes is not None:
        return now + timedelta(minutes=life.minutes)
    local = now.astimezone(BEIJING)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _declared(reader: Reader, *, required: bool, absent: object) -> Any:
    return field(default=absent, metadata={"reader": reader, "required": required})


def _fit(value: object, depth: int = 0) -> bool:
    if isinstance(value, str):
        return storable(value)
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        return all(_fit(part, depth + 1) for pair in value.items() for part in pair)
    return all(_fit(part, depth + 1) for part in value) if isinstance(value, list) else True


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _readers(form: type[Form]) -> tuple[tuple[str, Reader, bool], ...]:
    known = _forms.get(form)
    if known is None:
        known = _forms[form] = tuple(
            (part.name, part.metadata["reader"], part.metadata["required"])
            for part in dataclasses.fields(form)
        )
    return known


def _names(kind: type[Answer]) -> tuple[str, ...]:
    known = _answers.get(kind)
    if known is None:
        known = _answers[kind] = tuple(part.name for part in dataclasses.fields(kind))
    return known


# What a form's and an answer's fields are, worked out once a class.
_forms: dict[type[Form], tuple[tuple[str, Reader, bool], ...]] = {}
_answers: dict[type[Answer], tuple[str, ...]] = {}
