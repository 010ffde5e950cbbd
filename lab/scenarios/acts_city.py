"""Acts of a city: bills that are presented and contested, and footfall that names nobody."""

import base64
from datetime import UTC, datetime
from typing import Any

from config.kernel import clock
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.phone import ask, phone
from lab.scenarios.stage import Stage
from lab.services.city.office import Office
from wallet import public as wallet

_PHOTO = base64.b64encode(b"\x89PNG\r\n\x1a\n made up").decode()


def present_bill(
    stage: Stage, *, shop: str, person: str, bill: str, amount: str, what: str
) -> Facts:
    """An office presents a fine or a bill, which waits on somebody's phone."""
    number = stage.number(shop, bill)
    user_number = stage.person(person).user.user_number
    answer = _office(stage, shop).present(number, user_number, amount, what)
    stage.kept[f"payment {bill}"] = _payment(stage, person, answer["trade_no"])
    return answered(answer)


def pay_bill(stage: Stage, *, person: str, bill: str) -> Facts:
    """Somebody pays a bill with the PIN."""
    path = f"/api/v1/payments/{stage.kept[f'payment {bill}']}/confirm"
    facts = phone(stage, person, "POST", path, pin=stage.person(person).pin)
    return {**facts, "state": facts.get("status"), "http": facts["status"]}


def contest_bill(
    stage: Stage, *, person: str, bill: str, text: str, evidence: bool = True
) -> Facts:
    """Somebody contests a bill before paying it, with a picture."""
    payment_id = stage.kept[f"payment {bill}"]
    facts = phone(
        stage, person, "POST", "/api/v1/disputes",
        payment_id=payment_id, reason="NOT_MINE", text=text,
    )  # fmt: skip
    stage.kept[f"contest {bill}"] = facts.get("id", "")
    if evidence and "id" in facts:
        path = f"/api/v1/disputes/{facts['id']}/evidence"
        dispute = phone(stage, person, "POST", path, content_type="image/png", content=_PHOTO)
        return {**facts, "evidence": dispute["status"]}
    return facts


def object_to_contest(stage: Stage, *, shop: str, bill: str, why: str) -> Facts:
    """The office objects; two operators will decide."""
    return _office(stage, shop).object(stage.kept[f"contest {bill}"], why)


def bill_stands(stage: Stage, *, shop: str, bill: str) -> Facts:
    """How a bill stands at the office."""
    return {"status": _office(stage, shop).standing(stage.number(shop, bill))}


def read_message(stage: Stage, *, person: str) -> Facts:
    """What the latest text message on somebody's phone is about."""
    message = wallet.messages_to(stage.person(person).user.phone).first()
    return {"about": "" if message is None else message.text.partition(":")[0]}


def footfall(stage: Stage, *, area: str, hours_ago: int = 0, **more: Any) -> Facts:
    """Anybody asks for an area's footfall in an hour; `more` is what a curious student adds."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    minutes = more.pop("minutes", 0)
    at = hour.timestamp() - 3600 * hours_ago + 60 * minutes
    facts = {"area": area, "hour": _utc(at), **more}
    query = "&".join(f"{name}={text}" for name, text in facts.items())
    return ask("GET", f"/api/v1/city/footfall?{query}", {"host": "localhost"}, {})


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _office(stage: Stage, shop: str) -> Office:
    return Office(
        stage.client(shop), lambda path, facts: phone(stage, "owner", "POST", path, **facts)
    )


def _payment(stage: Stage, person: str, number: str) -> str:
    rows: Any = phone(stage, person, "GET", "/api/v1/payments")["results"]
    return str(next(row["payment_id"] for row in rows if row["number"] == number))


ACTS = acts_of(
    present_bill, pay_bill, contest_bill, object_to_contest, bill_stands, read_message, footfall
)
