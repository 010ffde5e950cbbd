"""Acts of two currencies: a shop that wants euros, yen or dinars, and a buyer who has yuan."""

from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage
from lab.services.aliexpress.shop import Shop
from wallet import public as wallet
from wallet.money import format_amount


def open_abroad(stage: Stage, *, shop: str, currency: str) -> Facts:
    """A shop opens its account in another currency."""
    return _shop(stage, shop, currency).open()


def quote_abroad(
    stage: Stage, *, person: str, shop: str, order: str, amount: str, currency: str
) -> Facts:
    """Somebody asks what an order costs in yuan."""
    facts = phone(
        stage, person, "POST", "/api/v1/fx/quotes",
        merchant_id=stage.merchant(shop).merchant_number, order_no=stage.number(shop, order),
        amount=amount, currency=currency,
    )  # fmt: skip
    stage.kept[f"quote {order}"] = facts.get("id", "")
    return facts


def pay_abroad(stage: Stage, *, person: str, order: str, amount: str, currency: str) -> Facts:
    """Somebody takes the latest quote of an order with the PIN."""
    return phone(
        stage, person, "POST", "/api/v1/fx/payments",
        quote_id=stage.kept[f"quote {order}"], amount=amount, currency=currency,
        pin=stage.person(person).pin,
    )  # fmt: skip


def stands_abroad(stage: Stage, *, shop: str, order: str, price: str, currency: str) -> Facts:
    """What the shop knows of an order, and the platform's own position in both currencies."""
    asking = _shop(stage, shop, currency)
    positions = {one: wallet.account_id(f"fx:position:{one}") for one in ("CNY", currency)}
    balances = {
        f"position {one}": format_amount(wallet.balance(account_id).posted_minor, one)
        for one, account_id in positions.items()
    }
    may_ship = asking.may_ship(stage.number(shop, order), price)
    return {"balance": asking.balance(), "may_ship": may_ship, **balances}


def refund_abroad(
    stage: Stage, *, shop: str, order: str, amount: str, currency: str, request: str
) -> Facts:
    """A shop gives back all or part of an order."""
    return _shop(stage, shop, currency).give_back(stage.number(shop, order), amount, request)


def pay_out_abroad(stage: Stage, *, shop: str, currency: str) -> Facts:
    """A shop asks for its foreign money."""
    return _shop(stage, shop, currency).pay_out()


def _shop(stage: Stage, shop: str, currency: str) -> Shop:
    return Shop(
        lambda method, path, **body: phone(stage, stage.owner(shop), method, path, **body),
        stage.merchant(shop).merchant_number,
        currency,
    )


ACTS = acts_of(open_abroad, quote_abroad, pay_abroad, stands_abroad, refund_abroad, pay_out_abroad)
