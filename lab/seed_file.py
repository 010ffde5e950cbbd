"""Seed files: a world in YAML, read whole or refused with every mistake and its place.

The same shape comes as JSON over HTTP. `demo_accounts` stays the demo's own people; a seed
file is for a lesson, a test suite, a merchant's developer.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.http.serializers import StrictSerializer
from config.kernel.errors import InvalidRequest, SaomaError
from lab import demo_accounts, seed_text
from merchants.workbench.values import FaultKind
from wallet import money

Mistake = tuple[str, str]
COLOURS = ("GREEN", "YELLOW", "RED")
MAX_CHARACTERS = 200_000
MOST_PEOPLE, MOST_SHOPS, MOST_TOLD = 200, 100, 30
# A hundred of the bank's largest transfers.
LARGEST_MINOR = 5_000_000_00
KEY = r"^[a-z][a-z0-9_-]{0,31}\Z"
# Who owns the shops that name no owner.
OWNER = "owner"
_AREA = "330106"
_FIRST_BORN, _BIRTHDAYS = date(1960, 1, 1), 14_000
_WHOLE = "non_field_errors"


class SeedFileInvalid(InvalidRequest):
    """The seed file has mistakes; `mistakes` names the place and what was expected."""

    code = "seed_file_invalid"
    message = "The seed file cannot be used."

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(mistakes="; ".join(mistakes))
        self.mistakes = list(mistakes)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a wallet: `balance_minor` in fen, `colour` empty without a health code."""

    key: str
    name: str
    phone: str
    id_number: str
    balance_minor: int = 0
    colour: str = ""
    tier: int = 2
    password: str = demo_accounts.PASSWORD
    pin: str = demo_accounts.PIN


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong for a shop from its first call on, `times` times; a reset arms it again."""

    kind: FaultKind
    times: int = 1
    percent: int = 100
    delay_ms: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with one store, one till, one app; `public_key` empty for a pair of ours."""

    key: str
    name: str
    short_name: str
    mcc: str
    city: str
    owner: str
    balance_minor: int
    fee_bps: int
    notify_url: str
    public_key: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A world: who is in it, what it draws ids from, and when it stands still, if it does.

    Args:
        lines: on which line of the file each place stands, for what is refused later.
    """

    people: tuple[Person, ...]
    shops: tuple[Shop, ...]
    seed: int | None = None
    clock: datetime | None = None
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


class AmountField(serializers.CharField):
    """An amount in yuan as text, such as "12.00"; becomes fen."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            amount_minor = money.parse_amount(text, "CNY")
        except SaomaError as error:
            raise serializers.ValidationError('expected an amount such as "12.00"') from error
        if not 0 <= amount_minor <= LARGEST_MINOR:
            largest = money.format_amount(LARGEST_MINOR, "CNY")
            raise serializers.ValidationError(f"expected an amount from 0.00 to {largest}")
        return amount_minor


class PersonShape(StrictSerializer):
    """One of `people`."""

    key = serializers.RegexField(KEY)
    name = serializers.CharField(max_length=64)
    phone = serializers.CharField(max_length=20, default="")
    id_number = serializers.CharField(max_length=18, default="")
    password = serializers.CharField(max_length=128, default=demo_accounts.PASSWORD)
    pin = serializers.RegexField(r"^\d{6}\Z", default=demo_accounts.PIN)
    balance = AmountField(default="0.00")
    colour = serializers.ChoiceField(choices=[*COLOURS, ""], default="")
    tier = serializers.IntegerField(min_value=1, max_value=3, default=2)


