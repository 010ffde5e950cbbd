"""The panel speaks English, French and Chinese: menu, home page, columns, actions, approvals."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from config.kernel.approvals.request import request_approval
from config.kernel.words import field_in_words
from healthcode.evidence.models import Evidence
from tests.factories.account_cases import frozen
from tests.factories.accounts import make_user
from tests.factories.approvals import Desk
from tests.factories.health import make_person
from tests.factories.operators import make_checker, make_maker, make_operator
from wallet.accounts.approvals import UNFREEZE
from wallet.accounts.models import WalletUser
from wallet.payments.models import Payment

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


@pytest.mark.parametrize(
    ("language", "nothing", "matches"),
    [
        ("en", "Nothing here yet", "Nothing matches"),
        ("fr", "Rien ici", "Rien ne correspond"),
        ("zh-hans", "暂无内容", "没有匹配的结果"),
    ],
)
def test_an_empty_list_says_whether_a_filter_hides_what_there_is(
    language: str, nothing: str, matches: str
) -> None:
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    empty = page(root, f"/admin/payments/payment/?lang={language}")
    assert nothing in empty
    assert matches not in empty
    searched = page(root, "/admin/payments/payment/?q=2026")
    assert matches in searched
    assert nothing not in searched
    assert matches in page(root, "/admin/payments/payment/?status__exact=PAID")


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
    with translation.override("fr"):
        assert field_in_words("a column that is new") == "a column that is new"


# What is nobody's language: names, keys of the keyboard, what an operator typed.
DATA = re.compile(
    r"Saoma|esc|Ctrl \+ K|Sandbox|carl|mia|Li Hua.*|.*\bEnglish\b.*|passport seen|CNY"
    r"|Sessions|Votes?"
)


def words_on(html: str) -> set[str]:
    """What a page shows, text by text; scripts, styles and names of icons are not shown."""
    html = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", "", html)
    html = re.sub(r"<span[^>]*material-symbols[^>]*>[^<]*</span>", "", html)
    texts = (re.sub(r"\s+", " ", text).strip() for text in re.findall(r">([^<>]+)<", html))
    return {text for text in texts if re.search("[A-Za-z]{3}", text) and not DATA.fullmatch(text)}


def test_nothing_of_an_approval_stays_english() -> None:
    request = request_approval(
        action=UNFREEZE,
        parameters=frozen().parameters,
        reason="passport seen",
        maker=make_maker("mia", UNFREEZE),
    )
    carl = Client()
    carl.force_login(make_checker("carl", UNFREEZE))
    for name in ("change", "approve"):
        address = f"/admin/approvals/approvalrequest/{request.pk}/{name}/"
        english = words_on(page(carl, f"{address}?lang=en"))
        assert "FROZEN → ACTIVE" in english
        for language in ("fr", "zh-hans"):
            assert words_on(page(carl, f"{address}?lang={language}")) & english == set()


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_every_choice_of_every_table_has_a_word(language: str) -> None:
    fields = [
        field
        for model, page in admin.site._registry.items()
        for table in (model, *(inline.model for inline in page.inlines))
        for field in table._meta.fields
        if field.choices
    ]
    assert len(fields) > 100
    codes = {(field, value): str(label) for field in fields for value, label in field.flatchoices}
    with translation.override(language):
        lacking = {
            f"{field} {value}"
            for field in fields
            for value, label in field.flatchoices
            if label and str(label) == codes[field, value]
        }
    assert lacking == set()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "DECLARATION"), ("fr", "DÉCLARATION"), ("zh-hans", "申报")]
)
def test_a_plain_column_a_filter_and_a_row_say_a_code_in_words_and_a_csv_the_code(
    language: str, word: str
) -> None:
    make_person()
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    listed = page(root, f"/admin/health_evidence/evidence/?lang={language}")
    assert any(word in cell for cell in re.findall(r"field-kind.*?</t[dh]>", listed, re.DOTALL))
    filtered = "/admin/health_evidence/evidence/?kind__exact=declaration"
    assert word in page(root, filtered)
    row = Evidence.objects.get()
    assert word in page(root, f"/admin/health_evidence/evidence/{row.pk}/change/")
    taken_away = page(root, reverse("list_export", args=["health_evidence", "evidence"]))
    assert ("declaration" in taken_away, word in taken_away) == (True, False)


def labels_of(page: Any, request: Any) -> Iterator[str]:
    """What the lists and the pages of a table say beside what its rows hold."""
    for owner in (page, *(inline(page.model, admin.site) for inline in page.inlines)):
        fieldsets = owner.get_fieldsets(request)
        names = [*flatten_fieldsets(fieldsets), *getattr(owner, "list_display", ())]
        # What a form of its own asks has the form's label.
        asked = getattr(owner.form, "declared_fields", {})
        for name in sorted({*names} - {"action_checkbox", *asked}):
            yield str(label_for_field(name, owner.model, owner))
        yield from (str(field.label) for field in asked.values())
        yield from (str(title) for title, _ in fieldsets if title)
        yield from (str(field.help_text) for field in owner.model._meta.fields)
        yield str(owner.verbose_name_plural if owner is not page else owner.opts.verbose_name)
        filters = (entry for entry in getattr(owner, "list_filter", ()) if isinstance(entry, type))
        yield from (str(getattr(entry, "title", "")) for entry in filters)
    yield str(page.opts.verbose_name_plural)
    # Made of columns where the page says nothing itself: those are checked above.
    yield str(page.search_help_text) if type(page).search_help_text else ""


def labels() -> list[tuple[str, str]]:
    """Every table with every label of its pages, in the active language."""
    request = RequestFactory().get("/")
    request.user = User(username="root", is_staff=True, is_superuser=True)
    return [
        (model._meta.label, label)
        for model, page in admin.site._registry.items()
        for label in labels_of(page, request)
    ]


def word_for(label: str, language: str) -> str | None:
    """What a language's catalogue has for a label; none if it lacks it."""
    translations: Any = trans_real.translation(language)
    words = translations._catalog
    return next((words[key] for key in (f"field\x04{label}", label) if key in words), None)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_every_label_of_every_table_has_a_word(language: str) -> None:
    with translation.override("en"):
        english = labels()
    assert len(english) > 1500
    with translation.override(language):
        shown = labels()
    lacking = {
        f"{table}: {label}"
        for (table, label), (_, said) in zip(english, shown, strict=True)
        if re.search("[A-Za-z]", label) and said == label != word_for(label, language)
    }
    assert lacking == set()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "DEBIT"), ("fr", "DÉBIT"), ("zh-hans", "借方")]
)
def test_a_debit_of_the_books_is_no_direct_debit(language: str, word: str) -> None:
    make_user(balance_minor=1_00)
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    listed = page(root, f"/admin/ledger/entry/?lang={language}")
    assert re.search(rf"(?i)field-side[^>]*>\s*{word}\s*<", listed)
    with translation.override(language):
        methods = dict(Payment._meta.get_field("method").flatchoices)
    assert str(methods["DEBIT"]) != word or language == "en"


