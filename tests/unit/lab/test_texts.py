"""The pages' texts: every key that a script names exists, and every language knows its keys.

Keys that a script computes are checked against the lists they are computed from.
"""

import re
from pathlib import Path

import pytest

from config.kernel import timetable
from config.kernel.outbox import consumers
from lab.account_names import account_role
from lab.values import Outcome
from merchants.notifications.tasks import NAME
from wallet.ledger.values import CHART

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


def computed_keys() -> set[str]:
    """The keys that scripts put together from what the server names."""
    owned = ("user:{}:available", "memo:exposure:{}", "asset:arrears:{}", "escrow:{}")
    merchants = ("pending", "payable", "reserve", "balance")
    codes = [*CHART, *(f"merchant:{NIL}:{part}" for part in merchants)]
    codes += [f"asset:merchant_receivable:{NIL}", *(code.format(NIL) for code in owned)]
    return {
        *(f"account.{account_role(code)}" for code in codes),
        *(f"job.{name}" for name in timetable.names()),
        *(f"topic.{topic}" for topic in consumers.topics_of(NAME)),
        *(f"outcome.{outcome}" for outcome in Outcome),
        *(f"refund.{outcome}" for outcome in ("REFUNDED", "REFUSED", "UNKNOWN")),
        *(f"me.topup_{state}" for state in ("SUCCEEDED", "FAILED", "EXPIRED")),
    }


NIL = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_computed_key_has_its_words(language: str) -> None:
    assert sorted(computed_keys() - texts(language).keys()) == []


def test_merchants_are_notified_of_more_than_payments() -> None:
    assert {"payment.paid", "agreement.signed", "split.ended"} <= consumers.topics_of(NAME)
