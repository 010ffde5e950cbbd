"""Acts about money that a payer promised: hotels, rides, and the trust that waives a deposit."""

from typing import Any

from lab.mock_merchant.client import Answer
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage
from lab.services.hotel.desk import Desk
from lab.services.rides.dispatch import Dispatch
from lab.usecases.earn_trust import earn_trust
from merchants.checkout.usecases.scan_as_buyer import PhoneScan, scan_as_buyer
from wallet import public as wallet

_WAITS = "10003"


def be_trusted(stage: Stage, *, person: str, points: int, shop: str) -> Facts:
    """Somebody buys tea eggs of 0.10 at a shop, and brings umbrellas back, until trusted."""
    return {"points": earn_trust(payer_id=stage.person(person).id, points=points, shop=shop).points}


def trust(stage: Stage, *, person: str) -> Facts:
    """Somebody's payment trust as their own phone shows it, each factor with its points."""
    facts = phone(stage, person, "GET", "/api/v1/trust")
    factors = facts.pop("factors", [])
    return {**facts, **{factor["name"]: factor["points"] for factor in factors}}


def trust_consent(stage: Stage, *, person: str, give: bool) -> Facts:
    """Somebody says on the phone whether deposits may be waived on their figure."""
    return phone(stage, person, "PUT" if give else "DELETE", "/api/v1/trust/consent")


def dispute_mark(stage: Stage, *, person: str, grounds: str, keep: str) -> Facts:
    """Somebody says on the phone that their first arrears should not count as late."""
    owed = phone(stage, person, "GET", "/api/v1/arrears")["results"]
    facts = phone(
        stage, person, "POST", "/api/v1/trust/disputes",
        arrears_id=owed[0]["arrears_id"], grounds=grounds,
    )  # fmt: skip
    stage.kept[keep] = facts.get("dispute_id", "")
    return facts


def owes(stage: Stage, *, person: str) -> Facts:
    """What somebody owes for captures that found no money, as their phone shows it."""
    rows = phone(stage, person, "GET", "/api/v1/arrears")["results"]
    return {"states": [row["state"] for row in rows], "amounts": [row["amount"] for row in rows]}


def hotel_check_in(
    stage: Stage, *, shop: str, person: str, stay: str, amount: str, keep: str, face: str = ""
) -> Facts:
    """A guest arrives: by the code on the phone, or by a face token kept under `face`.

    Where the deposit waits for the guest's word, the guest agrees on the phone.
    """
    desk, number = Desk(stage.client(shop)), stage.number(shop, stay)
    known_as = desk.whose(stage.kept[face]) if face else ""
    code = "" if face else wallet.issue_fresh_code(user_id=stage.person(person).id).code
    answer = desk.check_in(number, amount, code=code, face=stage.kept[face] if face else "")
    if answer.code == _WAITS:
        _agree(stage, person, answer["auth_no"])
    stage.kept[keep] = answer.get("auth_no", "")
    standing = desk.standing(number)
    return {
        **answered(answer),
        "recognised": known_as == stage.person(person).user.user_number,
        "asked_phone": answer.code == _WAITS,
        "frozen": standing.get("rest_fund_amount"),
        "waived": standing.get("rest_credit_amount"),
    }


def hotel_charge(
    stage: Stage, *, shop: str, stay: str, deposit: str, item: str, amount: str
) -> Facts:
    """The robot brings what a guest ordered: a part of the deposit is captured."""
    desk, number = Desk(stage.client(shop)), stage.number(shop, stay)
    return _captured(
        desk.charge_to_room(number, stage.kept[deposit], item.upper(), amount),
        desk.standing(number),
    )


def hotel_check_out(stage: Stage, *, shop: str, stay: str, deposit: str, amount: str) -> Facts:
    """A guest leaves: the rest of the bill is captured, and what is left given back."""
    desk, number = Desk(stage.client(shop)), stage.number(shop, stay)
    return _captured(desk.check_out(number, stage.kept[deposit], amount), desk.standing(number))


def ride_offer(stage: Stage, *, shop: str, ride: str, estimate: str, keep: str) -> Facts:
    """A car shows its price: the estimate, and the most it may become."""
    stage.kept[keep] = Dispatch(stage.client(shop)).offer(stage.number(shop, ride), estimate)
    return {"offered": bool(stage.kept[keep])}


def ride_agree(stage: Stage, *, person: str, offer: str) -> Facts:
    """The rider scans what the car shows, and agrees with the PIN."""
    who = stage.person(person)
    scan = PhoneScan(payload=stage.kept[offer], buyer=who.phone, pay=True, pin=who.pin)
    facts = scan_as_buyer(scan)
    return {"amount": facts["amount"], "needs_pin": facts["needs_pin"]}


def ride_arrive(stage: Stage, *, shop: str, ride: str, fare: str, more: bool = False) -> Facts:
    """The car takes its fare from the hold; `more` takes it from what was agreed to on the way."""
    dispatch, number = Dispatch(stage.client(shop)), stage.number(shop, ride)
    number, request = (f"{number}_MORE", "MORE") if more else (number, "HELD")
    hold = dispatch.hold_of(number, request)
    answer = dispatch.arrive(number, str(hold.get("auth_no", "")), fare)
    return _captured(answer, dispatch.hold_of(number, request))


def ride_no_show(stage: Stage, *, shop: str, ride: str) -> Facts:
    """Nobody came: the car takes its fee and gives back the rest."""
    dispatch, number = Dispatch(stage.client(shop)), stage.number(shop, ride)
    answer = dispatch.no_show(number, str(dispatch.hold_of(number)["auth_no"]))
    return _captured(answer, dispatch.hold_of(number))


def ride_ask_more(
    stage: Stage, *, shop: str, ride: str, agreed: str, fare: str, keep: str
) -> Facts:
    """The fare is beyond what was agreed to: the car asks the rider for the difference."""
    code = Dispatch(stage.client(shop)).ask_for_more(stage.number(shop, ride), agreed, fare)
    stage.kept[keep] = code
    return {"asked": bool(code)}


def _agree(stage: Stage, person: str, number: str) -> None:
    """Somebody finds what waits for their word on the phone, and agrees with the PIN."""
    waiting: Any = phone(stage, person, "GET", "/api/v1/authorisations")["results"]
    row = next(row for row in waiting if row["number"] == number)
    pin = stage.person(person).pin
    path = f"/api/v1/authorisations/{row['authorisation_id']}/confirm"
    phone(stage, person, "POST", path, pin=pin)


def _captured(answer: Answer, standing: Answer) -> Facts:
    return {
        **answered(answer),
        "order_status": standing.get("order_status"),
        "left": standing.get("rest_amount"),
        "taken": standing.get("total_pay_amount"),
    }


ACTS = acts_of(
    be_trusted, trust, trust_consent, dispute_mark, owes, hotel_check_in, hotel_charge,
    hotel_check_out, ride_offer, ride_agree, ride_arrive, ride_no_show, ride_ask_more,
)  # fmt: skip
