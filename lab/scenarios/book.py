"""The book of scenarios, read from its files; a mistake in one is named with its place."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from config.kernel.errors import InvalidRequest, NotFound
from lab import seed_file
from lab.scenarios.acts import ACTS
from lab.scenarios.values import Scenario, Step

BOOK = Path(__file__).parent / "book"
LANGUAGES = ("en", "fr", "zh")
# Fifty files with libyaml take a quarter of a second, without it three.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOP = {"title", "doors", "services", "world", "steps"}
_STEP = {
    "say", "at", "do", "with", "expect", "entries", "balances", "colours", "not_built",
}  # fmt: skip


class ScenarioInvalid(InvalidRequest):
    """A scenario's file has a mistake."""

    code = "scenario_invalid"
    message = "The scenario's file cannot be used."


class ScenarioUnknown(NotFound):
    """The book has no scenario of this name."""

    code = "scenario_unknown"
    message = "There is no scenario of this name."


def names() -> list[str]:
    """Every scenario's name, in alphabetical order."""
    return sorted(path.stem for path in BOOK.glob("*.yaml"))


@functools.lru_cache(maxsize=64)
def scenario(name: str) -> Scenario:
    """A scenario of the book.

    Raises:
        ScenarioUnknown: there is none of this name.
        ScenarioInvalid: its file has a mistake.
    """
    if name not in names():
        raise ScenarioUnknown(field="name", scenario=name)
    return read(name, (BOOK / f"{name}.yaml").read_text(encoding="utf-8"))


def read(name: str, text: str) -> Scenario:
    """Read a scenario's text.

    Raises:
        ScenarioInvalid: the text has a mistake; `place` and `expected` say which.
    """
    try:
        content = yaml.load(text, Loader=_LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        raise ScenarioInvalid(place=name, expected=" ".join(str(error).split())) from error
    if not isinstance(content, Mapping) or set(content) - _TOP or "steps" not in content:
        raise ScenarioInvalid(place=name, expected=f"a mapping of {sorted(_TOP)}")
    steps = tuple(
        _step(f"{name}.steps.{number}", row) for number, row in enumerate(content["steps"])
    )
    return Scenario(
        name=name,
        title=_texts(f"{name}.title", content.get("title")),
        doors=tuple(content.get("doors", ())),
        services=tuple(content.get("services", ())),
        world=seed_file.read(content.get("world", {})),
        steps=steps,
    )


def _step(place: str, row: Any) -> Step:
    if not isinstance(row, Mapping) or set(row) - _STEP:
        raise ScenarioInvalid(place=place, expected=f"a mapping of {sorted(_STEP)}")
    if ("do" in row) == ("not_built" in row):
        raise ScenarioInvalid(place=place, expected="one of do, not_built")
    if "do" in row and row["do"] not in ACTS:
        raise ScenarioInvalid(place=f"{place}.do", expected=f"one of {', '.join(sorted(ACTS))}")
    return Step(
        say=_texts(f"{place}.say", row.get("say")),
        at=str(row.get("at", "")),
        do=row.get("do", ""),
        arguments=row.get("with", {}),
        expect=row.get("expect", {}),
        entries=tuple(row["entries"]) if "entries" in row else None,
        balances=row.get("balances", {}),
        colours=row.get("colours", {}),
        not_built=row.get("not_built", ""),
    )


def _texts(place: str, texts: Any) -> dict[str, str]:
    """A text in each language."""
    if not isinstance(texts, Mapping) or set(texts) != set(LANGUAGES):
        raise ScenarioInvalid(place=place, expected=f"a text in each of {', '.join(LANGUAGES)}")
    return {language: str(text) for language, text in texts.items()}
