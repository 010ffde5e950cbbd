"""Every address of the operators' panel, tried by every kind of visitor.

A visitor is anonymous, a customer, an operator without a role, one of each role alone, or a
superuser. An address about a row is tried with rows in several states: whether it is open to a
visitor is whether any of them is. What a try changes is taken back.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.admin.roles import ROLES, create_roles
from config.kernel import slices
from config.kernel.access import sessions
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.ids import uuid7
from config.kernel.outbox import relay
from merchants.faces.models import FaceTerminal
from merchants.onboarding.models import Merchant
from merchants.reconciliation.usecases.close_day import CLOSE_DAY
from tests.factories.agreements import make_agreement
from tests.factories.approval_cases import CASES
from tests.factories.merchants import credentials, make_app, make_paid_trade, make_store
from tests.factories.operators import give_roles, make_maker, make_operator
from tests.factories.payments import Shop
from tests.factories.regions import agreed
from wallet.risk.models import RiskCase

TABLE = Path(__file__).parents[1] / "contracts" / "panel_access.txt"
METHODS = ("GET", "POST")
NOBODY = "00000000-0000-0000-0000-000000000000"
ROWS = 6
BODY = {"reason": "this is a try of every door", "comment": "a try", "go": "1"}
VISITORS = ("anonymous", "customer", "no_role", *sorted(ROLES), "superuser")
REFUSALS = {401, 403, 404, 405}
# By address and method: who is let in.
Access = dict[tuple[str, str], tuple[str, ...]]


TAKE_DAYS = ("deals.", "disputes.", "payouts.", "reconciliation.", "settlement.",
             "accounts.release", "accounts.force_end")  # fmt: skip


@dataclass(frozen=True, order=True)
class Door:
    """An address; `name` is what the table calls it, `paths` lead to it."""

    name: str
    paths: tuple[str, ...]


def takes_days(action: str) -> bool:
    """Whether the rows that an action is about take days of the clock to make."""
    return action.startswith(TAKE_DAYS)


def furnish() -> None:
    """Rows to look at; a request of every action waits."""
    # First the rows that take days to make: a request ends unanswered meanwhile. Before them
    # a day to close, which may have no open break.
    slow = sorted(filter(takes_days, CASES), key=lambda action: action != CLOSE_DAY)
    made = {action: CASES[action]().parameters for action in slow}
    for action, case in CASES.items():
        request_approval(
            action=action,
            parameters=made[action] if action in made else case().parameters,
            reason="this is asked to be crawled",
            maker=make_maker(f"asker_of_{action}", action),
        )
    make_agreement(Shop())
    agreed(issuer="CN-310000", name="Shanghai")
    merchant = Merchant.objects.filter(state="APPROVED").first()
    assert merchant is not None
    make_paid_trade(credentials(make_app(merchant, notify_url="http://127.0.0.1:9/")))
    relay.drain()
    FaceTerminal.objects.create(
        store=make_store(merchant, "F1"), serial="F1", vendor="maker", public_key="none"
    )
    sessions.use_session(
        operator=make_operator("other"), key="other", address="192.0.2.1", browser="other"
    )
    RiskCase.objects.create(pattern="tries", payer_id=uuid7(), payee_id=uuid7(), summary="tries")


def visitor(name: str) -> Client:
    """One of a kind, signed in."""
    client = Client(raise_request_exception=False)
    if name == "anonymous":
        return client
    if name == "customer":
        client.force_login(User.objects.create_user("visitor"))
        return client
    create_roles()
    operator = make_operator("visitor", superuser=name == "superuser")
    client.force_login(give_roles(operator, name) if name in ROLES else operator)
    return client


def doors() -> list[Door]:
    """Every address below `/admin/`, with paths that lead to it."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, text in _patterns():
        template, fields = _template(text)
        for values in _values(name, fields):
            kind = values.pop("of", "")
            found[f"{name}[{kind}]" if kind else name].add("/" + template % values)
    return [Door(name, tuple(sorted(paths))) for name, paths in sorted(found.items())]


def _patterns() -> Iterator[tuple[str, str]]:
    for entry in get_resolver().url_patterns:
        if not str(entry.pattern).startswith("admin/"):
            continue
        if isinstance(entry, URLResolver):
            yield from _below(entry)
        else:
            yield entry.name or str(entry.pattern).split("/")[1], str(entry.pattern)


def _below(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    start = before + str(resolver.pattern)
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name or "unnamed", start + str(entry.pattern)
        else:
            yield from _below(entry, start)


def _template(text: str) -> tuple[str, list[str]]:
    """An address's pattern as a template, and the names of its fields."""
    fields = re.findall(r"<(?:[a-z]+:)?(\w+)>", text)
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"%(\1)s", text)
    text = re.sub(r"<(?:[a-z]+:)?(\w+)>", r"%(\1)s", text)
    return re.sub(r"[\^$\\]", "", text), fields


