"""The panel speaks English, French and Chinese: menu, home page, columns, actions, approvals."""

import pytest
from django.test import Client
from django.utils import translation

from tests.factories.accounts import make_user
from tests.factories.approvals import Desk
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db
SPOKEN = {
    "en": ("Payments", "Trial balance", "Created at", "Export as CSV", "Asked by", "Approve"),
    "fr": ("Paiements", "Balance générale", "Créé le", "Exporter en CSV", "Demandé par",
           "Approuver"),
    "zh-hans": ("支付", "试算平衡", "创建时间", "导出 CSV", "申请人", "批准"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english_again() -> object:
    yield
    translation.activate("en")


def page(client: Client, path: str) -> str:
    return client.get(path, HTTP_ACCEPT="text/html", follow=True).content.decode()


@pytest.mark.parametrize("language", SPOKEN)
def test_what_people_see_first_is_in_their_language(language: str) -> None:
    menu, card, column, export, asker, approve = SPOKEN[language]
    make_user()
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    home = page(root, f"/admin/?lang={language}")
    assert menu in home
    assert card in home
    listed = page(root, "/admin/accounts/walletuser/")
    assert column in listed
    assert export in listed
    desk = Desk()
    carl = Client()
    carl.force_login(desk.carl)
    request = desk.ask()
    address = f"/admin/approvals/approvalrequest/{request.pk}/approve/?lang={language}"
    confirm = page(carl, address)
    assert asker in confirm
    assert approve in confirm


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Demandes d’approbation", "Validateurs requis", "Approbations")),
        ("zh-hans", ("审批请求", "所需审批人数", "审批")),
    ],
)
def test_a_plural_that_nobody_wrote_is_translated_too(
    language: str, words: tuple[str, ...]
) -> None:
    desk = Desk()
    carl = Client()
    carl.force_login(desk.carl)
    address = f"/admin/approvals/approvalrequest/{desk.ask().pk}/change/"
    shown = page(carl, f"{address}?lang={language}")
    for word in words:
        assert word in shown
    assert "Approval requests" not in shown


def test_a_text_without_a_translation_stays_english() -> None:
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    assert "Statement files" in page(root, "/admin/reconciliation/statementfile/?lang=fr")
