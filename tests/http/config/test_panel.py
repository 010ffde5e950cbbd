"""The operators' panel as a whole: every page opens, nothing edits the books, roles hold.

One small world is made once for each test: a sale, a refund, its settlement and payout,
a request that waits for approval.
"""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.cache import cache
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config.admin.roles import create_roles
from config.admin.sidebar import areas
from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.pages import ask_page
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import MakerLacksRole
from config.kernel.approvals.values import Status
from config.kernel.audit.models import AuditEvent
from config.kernel.slices import Area, Slice
from merchants.payouts.models import Payout
from merchants.payouts.usecases.retry_payout import RETRY
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.release_batch import RELEASE
from tests.factories.approvals import REASON, RENAME
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_operator
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from tests.gateway.world import make_shop
from wallet.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
READ_ONLY = ("ledger.Journal", "ledger.Entry", "audit.AuditEvent", "payments.Payment")
MAX_QUERIES = 30


def named(model: type[models.Model]) -> str:
    return model._meta.label


def address(model: type[models.Model], page: str, *args: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def logged_in(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def root() -> Client:
    return logged_in(make_operator("root", superuser=True))


@pytest.fixture
def world() -> None:
    noon()
    payer = make_payer()
    for account in ("6222020200012300", "6222020200012391"):
        merchant = make_merchant(payout_account=account)
        for _ in range(3):
            payment = sell(merchant, 20_00, payer=payer)
        give_back(payment, 5_00, merchant=merchant)
    advance(days=1)
    request_approval(
        action=RETRY,
        parameters={"payout_id": str(Payout.objects.get(state="RETURNED").id)},
        reason=REASON,
        maker=make_operator("mia", registry.right("ask", RETRY), "payouts.view_payout"),
    )


def test_the_login_leads_home(client: Client) -> None:
    make_operator("olga")
    answer = client.post(
        "/admin/login/", {"username": "olga", "password": "long enough a word"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/admin/"


def test_customers_have_no_way_in(client: Client) -> None:
    User.objects.create_user("customer", password="long enough a word")
    client.post("/admin/login/", {"username": "customer", "password": "long enough a word"})
    assert client.get("/admin/").status_code == 302


def test_only_the_panel_may_evaluate_scripts(client: Client) -> None:
    panel_policy = client.get("/admin/login/").headers["Content-Security-Policy"]
    other_policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "'unsafe-eval'" in panel_policy
    assert " 'unsafe-eval'" not in other_policy
    assert "script-src 'self' 'unsafe-eval'" in panel_policy


def test_home_shows_todays_figures(root: Client, world: None) -> None:
    sell(make_merchant(), 12_34, payer=make_payer())
    page = root.get("/admin/").content.decode()
    for text in ("Trial balance", "debits equal credits", "12.34\u00a0CNY", "Sandbox"):
        assert text in page
    assert page.count('data-type="bar"') == 2


def test_home_shows_a_role_its_own_figures_alone(world: None) -> None:
    create_roles()
    operator = make_operator("ida")
    page = logged_in(operator).get("/admin/").content.decode()
    assert "Nothing to show" in page
    assert "Trial balance" not in page


def test_broken_books_show_red(root: Client, world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set("console.proof", {"trial_balance_zero": {"CNY": 5}, "safeguarding": {"CNY": -7}}, 9)
    page = root.get("/admin/").content.decode()
    assert "does not balance" in page
    assert "clients&#x27; money is short" in page


@pytest.mark.slow
def test_every_list_opens_with_few_queries(
    root: Client, world: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for model in MODELS:
        with django_assert_max_num_queries(MAX_QUERIES, info=named(model)):
            assert root.get(address(model, "changelist")).status_code == 200, named(model)


@pytest.mark.slow
def test_every_list_can_be_searched(root: Client, world: None) -> None:
    for model in MODELS:
        answer = root.get(address(model, "changelist"), {"q": "2088 'baozi%"})
        assert answer.status_code == 200, named(model)


def test_no_page_shows_a_state_twice(root: Client, world: None) -> None:
    make_shop()
    for model in MODELS:
        row = model._default_manager.first()
        if row is None or not hasattr(row, "state"):
            continue
        shown = root.get(address(model, "change", row.pk)).content.decode()
        labels = re.findall(r"<label[^>]*>\s*State\s*<", shown)
        assert len(labels) <= 1, named(model)


def test_amounts_of_entries_are_written_as_people_read_them(root: Client, world: None) -> None:
    entry = Entry.objects.filter(amount_minor=20_00)[0]
    assert str(entry) == f"{entry.side} 20.00 CNY"


def test_release_is_offered_to_its_makers_alone(world: None) -> None:
    batch = SettlementBatch.objects.all()[0]
    SettlementBatch.objects.filter(id=batch.id).update(state="AWAITING_APPROVAL")
    rights = ("settlement.view_settlementbatch", registry.right("ask", RELEASE))
    reader, maker = make_operator("rita", rights[0]), make_operator("max", *rights)
    where = address(SettlementBatch, "change", batch.pk)
    offered = [
        "Ask for release" in logged_in(operator).get(where).content.decode()
        for operator in (reader, maker)
    ]
    assert offered == [False, True]


def test_every_row_opens(root: Client, world: None) -> None:
    for model in MODELS:
        row = model._default_manager.first()
        if row is not None:
            answer = root.get(address(model, "change", row.pk))
            assert answer.status_code == 200, named(model)


def test_not_even_a_superuser_edits_the_books(root: Client, world: None) -> None:
    for model in [found for found in MODELS if named(found) in READ_ONLY]:
        row = model._default_manager.first()
        assert row is not None, named(model)
        assert root.get(address(model, "add")).status_code == 403
        assert root.post(address(model, "change", row.pk), {}).status_code == 403
        assert root.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.slow
def test_every_link_of_the_sidebar_leads_somewhere(root: Client, world: None) -> None:
    page = root.get("/admin/").content.decode()
    links = set(re.findall(r'href="(/admin/[a-z_]+/[a-z]+/)"', page))
    assert len(links) > 30
    for link in links:
        assert root.get(link).status_code == 200


def test_every_table_of_the_panel_is_in_the_sidebar(root: Client) -> None:
    page = root.get("/admin/").content.decode()
    missing = [named(model) for model in MODELS if address(model, "changelist") not in page]
    assert missing == []


def test_a_table_that_no_area_names_is_found_under_more(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apps.get_app_config("payments"), "slice", Slice())
    page = root.get("/admin/").content.decode()
    assert "More" in page
    assert "/admin/payments/refund/" in page


def test_the_sidebar_offers_what_the_role_may_see(world: None) -> None:
    operator = make_operator("vera", "payments.view_payment")
    page = logged_in(operator).get("/admin/").content.decode()
    assert "/admin/payments/payment/" in page
    assert "/admin/ledger/" not in page


def test_the_command_search_finds_a_merchant(root: Client, world: None) -> None:
    number = SettlementBatch.objects.select_related("merchant")[0].merchant.merchant_number
    found = root.get("/admin/search/", {"s": number, "extended": "1"}).content.decode()
    assert number in found


def test_the_chain_is_verified_on_demand(root: Client, world: None) -> None:
    page = root.get(reverse("admin:audit_auditevent_verify_chain"), follow=True)
    assert "The chain holds" in page.content.decode()


def test_a_batch_shows_its_lines(root: Client, world: None) -> None:
    batch = SettlementBatch.objects.filter(payment_count=3)[0]
    page = root.get(address(SettlementBatch, "change", batch.pk)).content.decode()
    assert page.count("PAYMENT") + page.count("Payment") >= 3


@pytest.fixture
def carl() -> Client:
    """An operator who may approve another try of a payout and nothing else."""
    return logged_in(make_checker("carl", RETRY))


class TestApprovals:
    """Asking and deciding by the pages alone."""

    def step(self, name: str) -> str:
        request = ApprovalRequest.objects.get()
        return reverse(f"admin:approvals_approvalrequest_{name}", args=[request.pk])

    def test_looking_at_a_decision_decides_nothing(self, carl: Client, world: None) -> None:
        page = carl.get(self.step("approve"))
        assert "What will happen" in page.content.decode()
        assert ApprovalRequest.objects.get().status == Status.PENDING

    def test_approving_carries_it_out(self, carl: Client, world: None) -> None:
        page = carl.post(self.step("approve"), {"comment": "seen"}, follow=True)
        assert "Approved and done." in page.content.decode()
        assert Payout.objects.filter(attempt=2).count() == 1

    def test_rejecting_does_nothing(self, carl: Client, world: None) -> None:
        carl.post(self.step("reject"), {"comment": "no"})
        assert ApprovalRequest.objects.get().status == Status.REJECTED
        assert Payout.objects.filter(attempt=2).count() == 0

    def test_the_maker_is_offered_withdrawal_alone(self, world: None) -> None:
        mia = logged_in(User.objects.get(username="mia"))
        assert mia.post(self.step("approve"), {"comment": ""}).status_code == 403
        mia.post(self.step("withdraw"), {"comment": ""})
        assert ApprovalRequest.objects.get().status == Status.WITHDRAWN

    def test_a_changed_target_is_told(self, carl: Client, world: None) -> None:
        Payout.objects.get(state="RETURNED").merchant.__class__.objects.update(
            payout_account="1" * 16
        )
        page = carl.get(address(ApprovalRequest, "change", ApprovalRequest.objects.get().pk))
        assert "1111111111111111" in page.content.decode()
        page = carl.post(self.step("approve"), {"comment": ""}, follow=True)
        assert "The target has changed" in page.content.decode()

    def test_asking_needs_a_reason(self, world: None) -> None:
        mia = logged_in(User.objects.get(username="mia"))
        payout = Payout.objects.get(state="RETURNED")
        ask = reverse("admin:payouts_payout_ask_retry", args=[payout.pk])
        assert "138" not in mia.get(ask).content.decode()
        page = mia.post(ask, {"reason": "short"})
        assert "at least 10 characters" in page.content.decode()
        mia.post(self.step("withdraw"), {"comment": ""})
        mia.post(ask, {"reason": REASON})
        assert ApprovalRequest.objects.filter(status=Status.PENDING).count() == 1
        assert ApprovalRequest.objects.count() == 2

    def test_the_inbox_has_two_sides(self, carl: Client, world: None) -> None:
        inbox = address(ApprovalRequest, "changelist")
        assert "mia" in carl.get(inbox, {"inbox": "mine_to_decide"}).content.decode()
        mine = carl.get(inbox, {"inbox": "my_requests"}).content.decode()
        assert REASON not in mine

    def test_every_step_is_in_the_audit_log(self, carl: Client, world: None) -> None:
        carl.post(self.step("reject"), {"comment": "no"})
        found = AuditEvent.objects.filter(action="approval.rejected").get()
        assert (found.actor, found.purpose) == ("operator:carl", "no")

    def test_asking_for_what_is_gone_says_so(self, world: None) -> None:
        batch = SettlementBatch.objects.filter(state="PAID")[0]
        SettlementBatch.objects.filter(pk=batch.pk).update(state="AWAITING_APPROVAL")
        noel = make_operator(
            "noel", registry.right("ask", RELEASE), "settlement.view_settlementbatch"
        )
        ask = reverse("admin:settlement_settlementbatch_ask_release", args=[batch.pk])
        assert "What will happen" in logged_in(noel).get(ask).content.decode()
        SettlementBatch.objects.filter(pk=batch.pk).update(state="PAID")
        assert logged_in(noel).get(ask).status_code == 403

    def test_a_refusal_of_the_maker_is_told_in_words(self, world: None) -> None:
        request = RequestFactory().post("/", {"reason": REASON})
        request.user = make_operator("nobody")
        request.session = {}  # type: ignore[assignment]
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        answer = ask_page(request, action=RENAME, parameters={"group": 1}, back="/admin/")
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
        assert [str(told) for told in get_messages(request)] == [MakerLacksRole.message]


def test_every_table_has_a_place_of_its_own_in_the_menu() -> None:
    assert [table.model for table in areas()[Area.MORE]] == []
