"""What slices declare is in the catalogues: titles of the sidebar, and kinds of evidence."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.utils import translation

from config.kernel import slices
from config.kernel.slices import Area
from config.kernel.words import code_in_words, in_words
from healthcode.evidence.values import EvidenceKind

LANGUAGES = ("fr", "zh-hans")
# Written alike in French.
SAME = {"fr": {"Notifications", "Parking", "Passes", "Sessions"}, "zh-hans": set[str]()}


def without_words(texts: set[str], language: str) -> set[str]:
    """Those that read in a language as they do in English."""
    with translation.override(language):
        return {text for text in texts if in_words(text) == text} - SAME[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_of_the_sidebar_has_words(language: str) -> None:
    titles = {table.title for _, declared in slices.declared() for table in declared.tables}
    assert len(titles) > 100
    assert without_words(titles | {area.value for area in Area}, language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_above_a_page_has_words(language: str) -> None:
    slices_of = {apps.get_app_config(model._meta.app_label) for model in admin.site._registry}
    with translation.override("en"):
        english = {str(each.verbose_name) for each in slices_of}
    assert without_words(english, language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_evidence_has_words(language: str) -> None:
    with translation.override("en"):
        english = {kind: code_in_words(kind, "kind") for kind in EvidenceKind}
    with translation.override(language):
        assert {
            kind for kind in EvidenceKind if code_in_words(kind, "kind") == english[kind]
        } == set()


def test_a_title_without_words_is_found() -> None:
    assert without_words({"Payments", "A title that is new"}, "fr") == {"A title that is new"}
