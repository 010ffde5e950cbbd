"""An operator saves how they like to see a list, and finds it there the next day."""

import pytest
from django.test import Client
from django.urls import reverse

from config.kernel.access.models import SavedView
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db
LIST = reverse("admin:payments_payment_changelist")
SAVE = reverse("list_view_save", args=["payments", "payment"])


def signed_in(name: str, *permissions: str) -> Client:
    client = Client()
    client.force_login(make_operator(name, *permissions))
    return client


def test_a_view_is_saved_used_replaced_and_removed_by_its_owner_alone() -> None:
    ann, bob = (signed_in(name, "payments.view_payment") for name in ("ann", "bob"))
    for state in ("PENDING", "PAID"):
        query = f"status={state}&o=-1&q=Li+Hua&p=3"
        answer = ann.post(SAVE, {"name": "To look at", "query": query})
        assert answer.headers["Location"] == f"{LIST}?status={state}&o=-1"
    view = SavedView.objects.get()
    assert view.query == "status=PAID&o=-1"
    shown = ann.get(LIST).content.decode()
    assert 'href="?status=PAID&amp;o=-1">To look at</a>' in shown
    assert "To look at" not in bob.get(LIST).content.decode()
    remove = reverse("list_view_forget", args=[view.pk])
    assert bob.post(remove).status_code == 404
    assert ann.get(remove).status_code == 405
    assert ann.post(remove).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "\u202eback"])
def test_a_name_that_cannot_be_read_is_refused_in_words(name: str) -> None:
    ann = signed_in("ann", "payments.view_payment")
    answer = ann.post(SAVE, {"name": name, "query": ""}, follow=True)
    assert "Give the view a name" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_nobody_saves_a_view_of_a_list_they_may_not_see() -> None:
    assert signed_in("ann").post(SAVE, {"name": "mine", "query": ""}).status_code == 403
    nowhere = reverse("list_view_save", args=["payments", "nothing"])
    assert signed_in("bob").post(nowhere, {"name": "mine"}).status_code == 404
