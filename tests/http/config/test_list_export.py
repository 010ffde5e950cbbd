"""Every list of the panel is had as CSV by whoever may look at it, and the log says so."""

import csv
import io

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.admin.list_export import OWN_EXPORT
from config.kernel.audit.models import AuditEvent
from tests.factories.accounts import make_user
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db
LABELS = sorted(model._meta.label_lower for model in admin.site._registry)


def browser_of(*permissions: str, superuser: bool = False) -> Client:
    client = Client()
    client.force_login(make_operator("ann", *permissions, superuser=superuser))
    return client


def path_of(label: str, query: str = "") -> str:
    return reverse("list_export", args=label.split(".")) + query


def rows(client: Client, label: str, query: str = "") -> list[dict[str, str]]:
    text = client.get(path_of(label, query)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.slow
def test_every_list_is_had_by_who_sees_it_and_by_nobody_else() -> None:
    root, ann = browser_of(superuser=True), Client()
    ann.force_login(make_operator("bob"))
    for label in LABELS:
        if label == OWN_EXPORT:
            continue
        assert root.get(path_of(label)).status_code == 200, label
        seen = ann.get(reverse(f"admin:{label.replace('.', '_')}_changelist")).status_code
        assert ann.get(path_of(label)).status_code == seen, label


def test_columns_are_those_of_the_list_and_filters_hold() -> None:
    make_user(name="Li Wei")
    client = browser_of("accounts.view_walletuser")
    (row,) = rows(client, "accounts.walletuser", "?state=ACTIVE")
    assert (row["name"], row["State"]) == ("Li Wei", "ACTIVE")
    assert "*" in row["Phone"]
    assert rows(client, "accounts.walletuser", "?state=CLOSED") == []
    event = AuditEvent.objects.filter(action="panel.exported").earliest("seq")
    assert (event.actor, event.target) == ("operator:ann", "list:accounts.walletuser")
    assert event.after == {"rows": 1, "filters": {"state": "ACTIVE"}}


def test_searched_words_are_not_kept_and_an_export_is_only_read() -> None:
    client = browser_of("accounts.view_walletuser")
    rows(client, "accounts.walletuser", "?q=Li")
    assert (AuditEvent.objects.latest("seq").after or {})["filters"] == {"q": "2 characters"}
    assert client.post(path_of("accounts.walletuser")).status_code == 405
    assert client.get("/admin/export/nothing/there/").status_code == 404
    assert client.get(path_of(OWN_EXPORT)).status_code == 404
    assert "Export as CSV" in client.get("/admin/accounts/walletuser/").content.decode()
