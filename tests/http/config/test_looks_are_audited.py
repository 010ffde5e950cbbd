"""Each look at somebody's data is written down: lists, search, desk and pages."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.admin import looks
from config.kernel.audit.models import AuditEvent
from tests.factories.accounts import make_user
from tests.factories.health import make_person
from tests.factories.operators import make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = [
    model
    for model in sorted(admin.site._registry, key=lambda model: str(model._meta.label))
    if looks.tells_of_people(model)
]


@pytest.fixture
def root() -> Client:
    client = Client()
    client.force_login(make_operator("root", superuser=True))
    return client


def told() -> list[tuple[str, str, object]]:
    """Looks in the log, in order."""
    rows = AuditEvent.objects.filter(action__regex=r"\.(listed|read|searched)$").order_by("seq")
    return [(row.action, row.target, row.after) for row in rows]


def test_what_tells_of_nobody_is_a_table_of_the_panel() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert registered >= looks.TELLS_OF_NOBODY
    assert len(PEOPLE) > 30


@pytest.mark.parametrize("model", PEOPLE, ids=lambda model: model._meta.label)
def test_a_list_of_people_leaves_one_row_a_page_view(root: Client, model: type) -> None:
    meta = apps.get_model(model._meta.label)._meta  # type: ignore[attr-defined]
    assert (
        root.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")).status_code == 200
    )
    area = "health" if meta.app_label.startswith("health_") else "panel"
    [(action, target, after)] = told()
    assert (action, target) == (f"{area}.listed", f"list:{meta.label_lower}")
    assert isinstance(after, dict)
    assert after["count"] == model._default_manager.count()  # type: ignore[attr-defined]


def test_a_row_names_filters_and_count_and_no_searched_words(root: Client) -> None:
    for number in range(3):
        make_user(phone=f"+861380013800{number}")
    page = reverse("admin:accounts_walletuser_changelist")
    root.get(page, {"q": "+8613800138001", "state__exact": "ACTIVE", "p": "1"})
    [(_, _, after)] = told()
    assert after == {
        "filters": {"q": "14 characters", "state__exact": "ACTIVE"}, "count": 1,
    }  # fmt: skip


def test_a_page_of_a_person_leaves_one_row(root: Client) -> None:
    user, person = make_user(), make_person()
    root.get(reverse("admin:accounts_walletuser_change", args=[user.pk]))
    root.get(reverse("admin:health_subjects_subject_change", args=[person.subject.pk]))
    assert [(action, target) for action, target, _ in told()] == [
        ("panel.read", f"accounts.walletuser:{user.pk}"),
        ("health.read", f"subject:{person.subject.alias}"),
    ]


def test_the_desk_and_the_search_leave_a_row_each(root: Client) -> None:
    assert root.get(reverse("health_desk")).status_code == 200
    assert root.get(reverse("admin:search"), {"s": "zhang"}).status_code == 200
    assert told() == [
        ("health.listed", "desk:health", {"filters": {}}),
        ("panel.searched", "panel:search", {"filters": {"s": "5 characters"}}),
    ]


def test_a_look_that_was_refused_or_found_nothing_leaves_none(root: Client) -> None:
    nobody = Client()
    nobody.force_login(make_operator("nobody"))
    for client in (nobody, Client()):
        client.get(reverse("admin:accounts_walletuser_changelist"))
    root.get(reverse("admin:accounts_walletuser_change", args=["nonsense"]))
    root.get(reverse("admin:onboarding_merchant_changelist"))
    assert told() == []
