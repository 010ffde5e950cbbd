"""`manage.py new slice|method|kind`: the bones of what is added most often.

Renders the templates in `lab/bones` into the checkout with Django's own machinery of
`startapp`, and writes the lines by which the house knows of the new part. What comes out passes
`make check` and its own tests; from there on it is ordinary code, to be changed at will.
"""

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.templates import TemplateCommand
from django.utils.translation import override

from config.kernel.words import field_in_words
from healthcode.evidence.values import Ceiling, EvidenceKind, Source
from merchants.consents.values import MANDATE_SCOPES

BONES: Final = Path(__file__).parents[2] / "bones"
# Files that are there already, with the text that they are to have.
Lines = dict[Path, str]
EXTRAS: Final = ("api", "panel")
# By whom the API is called: a wallet user, or a merchant by its number in the address.
OWNERS: Final = ("user", "merchant")
# Where the links of a top's new slices stand in the sidebar, and who sees them.
PLACES: Final = {
    "wallet": ("WALLETS", "SERVICES"),
    "merchants": ("MERCHANTS", "SERVICES"),
    "healthcode": ("HEALTH", "HEALTH"),
}
# Kinds of a new slice's columns: the column, its type, how the API reads and writes it, a sample.
COLUMNS: Final[dict[str, dict[str, str]]] = {
    "text": {
        "column": "models.CharField(max_length=140)",
        "type": "str",
        "reads": "ShownTextField(max_length=140)",
        "writes": "serializers.CharField()",
        "sample": '"a text"',
        "json": '"a text"',
        "other": '"another"',
        "other_json": '"another"',
    },
    "moment": {
        "column": "models.DateTimeField()",
        "type": "datetime",
        "reads": "serializers.DateTimeField()",
        "writes": "serializers.DateTimeField()",
        "sample": "datetime(2030, 1, 2, tzinfo=UTC)",
        "json": '"2030-01-02T08:00:00+08:00"',
        "other": "datetime(2030, 1, 3, tzinfo=UTC)",
        "other_json": '"2030-01-03T08:00:00+08:00"',
    },
    "id": {
        "column": "models.UUIDField()",
        "type": "uuid.UUID",
        "reads": "serializers.UUIDField()",
        "writes": "serializers.UUIDField()",
        "sample": "uuid.UUID(int=1)",
        "json": '"00000000-0000-0000-0000-000000000001"',
        "other": "uuid.UUID(int=2)",
        "other_json": '"00000000-0000-0000-0000-000000000002"',
    },
    "minor": {
        "column": "models.BigIntegerField()",
        "type": "int",
        "reads": 'AmountField(source="{name}_minor")',
        "writes": "RowMoneyField()",
        "sample": "300_00",
        "json": '"300.00"',
        "other": "300_01",
        "other_json": '"300.01"',
    },
}
# A kind's words, by the column of its row: the option that gives each.
LANGUAGES: Final = {"en": "english", "fr": "french", "zh": "chinese"}
SCOPES_HELP: Final = "like its neighbour's in the family; questions about trades are pay"
_RENDERED: Final = {"extensions": ["py", "po"], "files": [], "verbosity": 1}


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
        new_slice.add_argument(
            "--owner", default="user", choices=OWNERS, help="whose they are, with an API"
        )
        new_slice.add_argument("--states", action="store_true", help="they are OPEN, then CLOSED")
        new_slice.add_argument("--with", default="", help=f"what else it has: {','.join(EXTRAS)}")
        new_slice.add_argument("--columns", default="", help=f"note:text; of {'|'.join(COLUMNS)}")
        new_slice.add_argument("--french", help="one and several, then new columns: pot,pots")
        new_slice.add_argument("--chinese", help="the same: 储蓄罐,储蓄罐")
        method = parts.add_parser("method", help="new method alipay.trade.tip.query --scope pay")
        method.add_argument("name", help="the method's name in the protocol")
        scopes = [scope.value for scope in MANDATE_SCOPES]
        method.add_argument("--scope", required=True, choices=[*scopes, "none"], help=SCOPES_HELP)
        kind = parts.add_parser("kind", help="new kind sewage_sample --fact sewage")
        kind.add_argument("name", help="the kind's name, as it is stored")
        kind.add_argument("--fact", required=True, help="the fact that it feeds")
        kind.add_argument("--french", required=True, help="what it is called in the panel")
        kind.add_argument("--chinese", required=True, help="the same")
        kind.add_argument("--english", default="", help="the same; its name with blanks without")
        kind.add_argument("--sender", default="authority", choices=[s.value for s in Source])
        kind.add_argument("--ceiling", default="YELLOW", choices=[c.value for c in Ceiling])
        kind.add_argument("--resets", action="store_true", help="clean days count anew after it")
        kind.add_argument("--days", type=int, default=28, help="kept for; 14 if like a location")
        kind.add_argument("--details", default="", help="an authority's, in the panel: region,case")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the part, and say what to do next."""
        make = {"slice": new_slice, "method": new_method, "kind": new_kind}[options["part"]]
        for path in make(options):
            self.stdout.write(str(path.relative_to(root())))
        self.stdout.write("Now read them, and run `make check` and their tests.")


def new_slice(options: dict[str, Any]) -> list[Path]:
    """Make a slice of a top package, one layer above a slice that is there.

    Raises:
        CommandError: the top, or the slice below, is not there; or a page of the panel lacks
            its words.
    """
    top, _, name = options["name"].partition(".")
    below = options["above"]
    if top not in PLACES or not re.fullmatch(r"[a-z]+(?<![^aeiou]y)s", name):
        raise CommandError(f"a slice is a plural under one of {', '.join(PLACES)}: merchants.tips")
    there = (root() / top / name).rglob("*")
    if any(path.is_file() and "__pycache__" not in path.parts for path in there):
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
    extras = extras_of(options, top)
    if "api" in extras:
        targets |= {"api": f"{top}/{name}", "http": f"tests/http/{top}/{name}"}
    if "panel" in extras:
        targets |= {"panel": f"{top}/{name}"}
    columns = columns_of(options, top)
    words = panel_words(options, columns["fields"]) if "panel" in extras else {}
    context: dict[str, Any] = {**words_of(top, name), **words, **columns}
    context |= {"owner": owner_of(options, top, extras), "states": options["states"]}
    context |= {"panel": "panel" in extras, "declares": bool(extras)}
    files = write(lines, render_all(targets, "slice", name, context))
    if not options["states"]:
        files.remove(root() / top / name / "values.py")
        (root() / top / name / "values.py").unlink()
    command = f"manage.py makemigrations {context['label']} --name tables --no-header -v 0"
    subprocess.run([sys.executable, *command.split()], cwd=root(), check=True)
    migration = root() / top / name / "migrations" / "0001_tables.py"
    return [*files, *write({}, [migration])]


def owner_of(options: dict[str, Any], top: str, extras: set[str]) -> str:
    """Whose a new slice's rows are; nobody's where no API records them.

    Raises:
        CommandError: a merchant's, where there are no merchants or nobody calls.
    """
    if options["owner"] == "merchant" and (top != "merchants" or "api" not in extras):
        raise CommandError("--owner merchant is for a slice of merchants with an API")
    return options["owner"] if "api" in extras else ""


def columns_of(options: dict[str, Any], top: str) -> dict[str, Any]:
    """A new slice's columns beside its reference.

    Raises:
        CommandError: one is no name with a kind of COLUMNS, or an amount where nothing reads
            and writes amounts.
    """
    fields = []
    for column in filter(None, options["columns"].split(",")):
        name, _, kind = column.partition(":")
        if not re.fullmatch(r"[a-z][a-z_]*", name) or kind not in COLUMNS:
            raise CommandError(f"--columns takes name:kind, a kind of {', '.join(COLUMNS)}")
        if kind == "minor" and top != "merchants":
            raise CommandError("amounts are of slices of merchants, above acceptance")
        field = {"name": name, "kind": kind, "words": name.replace("_", " "), **COLUMNS[kind]}
        field["attribute"] = f"{name}_minor" if kind == "minor" else name
        fields.append({**field, "reads": field["reads"].format(name=name)})
    kinds = {field["kind"] for field in fields}
    amounts = [field for field in fields if field["kind"] == "minor"]
    return {
        "fields": fields,
        "amounts": amounts,
        "moments": "moment" in kinds,
        "ids": "id" in kinds,
    }


def extras_of(options: dict[str, Any], top: str) -> set[str]:
    """What a new slice has beside its use case.

    Raises:
        CommandError: it is none of EXTRAS, or the health code's, whose callers are parties
            of several kinds.
    """
    extras = set(filter(None, options["with"].split(",")))
    if not extras <= set(EXTRAS):
        raise CommandError(f"--with takes {' and '.join(EXTRAS)}")
    if "api" in extras and top == "healthcode":
        raise CommandError("the health code's API has callers of several kinds: write it by hand")
    return extras


def words_of(top: str, name: str) -> dict[str, str]:
    """A slice's names, and where the panel has its tables."""
    word = f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
    area, viewers = PLACES[top]
    return {
        "top": top,
        "label": f"health_{name}" if top == "healthcode" else name,
        "words": name,
        "word": word,
        "snake": word,
        "model": word.capitalize(),
        "area": area,
        "viewers": viewers,
    }


