"""A finding of an explanation: English for programs, the reader's language on a page."""

import pytest
from django.utils.translation import override

from merchants.console.templatetags.developers import finding, in_words
from merchants.diagnosis.told import Told


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "missing_parameter: sign"),
        ("fr", "missing_parameter : sign"),
        ("zh-hans", "missing_parameter：sign"),
    ],
)
def test_a_finding_keeps_its_code_and_value_in_every_language(language: str, shown: str) -> None:
    told = Told.of("missing_parameter: {name}", name="sign")
    with override(language):
        assert finding(told) == shown
    assert told == "missing_parameter: sign"


def test_a_finding_without_values_may_hold_braces() -> None:
    with override("fr"):
        assert finding("unheard of: {sign}") == "unheard of: {sign}"
        assert in_words("REVOKED") == "Révoquée"
