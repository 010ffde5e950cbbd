"""Acts of people with their money: disputes, savings, pay-later, and time within a step."""

from datetime import timedelta
from typing import Any

from config.kernel import clock
from config.kernel.errors import required
from config.kernel.usecases.advance_clock import advance_clock
from lab.scenarios import acts_money
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage
from lab.services.wealth.adviser import Adviser
from merchants.disputes.queries import dispute as dispute_of
from merchants.disputes.usecases.open_dispute import open_dispute
from merchants.disputes.values import DisputeReason
from wallet import public as wallet


def wait(stage: Stage, *, until: str) -> Facts:
    """Let time pass; the step's entries are what fell due on the way."""
    stage.move_to(until)
    return {}


def dispute(stage: Stage, *, person: str, shop: str, order: str, reason: str, keep: str) -> Facts:
    """Somebody disputes all they paid for an order."""
    trade = required(
        wallet.payment_by_reference(
            payee_id=stage.merchant(shop).id, reference=stage.number(shop, order)
        ),
        "it was paid here",
    )
    row = open_dispute(
        payment_id=trade.id,
        buyer_id=stage.person(person).id,
        reason=DisputeReason(reason),
        text=order,
    )
    stage.kept[keep] = row.id
    return {"state": row.state}


def dispute_stands(stage: Stage, *, dispute: str, until: str = "") -> Facts:
    """How a dispute stands, after some time."""
    stage.move_to(until)
    return {"state": dispute_of(stage.kept[dispute]).state}


def save(stage: Stage, *, person: str, amount: str) -> Facts:
    """Somebody puts money from the balance into savings."""
    return phone(stage, person, "POST", "/api/v1/savings/deposit", amount=amount)


def redeem(stage: Stage, *, person: str, amount: str) -> Facts:
    """Somebody takes money out of savings."""
    return phone(stage, person, "POST", "/api/v1/savings/redeem", amount=amount)


def apply_for_credit(stage: Stage, *, person: str, sources: list[str]) -> Facts:
    """Somebody asks the lender for a pay-later line, and says which source comes first."""
    phone(stage, person, "PUT", "/api/v1/funding-order", sources=sources)
    return phone(stage, person, "POST", "/api/v1/credit/applications")


def repay(stage: Stage, *, person: str, amount: str) -> Facts:
    """Somebody repays the lender."""
    return phone(stage, person, "POST", "/api/v1/credit/repay", amount=amount)


def top_up_and_repay(stage: Stage, *, person: str, top_up: str, amount: str, until: str) -> Facts:
    """Somebody tops up and repays; the night passes it on to the lender."""
    acts_money.top_up(stage, person=person, amount=top_up)
    repay(stage, person=person, amount=amount)
    stage.move_to(until)
    return phone(stage, person, "GET", "/api/v1/credit")


def bills(stage: Stage, *, person: str) -> Facts:
    """Somebody's bills, oldest first, and how the line stands."""
    rows: Any = phone(stage, person, "GET", "/api/v1/credit/bills")["results"]
    line = phone(stage, person, "GET", "/api/v1/credit")
    return {
        "bills": [f"{row['state']} {row['amount']} + {row['fee']}" for row in rows],
        "line": line.get("state", ""),
        "owed": line.get("owed", ""),
    }


def pass_days(stage: Stage, *, until: str) -> Facts:
    """Days go by, one after another; gives on how many of them the books were not even."""
    end, uneven, days = stage.moment(until), 0, 0
    while clock.now() < end:
        advance_clock(by=min(timedelta(days=1), end - clock.now()))
        days += 1
        uneven += any(wallet.trial_balance().values())
    return {"days": days, "uneven": uneven}


def offers(stage: Stage, *, person: str, consent: bool | None = None) -> Facts:
    """An adviser shows somebody what there is, after they have agreed to it, or have not."""
    adviser = Adviser(lambda *call, **body: phone(stage, person, *call, **body))
    if consent is not None:
        adviser.set_consent(agreed=consent)
    return {"products": adviser.products(), "refused_as": adviser.refusal}


def split_bill(
    stage: Stage, *, person: str, others: list[str], amount: str, title: str, keep: str
) -> Facts:
    """Somebody asks others for their shares of what was paid."""
    phones = [stage.person(other).phone for other in others]
    facts = phone(
        stage, person, "POST", "/api/v1/split-bills", amount=amount, phones=phones, title=title
    )
    stage.kept[keep] = facts.get("id", "")
    return {**facts, "shares": [share["amount"] for share in facts.get("shares", [])]}


def pay_share(stage: Stage, *, person: str, split: str) -> Facts:
    """Somebody pays their share, with the PIN."""
    path = f"/api/v1/split-bills/{stage.kept[split]}/pay"
    facts = phone(stage, person, "POST", path, pin=stage.person(person).pin)
    return {"state": facts.get("state", ""), "code": facts.get("code", "")}


def send_packet(stage: Stage, *, person: str, amount: str, shares: int, keep: str) -> Facts:
    """Somebody puts money into a red packet."""
    body = {"amount": amount, "shares": shares, "pin": stage.person(person).pin}
    facts = phone(stage, person, "POST", "/api/v1/red-packets", **body)
    stage.kept[keep] = facts.get("id", "")
    return facts


def claim_packet(stage: Stage, *, person: str, packet: str) -> Facts:
    """Somebody opens a red packet."""
    return phone(stage, person, "POST", f"/api/v1/red-packets/{stage.kept[packet]}/claim")


ACTS = acts_of(
    split_bill, pay_share, send_packet, claim_packet,
    wait, dispute, dispute_stands, save, redeem, apply_for_credit, repay, top_up_and_repay, bills,
    pass_days, offers,
)  # fmt: skip
