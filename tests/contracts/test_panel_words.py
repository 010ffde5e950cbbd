"""What an approval's pages say is in every language's catalogue, whatever branch says it.

Read from the sources: labels and values of the functions that give facts, titles and links of
actions. What is put together of parts has its template in `config.kernel.composed`.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from config.kernel import composed
from config.kernel.approvals import registry
from config.kernel.panel import STATE_COLOURS
from tests.contracts.source import modules

LANGUAGES = ("fr", "zh-hans")
HOLE = "{}"
# No words: names of models, columns and accounts of the ledger.
NAME = re.compile(
    r"[a-z_]+\.[A-Z]\w+|[a-z]+(_[a-z]+)+|[a-z]+:[a-z_]+|(debit|credit) \{\}|id|kid|jwks?"
)
FRAMES = {re.sub(r"\{\d\}", HOLE, composed.message_of(text)) for text in composed.TEMPLATES}


def words_of(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield from text.split(" → ")
        case ast.JoinedStr():
            yield "".join(getattr(part, "value", "") if isinstance(part, ast.Constant) else HOLE
                          for part in node.values)  # fmt: skip
        case ast.IfExp():
            yield from (*words_of(node.body), *words_of(node.orelse))
        case ast.BoolOp():
            yield from (text for part in node.values for text in words_of(part))
        case ast.Call(args=args) if ast.unparse(node.func).split(".")[-1] == "change":
            yield from (text for part in args for text in words_of(part))


def facts_in(tree: ast.AST) -> Iterator[str]:
    """Labels and values of the functions that give facts; what an executor tells is data."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.returns is None:
            continue
        takes = [ast.unparse(arg.annotation) for arg in function.args.args if arg.annotation]
        if not ast.unparse(function.returns).endswith("Facts") or any(
            "Approved" in t for t in takes
        ):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Dict):
                for part in (*node.keys, *node.values):
                    yield from words_of(part)


def untranslated(texts: Iterator[str]) -> set[str]:
    """Those that the active language's catalogue does not have."""
    lacking = set()
    for text in texts:
        if not re.search("[A-Za-z]{2}", text.replace(HOLE, "")) or NAME.fullmatch(text):
            continue
        known = text in FRAMES if HOLE in text else in_catalogue(text)
        if not known:
            lacking.add(text)
    return lacking


def in_catalogue(text: str) -> bool:
    """Whether the active language has a text of its own for it, or a template that fits."""
    return translation.gettext(text) != text or text in SAME or composed.parts_of(text) is not None


# Written alike in the other language.
SAME = {"net", "sessions", "source", "action", "version", "votes", "contact", "document",
        "terminal", "temperature", "vaccination", "PARENT", "CODE", "SCAN", "case"}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_an_approval_is_in_the_catalogue(language: str) -> None:
    others = ("lab/", "healthcode/rules/facts.py")  # facts of another kind
    shown = [module.tree for module in modules() if not module.name.startswith(others)]
    texts = [text for tree in shown for text in facts_in(tree)]
    assert len(texts) > 300
    with translation.override(language):
        assert sorted(untranslated(iter(texts))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_states_and_templates_are_too(language: str) -> None:
    titles = [entry.title for entry in registry.actions() if not entry.name.startswith("tests.")]
    with translation.override(language):
        assert untranslated(iter([*titles, *STATE_COLOURS])) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_keeps_its_parts_in_every_language(language: str) -> None:
    with translation.override(language):
        for template in composed.TEMPLATES:
            message = composed.message_of(template)
            assert sorted(re.findall(r"\{\d\}", translation.gettext(message))) == sorted(
                re.findall(r"\{\d\}", message)
            ), message


def test_a_new_text_without_a_translation_fails() -> None:
    tree = ast.parse('def f() -> Facts:\n    return {"a new label": f"{x} new things"}')
    with translation.override("fr"):
        assert untranslated(facts_in(tree)) == {"a new label", "{} new things"}


def test_parts_are_translated_and_data_stay() -> None:
    with translation.override("zh-hans"):
        assert composed.translated("24 hours from its approval", translation.gettext) == (
            "自批准起 24 小时"
        )
        assert composed.translated("GREEN → GREEN, RED", translation.gettext) == "绿码 → 绿码, 红码"
        assert composed.translated("Baozi 1 Ltd, ICBC", translation.gettext) == "Baozi 1 Ltd, ICBC"
