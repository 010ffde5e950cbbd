"""Every text that a page marks for its reader is in the catalogue of every language."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

from config.kernel.errors import SaomaError
from merchants.console import rules as console
from merchants.notifications.models import NotificationState
from merchants.onboarding.values import AppState, KeyState, MerchantState

DIAGNOSIS = Path(settings.BASE_DIR) / "merchants" / "diagnosis"
SLICES = ("config", "wallet", "merchants", "healthcode", "lab")
SOURCES = [
    path
    for slice_ in SLICES
    for path in sorted((Path(settings.BASE_DIR) / slice_).rglob("*"))
    if path.suffix in {".html", ".py"}
]
OTHERS = [code for code, _ in settings.LANGUAGES if code != "en"]
LITERAL = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
MARKED = re.compile(
    rf"\b(?:_|gettext(?:_lazy|_noop)?)\(\s*((?:u?{LITERAL}\s*)+)|\bngettext\(\s*u?({LITERAL})"
)
IN_CONTEXT = re.compile(rf"\bpgettext(?:_lazy)?\(\s*u?({LITERAL}),\s*u?({LITERAL})")
# Refusals that can meet a developer on a page of the console.
AT_THE_CONSOLE = (
    *(
        "merchants.console",
        "merchants.onboarding.rules",
        "merchants.onboarding.usecases.rotate_key",
    ),
    *("merchants.onboarding.usecases.register_app", "merchants.onboarding.usecases.key_steps"),
    *("merchants.onboarding.usecases.set_person_naming", "merchants.workbench.rules"),
    *("wallet.accounts.usecases.open_session", "wallet.accounts.usecases.register_user"),
    *("wallet.accounts.usecases.confirm_password", "merchants.diagnosis.request_parser"),
)


def marked(path: Path) -> set[str]:
    """What a source asks the catalogue for, by the literals it names."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = templatize(text)
    texts = {ast.literal_eval(f"({one or many})") for one, many in MARKED.findall(text)}
    pairs = [map(ast.literal_eval, pair) for pair in IN_CONTEXT.findall(text)]
    return texts | {"\x04".join(pair) for pair in pairs}


def known(language: str) -> set[str]:
    """The texts that a language has words for."""
    catalogue: Any = trans_real.translation(language)
    keys = catalogue._catalog.keys()
    return {key[0] if isinstance(key, tuple) else key for key in keys}


@pytest.mark.parametrize("language", OTHERS)
def test_every_marked_text_has_words_in_every_language(language: str) -> None:
    words = known(language)

    without = {(path.name, text) for path in SOURCES for text in marked(path) if text not in words}

    assert without == set()


@pytest.mark.parametrize("language", OTHERS)
def test_the_console_has_words_for_its_states_faults_and_refusals(language: str) -> None:
    states = [*MerchantState, *AppState, *KeyState, *NotificationState]
    texts = {f"state\x04{state.capitalize()}" for state in states}
    texts |= {label for _, label in console.PERSONS}
    texts |= {
        text for fault in console.FAULTS for text in (fault.title, fault.happens, fault.holds)
    }
    texts |= {
        refusal.message for refusal in refusals() if refusal.__module__.startswith(AT_THE_CONSOLE)
    }

    assert texts - known(language) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_finding_about_a_signature_has_words_in_every_language(language: str) -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in DIAGNOSIS.rglob("*.py")]
    texts = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"[a-z_0-9]+: [^\n]+$", node.value)
    }

    assert len(texts) > 40
    assert texts - known(language) == set()


def refusals(of: type[SaomaError] = SaomaError) -> list[type[SaomaError]]:
    """Every refusal that the product has, at any depth."""
    return [one for child in of.__subclasses__() for one in (child, *refusals(child))]
