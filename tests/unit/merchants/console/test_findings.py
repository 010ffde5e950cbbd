"""A finding of an explanation: English for programs, the reader's language on a page."""

import pytest
from django.utils.translation import override

from merchants.console.templatetags.developers import finding, in_words
from merchants.diagnosis.translatable_text import TranslatableText
from merchants.onboarding.rules import KeyUnreadable


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "missing_parameter: sign"),
        ("fr", "missing_parameter : sign"),
        ("zh-hans", "missing_parameter：sign"),
    ],
)
def test_a_finding_keeps_its_code_and_value_in_every_language(language: str, shown: str) -> None:
    told = TranslatableText.of("missing_parameter: {name}", name="sign")
    with override(language):
        assert finding(told) == shown
    assert told == "missing_parameter: sign"


def test_a_finding_without_values_may_hold_braces() -> None:
    with override("fr"):
        assert finding("unheard of: {sign}") == "unheard of: {sign}"
        assert in_words("REVOKED") == "Révoquée"


def test_a_refusal_as_a_finding_keeps_its_code_before_the_readers_sentence() -> None:
    told = f"{KeyUnreadable.code}: {KeyUnreadable.message}"
    with override("zh-hans"):
        shown = finding(told)
    assert shown.startswith(f"{KeyUnreadable.code}: ")
    assert shown != told