def _values(name: str, fields: list[str]) -> Iterator[dict[str, str]]:
    if fields != ["object_id"]:
        known = {"app_label": "auth", "model_name": "group", "content_type_id": "1"}
        yield {field: known.get(field, "1") for field in fields}
        return
    model = _model_of(name)
    if model is ApprovalRequest:
        for asked in ApprovalRequest.objects.all():
            yield {"object_id": str(asked.pk), "of": asked.action}
        return
    picked: dict[object, str] = {}
    rows: list[models.Model] = list(model._default_manager.all()[:200]) if model else []
    for row in rows:
        state = (getattr(row, "state", None), getattr(row, "status", None))
        by_case = getattr(row, "case_id", None) is not None
        picked[state, getattr(row, "is_active", None), by_case] = str(row.pk)
    # Only actions depend on how a row stands.
    most = 1 if name.endswith(("_change", "_delete", "_history")) else ROWS
    for key in list(picked.values())[:most] or [NOBODY]:
        yield {"object_id": key}


def _model_of(name: str) -> type[models.Model] | None:
    found = {
        f"{model._meta.app_label}_{model._meta.model_name}_": model
        for model in apps.get_models()
        if admin.site.is_registered(model)
    }
    prefixes = [prefix for prefix in found if name.startswith(prefix)]
    return found[max(prefixes, key=len)] if prefixes else None


def is_open(client: Client, method: str, door: Door) -> bool:
    """Whether a visitor is let in at one of the paths at least."""
    return any(let_in(attempt(client, method, path)) for path in door.paths)


def let_in(answer: Any) -> bool:
    """Whether an answer is none of "sign in", "not yours", "not there" and "not like this"."""
    assert answer.status_code < 500, answer.wsgi_request.path
    return not (answer.status_code in REFUSALS or "/login/" in answer.headers.get("Location", ""))


def attempt(client: Client, method: str, path: str) -> Any:
    """Try a path; what it changed is taken back, and who signed out is signed in again."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        answer = client.get(path) if method == "GET" else client.post(path, BODY)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def declared(text: str) -> Access:
    """The file's lines: `address | who may GET | who may POST`, `-` for nobody."""
    access: Access = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, *allowed = (cell.strip() for cell in line.split("|"))
        for method, names in zip(METHODS, allowed, strict=True):
            access[name, method] = () if names == "-" else tuple(names.split())
    return access


def expected() -> Access:
    """Who is let in where: as the slices declare it and, for pages of their own, the file."""
    return {**_tables(), **_requests(), **declared(TABLE.read_text(encoding="utf-8"))}


def _tables() -> Access:
    """A table's pages: its viewers read it, and nobody adds, deletes or changes by a form."""
    access: Access = {}
    for model in admin.site._registry:
        if model is ApprovalRequest:
            continue
        name, viewers = f"{model._meta.app_label}_{model._meta.model_name}", _viewers(model)
        access |= {(f"{name}_{page}", method): () for page in ("add", "delete", "history")
                   for method in METHODS}  # fmt: skip
        access |= {(f"{name}_change", "GET"): viewers, (f"{name}_change", "POST"): ()}
        access |= {(f"{name}_changelist", method): viewers for method in METHODS}
    return access


def _viewers(model: type[models.Model]) -> tuple[str, ...]:
    right = f"{model._meta.app_label}.view_{model._meta.model_name}"
    names = {"superuser"}
    for app, declaration in slices.declared():
        if app.label == model._meta.app_label:
            names |= set(declaration.viewers)
        for codename, roles in declaration.rights.items():
            if slices.label_of(app, codename) == right:
                names |= set(roles)
    return tuple(sorted(names, key=VISITORS.index))


def _requests() -> Access:
    """A request's pages: who asks, approves or reads sees it, those who approve decide."""
    by_action = {action: entry for _, declaration in slices.declared()
                 for entry in declaration.four_eyes for action in entry.actions}  # fmt: skip
    access: Access = {}
    for action in CASES:
        entry = by_action.get(action) or by_action[f"{action.partition('.')[0]}.*"]
        seen = {*entry.asks, *entry.approves, *entry.reads, "superuser"}
        let_in: dict[str, tuple[str, ...]] = dict.fromkeys(("delete", "history", "withdraw"), ())
        let_in |= dict.fromkeys(("approve", "reject"), entry.approves)
        let_in["change"] = tuple(sorted(seen, key=VISITORS.index))
        for page, names in let_in.items():
            door = f"approvals_approvalrequest_{page}[{action}]"
            access |= {(door, "GET"): names, (door, "POST"): () if page == "change" else names}
    return access


def unexpected(name: str, opened: dict[tuple[str, str], bool], table: Access) -> list[str]:
    """What one visitor found otherwise than the table declares, a line each."""
    lines = [f"{door} is not in the table" for door in sorted({d for d, _ in opened})
             if (door, "GET") not in table]  # fmt: skip
    lines += [f"{door} is in the table and gone" for door in sorted({d for d, _ in table})
              if (door, "GET") not in opened]  # fmt: skip
    for (door, method), is_let_in in opened.items():
        if (door, method) in table and is_let_in != (name in table[door, method]):
            lines.append(f"{method} {door}: {name} is {'let in' if is_let_in else 'refused'}")
    return lines
