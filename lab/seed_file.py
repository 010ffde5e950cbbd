"""Seed files: a world in YAML, read whole or refused with every mistake and its place.

The same shape comes as JSON over HTTP. `demo_accounts` stays the demo's own cast; a seed
file is for a lesson, a test suite, a merchant's developer.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.http.serializers import StrictSerializer
from config.kernel.errors import InvalidRequest
from lab import demo_accounts
from merchants.workbench.values import FaultKind
from wallet import money

COLOURS = ("GREEN", "YELLOW", "RED")
MAX_BYTES = 1 << 20
KEY = r"^[a-z][a-z0-9_-]{0,31}\Z"
_AREA = "330106"


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
    """A world: who is in it, what it draws ids from, and when it stands still, if it does."""

    people: tuple[Person, ...]
    shops: tuple[Shop, ...]
    seed: int | None = None
    clock: datetime | None = None


class AmountField(serializers.CharField):
    """An amount in yuan as text, such as "12.00"; becomes fen."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return money.parse_amount(text, "CNY")
        except Exception as error:
            raise serializers.ValidationError('expected an amount such as "12.00"') from error


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
    people = PersonShape(many=True, default=list)
    shops = ShopShape(many=True, default=list)


def read_yaml(text: str) -> SeedFile:
    """Read a seed file.

    Raises:
        SeedFileInvalid: with every mistake.
    """
    if len(text.encode()) > MAX_BYTES:
        raise SeedFileInvalid(["the file is larger than a megabyte"])
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SeedFileInvalid([" ".join(str(error).split())]) from error
    if not isinstance(content, Mapping):
        raise SeedFileInvalid(["expected a mapping with people and shops"])
    return read(content)


def read(content: Mapping[str, Any]) -> SeedFile:
    """Read a seed file's content, as YAML or JSON gave it.

    Raises:
        SeedFileInvalid: with every mistake.
    """
    shape = SeedShape(data=_as_text(content))
    if not shape.is_valid():
        raise SeedFileInvalid(list(_mistakes(shape.errors, "")))
    values = shape.validated_data
    people = tuple(_person(row) for row in values["people"])
    shops = tuple(_shop(row) for row in values["shops"])
    mistakes = _double([*people, *shops])
    keys = {person.key for person in people}
    mistakes += [
        f"shops.{shop.key}.owner: nobody of people is called {shop.owner!r}"
        for shop in shops
        if shop.owner and shop.owner not in keys
    ]
    if mistakes:
        raise SeedFileInvalid(mistakes)
    return SeedFile(people, shops, values.get("seed"), values.get("clock"))


def _as_text(content: Any) -> Any:
    """YAML reads 12.50 as a number and a time as one; amounts are judged as they were written."""
    if isinstance(content, Mapping):
        return {str(name): _as_text(part) for name, part in content.items()}
    if isinstance(content, list):
        return [_as_text(part) for part in content]
    return content if isinstance(content, str | int | None) else str(content)


def _person(row: dict[str, Any]) -> Person:
    minor = row.pop("balance")
    number = int.from_bytes(hashlib.sha256(row["key"].encode()).digest()[:4])
    row["phone"] = row["phone"] or f"+86137{number % 10**8:08}"
    row["id_number"] = row["id_number"] or demo_accounts.identity_number(
        f"{_AREA}19900101{number % 1000:03}"
    )
    return Person(balance_minor=minor if isinstance(minor, int) else 0, **row)


def _shop(row: dict[str, Any]) -> Shop:
    minor = row.pop("balance")
    faults = tuple(Fault(FaultKind(fault.pop("kind")), **fault) for fault in row.pop("faults"))
    row["short_name"] = row["short_name"] or row["key"].upper()[:25]
    return Shop(balance_minor=minor if isinstance(minor, int) else 0, faults=faults, **row)


def _double(rows: Sequence[Person | Shop]) -> list[str]:
    keys = [row.key for row in rows]
    return [f"{key}: two are called so" for key in sorted({k for k in keys if keys.count(k) > 1})]


def _mistakes(errors: Any, place: str) -> list[str]:
    """Each mistake as `place: what was expected`; lists of a file count from 0."""
    if isinstance(errors, ErrorDetail):
        return [f"{place.strip('.')}: {errors}"]
    if isinstance(errors, Mapping):
        parts = [(f"{place}.{name}", part) for name, part in errors.items()]
    else:
        parts = [
            (place if isinstance(part, ErrorDetail) else f"{place}[{number}]", part)
            for number, part in enumerate(errors)
        ]
    return [line for inner, part in parts if part for line in _mistakes(part, inner)]


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
