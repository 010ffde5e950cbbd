"""Acts about mini-apps: a phone opens one, allows it something, pays in it, takes it back."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client as HttpClient

from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.phone import ask, phone, token_of
from lab.scenarios.stage import Stage
from lab.services.mini_app.app import MiniApp
from merchants.checkout.authorise import COOKIE, PATH
from merchants.onboarding.usecases.set_notify_url import set_notify_url

_BACK = "http://localhost/back"


def mini_app(stage: Stage, *, shop: str, keep: str) -> Facts:
    """A shop puts its mini-app out; its address for messages is the stage's receiver."""
    client = stage.client(shop)
    stage.kept[keep] = MiniApp(client, lambda path, headers: ask("GET", path, _named(headers), {}))
    set_notify_url(app_number=client.settings.app_id, notify_url=stage.receiver.url)
    return {}


def open_app(
    stage: Stage, *, app: str, person: str, scope: str = "auth_base", purpose: str = ""
) -> Facts:
    """Somebody opens the app; `silent` says whether they were asked nothing."""
    page = HttpClient()
    page.cookies[COOKIE] = token_of(stage, person)
    here = _address(stage, app, scope, purpose)
    answer = page.get(here, headers={"host": "localhost"})
    silent = answer.status_code == 302
    if answer.status_code == 200:
        html = answer.content.decode()
        stage.kept["page"] = html
        answer = page.post(here, {"agree": "1"}, headers={"host": "localhost"})
    redirect = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if "auth_code" not in redirect:
        return {"status": answer.status_code, "silent": silent, "logged_in": False}
    open_id = stage.kept[app].login(redirect["auth_code"][0])
    stage.kept[f"{person} in {app}"] = open_id
    stage.kept[f"token of {person} in {app}"] = stage.kept[app].tokens[open_id]
    asked_purpose = bool(purpose) and not silent and purpose in stage.kept["page"]
    return {"silent": silent, "logged_in": True, "purpose_shown": asked_purpose}


def order_in_app(
    stage: Stage, *, app: str, shop: str, person: str, amount: str, order: str, item: str
) -> Facts:
    """The app makes an order for somebody, who pays it with the PIN."""
    program: MiniApp = stage.kept[app]
    number = stage.number(shop, order)
    answer = program.order(number, amount, item, stage.kept[f"{person} in {app}"])
    if not answer.succeeded:
        return answered(answer)
    rows: Any = phone(stage, person, "GET", "/api/v1/payments")["results"]
    row = next(row for row in rows if row["number"] == answer["trade_no"])
    pin = stage.person(person).pin
    path = f"/api/v1/payments/{row['payment_id']}/confirm"
    outcome = phone(stage, person, "POST", path, pin=pin)
    return answered(answer) | {"status": outcome["status"]}


def app_knows(stage: Stage, *, app: str, shop: str, person: str, order: str = "") -> Facts:
    """What the app has heard: whether the order is paid, and whether it still has a token."""
    program: MiniApp = stage.kept[app]
    for params in stage.receiver.inbox.accepted.values():
        program.receive(params)
    return {
        "paid": stage.number(shop, order) in program.paid,
        "has_token": stage.kept[f"{person} in {app}"] in program.tokens,
    }


def app_offers(stage: Stage, *, app: str, person: str) -> Facts:
    """The app reads somebody's history, by the last token it had, and makes its offer."""
    token = stage.kept[f"token of {person} in {app}"]
    answer = stage.kept[app].favourites(token)
    bought = [row["subject"] for row in answer.get("purchases", ())]
    return {**answer, "bought": bought, "named": stage.person(person).name in str(answer)}


def take_back(stage: Stage, *, person: str, shop: str) -> Facts:
    """Somebody looks at what they allow on the phone, and takes a shop's consent back."""
    app_number = stage.client(shop).settings.app_id
    rows: Any = phone(stage, person, "GET", "/api/v1/consents")["results"]
    row = next(row for row in rows if row["app_id"] == app_number)
    facts = phone(stage, person, "DELETE", f"/api/v1/consents/{row['id']}")
    return {**facts, "scopes": row["scopes"], "purpose": row["purpose"]}


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {"host": "localhost", **headers}


def _address(stage: Stage, app: str, scope: str, purpose: str) -> str:
    facts = {
        "app_id": stage.kept[app].client.settings.app_id,
        "scope": scope,
        "redirect_uri": _BACK,
        "purpose": purpose,
    }
    return f"{PATH}publicAppAuthorize.htm?{urlencode(facts)}"


ACTS = acts_of(mini_app, open_app, order_in_app, app_knows, app_offers, take_back)