def panel_words(options: dict[str, Any], fields: list[dict[str, str]]) -> dict[str, Any]:
    """What a table and its columns are called in the panel's other languages.

    Raises:
        CommandError: one of the words is missing, or what compiles them.
    """
    words: dict[str, Any] = {}
    for language, code in (("french", "fr"), ("chinese", "zh-hans")):
        with override(code):
            # Most columns are called what others are, and have their word.
            labels = [label for field in fields if field_in_words(label := field["words"]) == label]
        texts = [text for text in (options[language] or "").split(",") if text]
        if len(texts) != 2 + len(labels):
            places = ",".join(["ONE", "SEVERAL", *labels])
            raise CommandError(f"a page of the panel has words: --{language} {places}")
        words |= {language: texts[0], f"{language}_plural": texts[1]}
        pairs = zip(labels, texts[2:], strict=True)
        words[f"words_{language}"] = [{"label": label, "word": word} for label, word in pairs]
    if shutil.which("msgfmt") is None:
        raise CommandError("msgfmt (of gettext) is not installed")
    return words


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
    context["trade"] = method if method.startswith("alipay.trade.") else ""
    targets = {"methods": "merchants/gateway/methods", "tests": "tests/gateway"}
    return write(lines, render_all(targets, "method", name, context))


def new_kind(options: dict[str, Any]) -> list[Path]:
    """Make a kind of evidence: its name, its row in the table of kinds, and a test.

    Raises:
        CommandError: it is no name of a kind, or there is one of that name; or its words or
            details cannot be.
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
    row = [
        f'{{"{fact}": Ceiling.{ceiling}}}',
        f"frozenset({{Source.{sender}}})",
        *_of_kind(options),
    ]
    text = f"\n    EvidenceKind.{upper}: KindRow({', '.join(row)}),"
    add_line(lines, values, r"(\n}\n\nRETENTION_DAYS)", rf"{text}\1")
    context = {"fact": fact, "sender": sender, "ceiling": ceiling, "upper": upper}
    context |= {"french": options["french"]}
    files = render("kind", "tests/unit/healthcode/rules", "kind", name, context)
    return write(lines, files)


def _of_kind(options: dict[str, Any]) -> list[str]:
    """What a kind's row says beside its fact and its sender.

    Raises:
        CommandError: a word is none, or nobody would see that it is translated; or the
            details are no names, or no authority sends them.
    """
    words = {name: options[language] for name, language in LANGUAGES.items() if options[language]}
    if any(not re.fullmatch(r"[^\"\\\n]+", word) for word in words.values()):
        raise CommandError("a word has no quotation mark and no backslash")
    plain = options["name"].replace("_", " ")
    if plain in {words["fr"], words["zh"]}:
        raise CommandError(f"{plain} is its English name: say what it is in French and in Chinese")
    details = tuple(filter(None, options["details"].split(",")))
    finding = options["sender"] == Source.AUTHORITY
    if any(not name.isidentifier() for name in details) or (details and not finding):
        raise CommandError("--details are names, of what an authority sends: region,case")
    return [
        *([f"retention_days={options['days']}"] if options["days"] != 28 else []),
        *([f'resets=frozenset({{"{options["fact"]}"}})'] if options["resets"] else []),
        *([f"finding={details!r}".replace("'", '"')] if finding else []),
        *(f'{name}="{word}"' for name, word in words.items()),
    ]


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
    targets: Mapping[str, str], part: str, name: str, context: dict[str, Any]
) -> list[Path]:
    """Fill in a part's folders of templates, each for a folder of the checkout."""
    return [
        path
        for bones, target in targets.items()
        for path in render(f"{part}/{bones}", target, part, name, context)
    ]


def render(bones: str, target: str, part: str, name: str, context: dict[str, Any]) -> list[Path]:
    """Render a folder of templates into another; files that are there are never written over.

    Raises:
        CommandError: one of them is there.
    """
    folder = root() / target
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.rglob("*"))
    templates = {**_RENDERED, **context, "template": str(BONES / bones)}
    TemplateCommand().handle(part, name, str(folder), **templates)
    files = set(folder.rglob("*")) - before
    return sorted(path for path in files if path.suffix in {".py", ".po"})


def write(lines: Lines, files: list[Path]) -> list[Path]:
    """Write the changed files and compile words; sort imports and format, where ruff is there."""
    for path, text in lines.items():
        path.write_text(text, encoding="utf-8")
    for path in [path for path in files if path.suffix == ".po"]:
        files.append(path.with_suffix(".mo"))
        subprocess.run(["msgfmt", "-o", str(files[-1]), str(path)], check=True)
    changed = [*lines, *files]
    if importlib.util.find_spec("ruff"):
        names = [str(path) for path in changed if path.suffix == ".py"]
        for command in (["check", "--select", "I", "--fix"], ["format"]):
            subprocess.run([sys.executable, "-m", "ruff", *command, "-q", *names], check=True)
    return changed
