"""`manage.py new slice|method|kind`: the bones of what is added most often.

Renders the templates in `lab/bones` into the checkout with Django's own machinery of
`startapp`, and writes the lines by which the house knows of the new part. What comes out passes
`make check` and its own tests; from there on it is ordinary code, to be changed at will.
"""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.templates import TemplateCommand

from healthcode.evidence.values import Ceiling, EvidenceKind, Source
from merchants.consents.values import MANDATE_SCOPES

BONES: Final = Path(__file__).parents[2] / "bones"
# Files that are there already, with the text that they are to have.
Lines = dict[Path, str]
TOPS: Final = ("wallet", "merchants", "healthcode")
_RENDERED: Final = {"extensions": ["py"], "files": [], "verbosity": 1}


class Command(BaseCommand):
    """Makes a slice, a gateway method or a kind of evidence."""

    help = "Make the bones of a slice, a gateway method or a kind of evidence."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what can be made."""
        parts = parser.add_subparsers(dest="part", required=True)
        new_slice = parts.add_parser("slice", help="new slice merchants.tips --above splits")
        new_slice.add_argument("name", help="its dotted name, a plural: merchants.tips")
        new_slice.add_argument("--above", required=True, help="the slice that it may still import")
        method = parts.add_parser("method", help="new method alipay.trade.tip.query --scope pay")
        method.add_argument("name", help="the method's name in the protocol")
        scopes = [scope.value for scope in MANDATE_SCOPES]
        method.add_argument(
            "--scope", required=True, choices=[*scopes, "none"], help="what a mandate must allow"
        )
        kind = parts.add_parser("kind", help="new kind sewage_sample --fact sewage")
        kind.add_argument("name", help="the kind's name, as it is stored")
        kind.add_argument("--fact", required=True, help="the fact that it feeds")
        kind.add_argument("--sender", default="authority", choices=[s.value for s in Source])
        kind.add_argument("--ceiling", default="YELLOW", choices=[c.value for c in Ceiling])

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the part, and say what to do next."""
        make = {"slice": new_slice, "method": new_method, "kind": new_kind}[options["part"]]
        for path in make(options):
            self.stdout.write(str(path.relative_to(root())))
        self.stdout.write("Now read them, and run `make check` and their tests.")


def new_slice(options: dict[str, Any]) -> list[Path]:
    """Make a slice of a top package, one layer above a slice that is there.

    Raises:
        CommandError: the top, or the slice below, is not there.
    """
    top, _, name = options["name"].partition(".")
    below = options["above"]
    if top not in TOPS or not re.fullmatch(r"[a-z]+s", name):
        raise CommandError(f"a slice is a plural under one of {', '.join(TOPS)}: merchants.tips")
    word = name.removesuffix("s")
    context = {
        "top": top,
        "label": f"health_{name}" if top == "healthcode" else name,
        "words": name,
        "word": word,
        "snake": word,
        "model": word.capitalize(),
    }
    if (root() / top / name).exists():
        raise CommandError(f"{top}/{name} is there already")
    layers = rf"(containers =\n    {top}\n(?:.+\n)*?)(    .*\b{below}\b.*\n)"
    installed = rf'(    "{top}\.{below}",\n)'
    lines: Lines = {}
    add_line(lines, ".importlinter", layers, rf"\1    {name}\n\2")
    add_line(lines, "config/settings/base.py", installed, rf'\1    "{top}.{name}",\n')
    targets = {
        "package": f"{top}/{name}",
        "unit": f"tests/unit/{top}/{name}",
        "usecases": f"tests/usecases/{top}/{name}",
    }
    return write(lines, render_all(targets, "slice", name, context))


