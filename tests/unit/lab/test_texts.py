"""The pages' texts: every key that a script names exists, and every language knows its keys."""

import re
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "lab" / "static" / "lab" / "js"
KEY = re.compile(r'^\s+"([\w.]+)":', re.MULTILINE)
USE = re.compile(r'\bt\(\s*"([\w.]+)"')
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LANGUAGES = sorted(path.stem for path in (SCRIPTS / "messages").glob("*.js"))


def texts(language: str) -> dict[str, str]:
    """The messages of a language by key."""
    source = (SCRIPTS / "messages" / f"{language}.js").read_text(encoding="utf-8")
    return dict(re.findall(r'^\s+"([\w.]+)":\s*"((?:[^"\\]|\\.)*)",$', source, re.MULTILINE))


def test_every_text_a_script_asks_for_exists() -> None:
    english = texts("en")
    asked = {key for path in SCRIPTS.glob("*.js") for key in USE.findall(path.read_text("utf-8"))}

    assert asked - english.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_no_key_of_its_own_and_keeps_placeholders(language: str) -> None:
    english, translated = texts("en"), texts(language)

    assert translated.keys() <= english.keys()
    for key, text in translated.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[key])), key
