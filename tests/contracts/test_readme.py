"""README and settings agree."""

import re

from tests.contracts.source import ROOT

READ = re.compile(r"(?:env\.\w+|integer|addresses|switch|secret|choice)\(\s*\"([A-Z][A-Z_]+)\"")


def test_every_setting_is_in_the_readme() -> None:
    base = (ROOT / "config/settings/base.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = sorted(name for name in set(READ.findall(base)) if f"`{name}`" not in readme)
    assert missing == []


def test_every_make_target_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.M))
    described = set(re.findall(r"^([a-z][a-z-]*):.*##", text, flags=re.M))
    assert targets - described == set()
