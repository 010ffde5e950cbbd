"""Acts on deals: offers, what buyers take of them, parcels, refunds inside escrow.

Sellers act by their programs under `lab/services`, buyers by their phones.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from config.kernel import clock
from lab import demo_keys
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.phone import ask, phone
from lab.scenarios.stage import Stage
from lab.services.courier.scanner import Scanner
from lab.services.marketplace.store import Store

OWNER = "owner"


def store(stage: Stage, shop: str) -> Store:
    """A shop's program, with its owner's session."""

    def by_owner(method: str, path: str, body: Mapping[str, Any]) -> Facts:
        return phone(stage, stage.owner(shop), method, path, **body)

    return Store(by_owner, stage.merchant(shop).merchant_number)


def publish(stage: Stage, *, shop: str, policy: str, price: str, keep: str, **more: Any) -> Facts:
    """Publish an offer; `dates` are moments of the scenario, payees and partners its names."""
    if "dates" in more:
        dates = more["dates"].items()
        more["dates"] = {state: stage.moment(at).isoformat() for state, at in dates}
    for split in more.get("splits", ()):
        split["payee"] = stage.person(split["payee"]).user.user_number
    for share in more.get("shares", ()):
        share["partner"] = stage.merchant(share["partner"]).merchant_number
    answer = store(stage, shop).publish(policy, keep, price, **more)
    stage.kept[keep] = answer.get("id", "")
    return answer


def take(
    stage: Stage,
    *,
    person: str,
    offer: str,
    keep: str,
    pay: bool = True,
    prescription: str = "",
    replaces: str = "",
    agreement: str = "",
) -> Facts:
    """Take an offer on somebody's phone and pay its first stage, if it has a price.

    `replaces` is the bundle whose place it takes, `agreement` what pays its further months.
    """
    body = {"offer_id": stage.kept[offer], "reference": keep}
    if prescription:
        body["prescription_id"] = stage.kept.get(prescription, prescription)
    if replaces:
        body["replaces_id"] = stage.kept[replaces]
    if agreement:
        body["agreement_number"] = stage.kept[agreement]
    answer = phone(stage, person, "POST", "/api/v1/deals", **body)
    if "id" not in answer:
        return answer
    stage.kept[keep] = answer["id"]
    stage.kept[f"code of {keep}"] = answer["code"]
    if pay and answer["payments"]:
        _confirm(stage, person, answer["payments"][0]["payment_id"])
        stage.let_work_run()
    return deal(stage, person=person, deal=keep)


def pay_balance(stage: Stage, *, person: str, deal: str) -> Facts:
    """Pay the balance of a staged deal."""
    answer = phone(stage, person, "POST", f"/api/v1/deals/{stage.kept[deal]}/balance")
    if "id" not in answer:
        return answer
    _confirm(stage, person, answer["payments"][1]["payment_id"])
    stage.let_work_run()
    return _stands(stage, person, deal)


def deal(stage: Stage, *, person: str, deal: str) -> Facts:
    """How a deal stands, on one side's phone."""
    return _stands(stage, person, deal)


def move(stage: Stage, *, person: str, deal: str, move: str, pin: bool = False) -> Facts:
    """Make a buyer's move; `pin` confirms it with the payment PIN."""
    body = {"move": move} | ({"pin": stage.person(person).pin} if pin else {})
    answer = phone(stage, person, "POST", f"/api/v1/deals/{stage.kept[deal]}/moves", **body)
    return _facts(answer)


def sell_move(
    stage: Stage, *, shop: str, deal: str, move: str, code_of: str = "", days: int = 0
) -> Facts:
    """Make a seller's move; `code_of` shows the code that a deal's buyer holds."""
    more: dict[str, Any] = {}
    if code_of:
        more["code"] = stage.kept.get(f"code of {code_of}", code_of)
    if days:
        more["days"] = days
    return _facts(store(stage, shop).move(stage.kept[deal], move, **more))


def ship(stage: Stage, *, shop: str, deal: str, carrier: str, parcel: str) -> Facts:
    """Give a deal's goods to a carrier."""
    carrier_id = stage.merchant(carrier).merchant_number
    return _facts(store(stage, shop).ship(stage.kept[deal], carrier_id, parcel))