def new_method(options: dict[str, Any]) -> list[Path]:
    """Make a gateway method in a module of its own, with its row and a test.

    Raises:
        CommandError: it is no name of a method.
    """
    method = options["name"]
    if not re.fullmatch(r"[a-z]+(\.[a-z]+){2,}", method):
        raise CommandError("a method's name is like alipay.trade.tip.query")
    name = "_".join(method.split(".")[1:])
    dispatcher = "merchants/gateway/dispatcher.py"
    lines: Lines = {}
    add_line(lines, dispatcher, r"(methods import \(\n)", rf"\1    {name},\n")
    families = r"(\n    \)\n    for method in family)"
    add_line(lines, dispatcher, families, rf"\n        {name}.METHODS,\1")
    scope = options["scope"]
    context = {"method": method, "scope": "" if scope == "none" else scope.upper()}
    targets = {"methods": "merchants/gateway/methods", "tests": "tests/gateway"}
    return write(lines, render_all(targets, "method", name, context))


def new_kind(options: dict[str, Any]) -> list[Path]:
    """Make a kind of evidence: its name, its row in the table of kinds, and a test.

    Raises:
        CommandError: it is no name of a kind, or there is one of that name.
    """
    name, fact = options["name"], options["fact"]
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,23}", name) or not fact.isidentifier():
        raise CommandError("a kind's name has up to 24 small letters, a fact's is one word")
    if name in list(EvidenceKind):
        raise CommandError(f"there is a kind {name} already")
    upper, sender, ceiling = name.upper(), options["sender"].upper(), options["ceiling"]
    values = "healthcode/evidence/values.py"
    lines: Lines = {}
    add_line(lines, values, r"(\n\n\nclass Source)", rf'\n    {upper} = "{name}"\1')
    finding = ", finding=()" if sender == Source.AUTHORITY.name else ""
    row = f'KindRow({{"{fact}": Ceiling.{ceiling}}}, frozenset({{Source.{sender}}}){finding})'
    add_line(lines, values, r"(\n}\n\nRETENTION_DAYS)", rf"\n    EvidenceKind.{upper}: {row},\1")
    context = {"fact": fact, "sender": sender, "ceiling": ceiling, "upper": upper}
    files = render("kind", "tests/unit/healthcode/rules", "kind", name, context)
    return write(lines, files)


def root() -> Path:
    """The checkout that is written to."""
    return Path(settings.BASE_DIR)


def add_line(lines: Lines, name: str, place: str, text: str) -> None:
    """Put a line into a file's text, where a pattern says; nothing is written yet.

    Raises:
        CommandError: the file has no such place.
    """
    path = root() / name
    before = lines.get(path) or path.read_text(encoding="utf-8")
    lines[path], count = re.subn(place, text, before, count=1)
    if not count:
        raise CommandError(f"{name} has no place for it: is the neighbour's name right?")


def render_all(
    targets: Mapping[str, str], part: str, name: str, context: dict[str, str]
) -> list[Path]:
    """Fill in a part's folders of templates, each for a folder of the checkout."""
    return [
        path
        for bones, target in targets.items()
        for path in render(f"{part}/{bones}", target, part, name, context)
    ]


def render(bones: str, target: str, part: str, name: str, context: dict[str, str]) -> list[Path]:
    """Render a folder of templates into another; files that are there are never written over.

    Raises:
        CommandError: one of them is there.
    """
    folder = root() / target
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.rglob("*"))
    templates = {**_RENDERED, **context, "template": str(BONES / bones)}
    TemplateCommand().handle(part, name, str(folder), **templates)
    return sorted(path for path in set(folder.rglob("*")) - before if path.suffix == ".py")


def write(lines: Lines, files: list[Path]) -> list[Path]:
    """Write the changed files; sort imports and format, where the tools for it are installed."""
    for path, text in lines.items():
        path.write_text(text, encoding="utf-8")
    changed = [*lines, *files]
    if importlib.util.find_spec("ruff"):
        names = [str(path) for path in changed if path.suffix == ".py"]
        for command in (["check", "--select", "I", "--fix"], ["format"]):
            subprocess.run([sys.executable, "-m", "ruff", *command, "-q", *names], check=True)
    return changed
