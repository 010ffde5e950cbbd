"""Who is let in where in the operators' panel equals what is declared.

Tables and requests of the approvals open to the roles that their slices declare; every other
address has its line in `tests/contracts/panel_access.txt`. A new address, a new role, or a
right that lets somebody in where neither says so, fails here until one of them says it.
"""

import pytest
from django.test import Client

from tests.factories.panel_crawl import (
    METHODS,
    NOBODY,
    TABLE,
    VISITORS,
    attempt,
    declared,
    doors,
    expected,
    furnish,
    is_open,
    unexpected,
    visitor,
)

# Half a minute a visitor: `make crawl`, and CI, last and where its time is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.crawl]
HEALTH = {"health_officer", "health_approver", "clinician", "privacy_officer", "superuser"}
GIVES_RIGHTS = {"iam_admin", "iam_approver"}
MONEY = ("accounts", "payments", "ledger", "settlement", "payouts", "funds", "risk", "escrow")
# Rows that are written in a form of the panel; of all others none is added or deleted there.
BY_FORM = ("health_verification_venue_", "health_verification_venuepolicy")


@pytest.mark.parametrize("name", VISITORS)
def test_a_visitor_is_let_in_where_the_table_says_and_nowhere_else(name: str) -> None:
    furnish()
    client = visitor(name)
    opened = {
        (door.name, method): is_open(client, method, door) for door in doors() for method in METHODS
    }
    wrong = unexpected(name, opened, expected())
    assert wrong == [], "\n".join(wrong)


def test_a_form_that_another_site_posts_is_refused_at_every_address() -> None:
    furnish()
    known = visitor("superuser")
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = known.cookies
    origin = {"HTTP_ORIGIN": "https://evil.test", "HTTP_REFERER": "https://evil.test/"}
    forger.defaults.update(origin)
    let_in = [
        door.name
        for door in doors()
        for path in door.paths[:1]
        if attempt(forger, "POST", path).status_code not in {403, 404}
    ]
    assert let_in == [], "\n".join(let_in)


def test_the_table_names_every_kind_of_visitor() -> None:
    head = next(line for line in TABLE.read_text().splitlines() if line.startswith("# Visitors:"))
    assert tuple(head.removeprefix("# Visitors:").split()) == VISITORS


def test_a_new_address_a_lost_one_and_a_new_right_fail() -> None:
    table = declared("# a comment\n\nold | support | -\nsame | - | support\n")
    opened = {
        ("new", "GET"): True,
        ("new", "POST"): False,
        ("same", "GET"): True,
        ("same", "POST"): False,
    }
    assert unexpected("support", opened, table) == [
        "new is not in the table",
        "old is in the table and gone",
        "GET same: support is let in",
        "POST same: support is refused",
    ]


def test_health_is_for_health_roles_and_money_not_for_those_who_give_rights() -> None:
    for (door, _), names in expected().items():
        if door.startswith("health_") or "[health." in door:
            assert set(names) <= HEALTH, door
        if door.startswith(MONEY):
            assert not set(names) & (GIVES_RIGHTS | {"no_role", "customer"}), door


def test_nothing_is_added_or_deleted_but_by_the_forms_that_say_so() -> None:
    for (door, _), names in expected().items():
        if door.endswith(("_add", "_delete")) and not door.startswith(BY_FORM):
            assert names == (), door


def test_a_history_page_tells_nobody_whether_a_row_is_there() -> None:
    for name in ("superuser", "no_role"):
        with_session = visitor(name) if name == "superuser" else Client()
        page = f"/admin/accounts/device/{NOBODY}/history/"
        assert with_session.get(page).status_code in {302, 404}
