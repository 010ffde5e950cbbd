"""JSON from strangers has one reader; whoever else reads JSON is listed with the reason."""

import ast
from collections.abc import Iterator

from tests.contracts import source

# Files that may call `json.loads`, and whose text it is that they read.
ALLOWED = {
    "config/kernel/strict_json.py": "the one reader",
    "config/http/stream.py": "our own events",
    "config/kernel/approvals/forms.py": "the one field of forms, with the one reader",
    "config/kernel/audit/anchors.py": "what this house has signed",
    "config/kernel/approvals/values.py": "text that the line before has written",
    "healthcode/decisions/usecases/release_quarantine.py": "what this house has sealed",
    "healthcode/decisions/usecases/restore_stub.py": "what this house has sealed",
    "healthcode/rules/jsonlines.py": "lines of a shell's pipe",
    "healthcode/rules/library.py": "rule sets of the repository",
    "healthcode/subjects/queries.py": "what this house has sealed",
    "lab/classroom/course.py": "what this house wrote to a file",
    "lab/classroom/register.py": "what this house wrote to a file",
    "lab/cli/remote.py": "answers of the world control, at its client's side",
    "lab/cli/up.py": "answers of the world control, at its client's side",
    "lab/demo_keys.py": "keys that this house wrote to a file",
    "lab/examples/sdk_shop/shop.py": "the ready file of our own command",
    "lab/grader.py": "answers of a merchant under test",
    "lab/mock_merchant/client.py": "the gateway's signed answers, at the merchant's side",
    "lab/mock_merchant/settings.py": "the merchant's own settings",
    "lab/pytest_plugin.py": "the ready file of our own command",
    "lab/recordings.py": "what a run of our own wrote to a file",
    "lab/services/mini_app/app.py": "the gateway's signed messages, at the merchant's side",
    "lab/bench/peers.py": "the figures that a program of the bench printed",
    "lab/chaos/checker.py": "what our own proof printed",
    "lab/seeded_people.py": "the people that this house wrote to a file",
    "lab/vendor.py": "the manifest beside the vendored files",
    "merchants/bills/queries.py": "the details of payments that this house has stored",
    "merchants/console/queries.py": "the record of the library runs, from the repository",
    "merchants/console/read_views.py": "texts of the call log, for showing alone",
}
READERS = {"load", "loads"}
MODULES = {"json", "orjson", "ujson", "simplejson", "rapidjson"}
PARSERS = {"JSONParser", "get_json", "raw_decode"}
FIELDS = {"JSONField"}


def readers(tree: ast.Module) -> Iterator[int]:
    """Lines of a module on which JSON is read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in READERS | PARSERS | FIELDS:
            module = node.value
            in_json = isinstance(module, ast.Name) and module.id in MODULES
            if node.attr in PARSERS or (in_json and node.attr in READERS):
                yield node.lineno
            elif node.attr == "JSONField" and isinstance(module, ast.Name) and module.id == "forms":
                # A form's field reads JSON; a table's holds what was read.
                yield node.lineno
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module in MODULES and names & READERS) or names & PARSERS:
                yield node.lineno


def test_no_other_door_reads_json_by_itself() -> None:
    found = {module.name for module in source.modules() if any(readers(module.tree))}
    assert found == set(ALLOWED)


def test_a_door_added_on_purpose_is_found() -> None:
    for text in (
        "import json\njson.loads(request.body)",
        "from json import loads\nloads(body)",
        "import json\nread = json.load",
        "from rest_framework.parsers import JSONParser",
        "from django import forms\nforms.JSONField(required=False)",
    ):
        assert list(readers(ast.parse(text))), text
