"""Acts in a store without tills: a shopper scans, pays, and leaves by the gate."""

from collections.abc import Mapping
from typing import Any

from lab import demo_keys
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage
from lab.services.freshippo.store import Grocery

_TRIPS = "/api/v1/selfscan/trips"
OWNER = "owner"


def open_grocery(
    stage: Stage, *, shop: str, seed: int, products: Mapping[str, Mapping[str, Any]]
) -> Facts:
    """A shop sells by scan and go; `products` by barcode: name, price."""
    key = demo_keys.load(shop)
    stores: Any = phone(stage, OWNER, "GET", "/api/v1/stores")["results"]
    store = next(row for row in stores if row["merchant_id"] == key.merchant_number)
    grocery = Grocery(lambda *call, **body: phone(stage, OWNER, *call, **body), store["id"])
    stage.kept[f"store of {shop}"] = grocery
    return {"products": grocery.open(key.app_number, seed, products)}


def reprice(stage: Stage, *, shop: str, barcode: str, name: str, price: str) -> Facts:
    """The shop changes what a product costs."""
    return _grocery(stage, shop).price(barcode, name=name, price=price)


def fill_basket(stage: Stage, *, shop: str, person: str, basket: Mapping[str, int]) -> Facts:
    """Somebody walks through the store and scans what goes into the bag."""
    facts = phone(stage, person, "POST", _grocery(stage, shop).path("/trips"))
    stage.kept[f"trip of {person}"] = facts["id"]
    for barcode, quantity in basket.items():
        path = f"{_trip(stage, person)}/lines/{barcode}"
        facts = phone(stage, person, "PUT", path, quantity=quantity)
        if "code" in facts:
            return facts
    return facts


def check_out(stage: Stage, *, person: str, total: str) -> Facts:
    """Somebody confirms what the basket costs."""
    return phone(stage, person, "POST", f"{_trip(stage, person)}/checkout", total=total)


def pay_trip(stage: Stage, *, person: str) -> Facts:
    """Somebody pays what the trip waits for, with the PIN."""
    path = f"{_trip(stage, person)}/pay"
    return phone(stage, person, "POST", path, pin=stage.person(person).pin)


def exit_code(stage: Stage, *, person: str, keep: str) -> Facts:
    """Somebody's phone shows a code for the gate."""
    facts = phone(stage, person, "POST", f"{_trip(stage, person)}/exit-code")
    stage.kept[keep] = facts.get("code", "")
    return {"issued": "expires_in_s" in facts, "code": facts.get("code", "")}


def gate_scan(stage: Stage, *, shop: str, code: str) -> Facts:
    """The gate reads a code that was kept; one that nobody was given reads as `none`."""
    return _grocery(stage, shop).gate(stage.kept.get(code, "none"))


def approve_line(stage: Stage, *, shop: str, person: str, barcode: str) -> Facts:
    """Somebody of the store has looked at who buys a restricted product."""
    return _grocery(stage, shop).approve(stage.kept[f"trip of {person}"], barcode)


def audit_bag(stage: Stage, *, shop: str, person: str, bag: Mapping[str, int]) -> Facts:
    """Somebody of the store counts what is in the bag."""
    return _grocery(stage, shop).audit(stage.kept[f"trip of {person}"], bag)


def trip_stands(stage: Stage, *, person: str) -> Facts:
    """How somebody's trip stands."""
    return phone(stage, person, "GET", _trip(stage, person))


def scan_and_go(
    stage: Stage, *, shop: str, person: str, basket: Mapping[str, int], total: str,
    bag: Mapping[str, int],
) -> Facts:  # fmt: skip
    """A whole trip: scan, pay, be drawn at the gate, pay the difference, leave."""
    fill_basket(stage, shop=shop, person=person, basket=basket)
    check_out(stage, person=person, total=total)
    pay_trip(stage, person=person)
    exit_code(stage, person=person, keep="exit")
    first = gate_scan(stage, shop=shop, code="exit")
    audit_bag(stage, shop=shop, person=person, bag=bag)
    pay_trip(stage, person=person)
    second = gate_scan(stage, shop=shop, code="exit")
    return {"first": first["outcome"], "second": second["outcome"]}


def _trip(stage: Stage, person: str) -> str:
    return f"{_TRIPS}/{stage.kept[f'trip of {person}']}"


def _grocery(stage: Stage, shop: str) -> Grocery:
    grocery: Grocery = stage.kept[f"store of {shop}"]
    return grocery


ACTS = acts_of(
    open_grocery, reprice, fill_basket, check_out, pay_trip, exit_code, gate_scan, approve_line,
    audit_bag, trip_stands, scan_and_go,
)  # fmt: skip