def carrier_says(
    stage: Stage,
    *,
    carrier: str,
    parcel: str,
    state: str,
    event: str,
    minutes_ago: int = 0,
    code_of: str = "",
    key_of: str = "",
) -> Facts:
    """Let a carrier's scanner say something; `key_of` signs with another one's key."""
    key, signer = demo_keys.load(carrier), demo_keys.load(key_of or carrier)
    scanner = Scanner(ask, key.app_number, signer.private_key)
    at = clock.now() - timedelta(minutes=minutes_ago)
    proof = stage.kept.get(f"code of {code_of}", code_of) if code_of else ""
    return scanner.tell(parcel, state, at.isoformat(), event, proof)


def ask_back(
    stage: Stage, *, person: str, deal: str, amount: str, reason: str, returns: bool = False
) -> Facts:
    """Ask for money that still waits."""
    body = {"amount": amount, "reason": reason, "returns": returns}
    path = f"/api/v1/deals/{stage.kept[deal]}/refund-requests"
    return _facts(phone(stage, person, "POST", path, **body))


def answer_back(stage: Stage, *, shop: str, deal: str, answer: str) -> Facts:
    """Answer the buyer's refund request."""
    return _facts(store(stage, shop).answer(stage.kept[deal], answer))


def give_back(stage: Stage, *, shop: str, deal: str, amount: str, request: str) -> Facts:
    """Give money back as the seller."""
    return _facts(store(stage, shop).give_back(stage.kept[deal], amount, request))


def bind_payee(stage: Stage, *, shop: str, person: str) -> Facts:
    """Let a shop bind somebody whom it may give parts of its sales."""
    payee = {"type": "userId", "account": stage.person(person).user.user_number}
    answer = stage.client(shop).call(
        "alipay.trade.royalty.relation.bind",
        receiver_list=[payee],
        out_request_no=f"{stage.scenario.name}-{stage.next_number()}",
    )
    return answered(answer)


def use(stage: Stage, *, shop: str, person: str, deal: str, name: str, request: str) -> Facts:
    """Let a partner give a bundle's buyer one use."""
    rows = _stands(stage, person, deal)["entitlements"]
    row = next(row for row in rows if row["name"] == name)
    return store(stage, shop).redeem(row["id"], request)


def cancel_lot(stage: Stage, *, shop: str, offer: str) -> Facts:
    """Give a lot up as its seller."""
    path = f"/api/v1/offers/{stage.kept[offer]}/cancel-lot"
    return phone(stage, stage.owner(shop), "POST", path)


def consult(stage: Stage, *, shop: str, person: str, price: str, until: str) -> Facts:
    """Pay for a consultation, and wait."""
    publish(stage, shop=shop, policy="SERVICE", price=price, keep="consult_offer")
    take(stage, person=person, offer="consult_offer", keep="consult")
    stage.move_to(until)
    return _stands(stage, person, "consult")


def prescribe(stage: Stage, *, shop: str, deal: str, number: str, days: int, keep: str) -> Facts:
    """End a consultation with a prescription."""
    answer = store(stage, shop).prescribe(stage.kept[deal], number, days)
    stage.kept[keep] = answer.get("id", "")
    return answer


def _confirm(stage: Stage, person: str, payment_id: str) -> None:
    pin = stage.person(person).pin
    phone(stage, person, "POST", f"/api/v1/payments/{payment_id}/confirm", pin=pin)


def _stands(stage: Stage, person: str, name: str) -> Facts:
    return _facts(phone(stage, person, "GET", f"/api/v1/deals/{stage.kept[name]}"))


def _facts(answer: Facts) -> Facts:
    """A deal's answer with what a step asks of it: due in whole days, whether it stands still."""
    if not answer.get("timeline"):
        return answer
    facts = dict(answer)
    due = answer["due_at"]
    left = None if due is None else datetime.fromisoformat(due) - clock.now()
    facts["hours_left"] = None if left is None else round(left.total_seconds() / 3600, 1)
    facts["paused"] = answer["remaining_s"] is not None
    requests = answer["refund_requests"]
    facts["refund"] = requests[0]["state"] if requests else ""
    return facts


ACTS = acts_of(
    publish, take, pay_balance, deal, move, sell_move, ship, carrier_says, ask_back, answer_back,
    give_back, bind_payee, use, cancel_lot, consult, prescribe,
)  # fmt: skip
