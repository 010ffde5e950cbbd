"""The pages' texts: every key that a script names exists, in all three languages alike."""

import re

import pytest

from healthcode.decisions.serializers import SYMPTOMS
from healthcode.decisions.values import NoticeKind, OverrideReason
from healthcode.pages.shell import STATIC
from healthcode.rules.values import Colour
from healthcode.subjects.values import OPEN_STATES, DocumentType, Proof, Relation
from healthcode.tracing.values import TracePurpose
from healthcode.verification.values import AccessKind, Direction, Verdict

SCRIPTS = STATIC / "health" / "js"
USE = re.compile(r'\bt\(\s*"([\w.]+)"')
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LANGUAGES = ("en", "fr", "zh")
# What names nobody, or is said without network, is in nobody's access log.
UNRECORDED = {Verdict.UNREADABLE, Verdict.FORGED, Verdict.STALE}


def texts(language: str) -> dict[str, str]:
    """The messages of a language by key."""
    source = (SCRIPTS / "messages" / f"{language}.js").read_text(encoding="utf-8")
    return dict(re.findall(r'^\s+"([\w.]+)":\s*"((?:[^"\\]|\\.)*)",$', source, re.MULTILINE))


def test_every_text_a_script_asks_for_exists() -> None:
    asked = {key for path in SCRIPTS.glob("*.js") for key in USE.findall(path.read_text("utf-8"))}

    assert asked - texts("en").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_its_placeholders(language: str) -> None:
    english, translated = texts("en"), texts(language)

    assert translated.keys() == english.keys()
    for key, text in translated.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[key])), key


def test_every_word_of_the_server_that_is_shown_has_a_text() -> None:
    # A gate that does not know a terminal says nothing about a code.
    verdicts = [verdict for verdict in Verdict if verdict is not Verdict.UNREGISTERED]
    named = {
        *(f"verdict.{verdict}" for verdict in verdicts),
        *(f"todo.{verdict}" for verdict in verdicts if verdict is not Verdict.ADMITTED),
        *(f"colour.{colour}" for colour in Colour),
        *(f"symptom.{symptom}" for symptom in SYMPTOMS),
        *(f"document.{kind}" for kind in DocumentType),
        *(f"look.{kind}" for kind in AccessKind),
        *(f"outcome.{verdict}" for verdict in verdicts if verdict not in UNRECORDED),
        *(f"outcome.{outcome}" for outcome in (*Direction, "REFUSED", "TRACED")),
        *(f"purpose.{purpose}" for purpose in TracePurpose),
        *(f"notice.{kind}" for kind in NoticeKind),
        *(f"override.{reason}" for reason in OverrideReason),
        *(f"relation.{relation}" for relation in Relation),
        *(f"proof.{proof}" for proof in Proof),
        *(f"family.state.{state}" for state in OPEN_STATES),
    }

    assert named - texts("en").keys() == set()