class FaultShape(StrictSerializer):
    """One of a shop's `faults`."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in FaultKind])
    times = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    percent = serializers.IntegerField(min_value=1, max_value=100, default=100)
    delay_ms = serializers.IntegerField(min_value=0, max_value=30_000, default=0)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == FaultKind.DELAY_ANSWER) != bool(attrs["delay_ms"]):
            raise serializers.ValidationError(
                {"delay_ms": f"expected for {FaultKind.DELAY_ANSWER.value} and nothing else"}
            )
        return attrs


class ShopShape(StrictSerializer):
    """One of `shops`."""

    key = serializers.RegexField(KEY)
    name = serializers.CharField(max_length=64)
    short_name = serializers.CharField(max_length=25, default="")
    mcc = serializers.RegexField(r"^\d{4}\Z", default="5812")
    city = serializers.CharField(max_length=15, default="HANGZHOU")
    owner = serializers.CharField(max_length=32, default="")
    balance = AmountField(default="0.00")
    fee_bps = serializers.IntegerField(min_value=0, max_value=1000, default=60)
    notify_url = serializers.CharField(max_length=256, default="", allow_blank=True)
    public_key = serializers.CharField(max_length=4096, default="", allow_blank=True)
    faults = FaultShape(many=True, default=list)


class SeedShape(StrictSerializer):
    """A whole seed file."""

    seed = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)
    clock = serializers.DateTimeField(required=False)
    people: Any = serializers.ListSerializer(
        child=PersonShape(), default=list, max_length=MOST_PEOPLE
    )
    shops: Any = serializers.ListSerializer(child=ShopShape(), default=list, max_length=MOST_SHOPS)


def read_yaml(text: str) -> SeedFile:
    """Read a seed file.

    Raises:
        SeedFileInvalid: with every mistake, its line and its place.
    """
    if len(text) > MAX_CHARACTERS:
        raise SeedFileInvalid([f"the file is longer than {MAX_CHARACTERS} characters"])
    try:
        document = seed_text.read(text)
    except seed_text.NotRead as error:
        raise SeedFileInvalid([str(error)]) from error
    lines = document.lines
    if document.mistakes:
        raise SeedFileInvalid(_told(document.mistakes, lines))
    return read(document.data, lines)


def read(content: object, lines: Mapping[str, int] = MappingProxyType({})) -> SeedFile:
    """Read a seed file's content, as YAML or JSON gave it.

    Args:
        content: the whole file as plain data.
        lines: on which line of a text each place stands.

    Raises:
        SeedFileInvalid: with every mistake and its place.
    """
    if not isinstance(content, Mapping):
        raise SeedFileInvalid(["expected a mapping with people and shops"])
    shape = SeedShape(data=content)
    if not shape.is_valid():
        raise SeedFileInvalid(_told(_mistakes(shape.errors, ""), lines))
    values = shape.validated_data
    people = tuple(_person(row) for row in values["people"])
    shops = tuple(_shop(row) for row in values["shops"])
    mistakes = [*_doubles(people, shops), *_owners(people, shops)]
    if mistakes:
        raise SeedFileInvalid(_told(mistakes, lines))
    return SeedFile(people, shops, values.get("seed"), values.get("clock"), lines)


def refused(seed: SeedFile, place: str, error: SaomaError) -> SeedFileInvalid:
    """What the product refuses of a seed file, as a mistake at its place."""
    inner = f"{place}.{error.field}" if error.field else place
    return SeedFileInvalid(_told([(inner, f"{error.message} ({error.code})")], seed.lines))


def _person(row: dict[str, Any]) -> Person:
    number = int.from_bytes(hashlib.sha256(row["key"].encode()).digest()[:8])
    row["phone"] = row["phone"] or f"+86137{number % 10**8:08}"
    row["id_number"] = row["id_number"] or _identity_number(number)
    return Person(balance_minor=_minor(row.pop("balance")), **row)


def _identity_number(number: int) -> str:
    """An adult's number; of a hundred people hardly two have the same."""
    born = _FIRST_BORN + timedelta(days=number // 10**8 % _BIRTHDAYS)
    return demo_accounts.identity_number(f"{_AREA}{born:%Y%m%d}{number % 1000:03}")


def _shop(row: dict[str, Any]) -> Shop:
    faults = tuple(Fault(FaultKind(fault.pop("kind")), **fault) for fault in row.pop("faults"))
    row["short_name"] = row["short_name"] or row["key"].upper()[:25]
    return Shop(balance_minor=_minor(row.pop("balance")), faults=faults, **row)


def _minor(balance: int | str) -> int:
    """An amount's field gives fen; where it is left out, its default as it stands."""
    return balance if isinstance(balance, int) else 0


def _doubles(people: Sequence[Person], shops: Sequence[Shop]) -> Iterator[Mistake]:
    """Two who cannot be told apart: by name in the file, phone, document, or name as a shop."""
    places = [f"people.{number}" for number in range(len(people))]
    places += [f"shops.{number}" for number in range(len(shops))]
    keys = [person.key for person in people] + [shop.key for shop in shops]
    yield from _twice("key", zip(places, keys, strict=True))
    for name in ("phone", "id_number"):
        values = [getattr(person, name) for person in people]
        yield from _twice(name, zip(places, values, strict=False))
    signs = [f"{shop.short_name} of {shop.owner or OWNER}" for shop in shops]
    yield from _twice("short_name", zip(places[len(people) :], signs, strict=True))


def _twice(name: str, rows: Iterable[tuple[str, str]]) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for place, value in rows:
        if first.setdefault(value, place) != place:
            yield f"{place}.{name}", f"{value}: the same as of {first[value]}"


def _owners(people: Sequence[Person], shops: Sequence[Shop]) -> Iterator[Mistake]:
    keys = {person.key for person in people}
    for number, shop in enumerate(shops):
        if shop.owner and shop.owner not in keys:
            yield f"shops.{number}.owner", f"nobody of people is called {shop.owner!r}"
    for number, person in enumerate(people):
        if person.key == OWNER:
            yield f"people.{number}.key", f"{OWNER} is who owns shops without an owner"


def _mistakes(errors: Any, place: str) -> Iterator[Mistake]:
    """Each mistake and its place; lists of a file count from 0."""
    if isinstance(errors, ErrorDetail):
        yield place, str(errors)
        return
    if isinstance(errors, Mapping):
        parts = [(place if name == _WHOLE else f"{place}.{name}", errors[name]) for name in errors]
    else:
        parts = [
            (place if isinstance(part, ErrorDetail) else f"{place}.{number}", part)
            for number, part in enumerate(errors)
        ]
    for inner, part in parts:
        yield from _mistakes(part, inner.removeprefix("."))


def _told(mistakes: Iterable[Mistake], lines: Mapping[str, int]) -> list[str]:
    """Mistakes as sentences: `line 3, people.0.key: what was expected`; of many the first."""
    sentences = []
    for place, what in mistakes:
        line = _line(place, lines)
        where = ", ".join(part for part in (line, place) if part)
        sentences.append(f"{where}: {what}" if where else what)
    more = len(sentences) - MOST_TOLD
    return sentences if more <= 0 else [*sentences[:MOST_TOLD], f"and {more} more"]


def _line(place: str, lines: Mapping[str, int]) -> str:
    """The line of a place, or of what it should stand in."""
    while place and place not in lines:
        place = place.rpartition(".")[0]
    return f"line {lines[place]}" if place in lines else ""


SCHEMA = (
    re.sub(
        r"\n {4}",
        "\n",
        """
    seed: 42                          # ids are drawn from it; left out: from the system
    clock: 2026-03-02T07:00:00+08:00  # the world stands still there; left out: the system's time
    people:
      - key: li                       # how the file and the API call them
        name: 李伟 Li Wei
        phone: "+8613800000001"       # left out: made from the key, as is id_number
        balance: "500.00"             # yuan, through the simulated bank
        colour: GREEN                 # GREEN, YELLOW or RED; left out: no health code
        pin: "271828"
        password: demo-saoma
        tier: 2
    shops:
      - key: baozi
        name: 巷口包子铺
        short_name: ALLEY BAOZI
        mcc: "5812"
        city: HANGZHOU
        owner: li                     # left out: an owner of the shop's own
        balance: "1000.00"
        fee_bps: 60
        notify_url: http://127.0.0.1:3000/notify
        public_key: MIIBIjANBg...     # your app's public key; left out: a pair is made
        faults:                       # armed before the first call, and by each reset
          - kind: DROP_ANSWER         # KINDS
            times: 2                  # as often as this
            percent: 50               # of the calls, drawn from this seed
            seed: 42
            delay_ms: 0               # of DELAY_ANSWER alone
""",
    )
    .strip()
    .replace("KINDS", ", ".join(FaultKind))
)
