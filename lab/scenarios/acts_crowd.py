"""Acts of many at once: a crowd that takes an offer, pays its balance, and stands somewhere.

A crowd's members act by the use cases that their phones' API calls, one after the other.
"""

import contextlib
import uuid
from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from config.kernel.errors import SaomaError
from lab import demo_accounts
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.stage import Stage
from lab.usecases.plant_seed import let_partners_answer, partners_in_a_hurry
from merchants.deals.models import Deal
from merchants.deals.usecases.take_offer import pay_balance, take_offer
from wallet import public as wallet
from wallet.money import format_amount, parse_amount

_REFERENCE = "crowd"


def crowd(stage: Stage, *, keep: str, count: int, balance: str = "") -> Facts:
    """Register many people; with a `balance` they are verified and have it."""
    with partners_in_a_hurry(), _cheap_secrets():
        members = [_register(number) for number in range(count)]
        stage.kept[keep] = members
        if balance:
            _verify(members)
            _fund(members, parse_amount(balance, "CNY"))
    return {"count": len(members)}


def crowd_takes(stage: Stage, *, crowd: str, offer: str) -> Facts:
    """Let each of a crowd take an offer and pay its first stage; refusals are counted."""
    refusals: Counter[str] = Counter()
    deals = 0
    for member in stage.kept[crowd]:
        try:
            deal = take_offer(offer_id=stage.kept[offer], buyer_id=member, reference=_REFERENCE)
            _confirm(deal)
            deals += 1
        except SaomaError as refusal:
            refusals[refusal.code] += 1
    stage.let_work_run()
    return {"deals": deals, **refusals}


def crowd_pays_balance(stage: Stage, *, crowd: str, offer: str, first: int) -> Facts:
    """Let the first ones of a crowd pay the balance of their deals."""
    for member in stage.kept[crowd][:first]:
        deal = Deal.objects.get(offer_id=stage.kept[offer], buyer_id=member)
        _confirm(pay_balance(deal_id=deal.id))
    stage.let_work_run()
    return {"paid": first}


def crowd_stands(stage: Stage, *, crowd: str, offer: str, until: str = "") -> Facts:
    """How a crowd's deals stand, and how many of it have how much in their wallets."""
    stage.move_to(until)
    members = stage.kept[crowd]
    deals = Deal.objects.filter(offer_id=stage.kept[offer], buyer_id__in=members)
    states = Counter(deals.values_list("state", flat=True))
    wallets = Counter(format_amount(_balance(member), "CNY") for member in members)
    return {**states, "wallets": dict(sorted(wallets.items()))}


def _register(number: int) -> uuid.UUID:
    user = wallet.register_user(
        phone=f"+86139770{number:05}",
        name=f"访客 Visitor {number + 1}",
        password=demo_accounts.PASSWORD,
        pin=demo_accounts.PIN,
        phone_proven=True,
    )
    return user.id


def _verify(members: list[uuid.UUID]) -> None:
    for number, member in enumerate(members):
        name = wallet.user(member).name
        wallet.apply_for_kyc(
            user_id=member,
            tier=2,
            legal_name=name,
            id_number=demo_accounts.identity_number(f"33010619800101{number:03}"),
        )
    let_partners_answer(lambda: all(wallet.user(member).kyc_tier == 2 for member in members))


def _fund(members: list[uuid.UUID], amount_minor: int) -> None:
    for member in members:
        wallet.request_topup(user_id=member, key="welcome", amount_minor=amount_minor)
    let_partners_answer(lambda: all(_balance(member) == amount_minor for member in members))


def _balance(member: uuid.UUID) -> int:
    return wallet.balance(wallet.user(member).available_account_id).posted_minor


def _confirm(deal: Deal) -> None:
    """Pay what of a deal waits to be paid, if anything does."""
    stage = deal.payments.filter(paid_at__isnull=True).first()
    if stage is not None:
        wallet.confirm_payment(
            payment_id=stage.payment_id, payer_id=deal.buyer_id, pin=demo_accounts.PIN
        )


@contextlib.contextmanager
def _cheap_secrets() -> Iterator[None]:
    """Hash the crowd's passwords cheaply: hundreds of them are no lesson about hashing."""
    usual = settings.SAOMA_ARGON2_COST
    settings.SAOMA_ARGON2_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    try:
        yield
    finally:
        settings.SAOMA_ARGON2_COST = usual


ACTS = acts_of(crowd, crowd_takes, crowd_pays_balance, crowd_stands)