def asking_forms(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """The forms of the house's own modules."""
    for form in of.__subclasses__():
        if form.__module__.startswith(("config.", "wallet.", "merchants.", "healthcode.")):
            yield form
        yield from asking_forms(form)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_every_form_that_an_operator_fills_in_has_words(language: str) -> None:
    fields = {
        (form.__name__, name): field
        for form in asking_forms()
        for name, field in getattr(form, "declared_fields", {}).items()
        if not isinstance(field.widget, forms.HiddenInput)
    }
    assert len(fields) > 60

    def texts(reader: str) -> list[tuple[str, str]]:
        with translation.override(reader):
            return [
                (name, text)
                for (_, name), field in fields.items()
                for text in (str(field.label or name.replace("_", " ")), str(field.help_text))
            ]

    # What is put together of words comes in the reader's language, and is in no catalogue.
    pairs = zip(texts("en"), texts(language), strict=True)
    lacking = {
        name
        for (name, text), (_, own) in pairs
        if text and text == own and word_for(text, language) is None
    }
    assert lacking == set()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "User number, phone, name"),
        ("fr", "N° de client, téléphone, nom"),
        ("zh-hans", "用户号、手机号、名称"),
    ],
)
def test_a_search_says_by_what(language: str, words: str) -> None:
    translation.activate(language)
    pages = [page for page in admin.site._registry.values() if page.search_fields]
    assert [page for page in pages if not str(page.search_help_text or "")] == []
    assert words == str(admin.site._registry[WalletUser].search_help_text)
