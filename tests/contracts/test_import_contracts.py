"""The import contracts refuse what they say they refuse: one violation of each kind is
planted in a copy of the source, and the contracts must name it."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.source import ROOT, TOPS, modules

# contract: (file that breaks it, the line planted there)
VIOLATIONS = {
    "Money and health stand apart on one kernel": (
        "healthcode/subjects/queries.py", "import wallet.public"),
    "Wallet slices in order": ("wallet/ledger/queries.py", "import wallet.payments.values"),
    "Merchant slices in order": ("merchants/onboarding/queries.py", "import merchants.bills.rules"),
    "Health slices in order": (
        "healthcode/evidence/queries.py", "import healthcode.appeals.models"),
    "Inside a slice": ("merchants/escrow/rules.py", "import merchants.escrow.queries"),
    "Only the ledger reads and writes": (
        "merchants/funds/queries.py", "import wallet.ledger.models"),
    "Merchants and the lab enter the wallet": (
        "lab/queries.py", "import wallet.risk.queries"),
    "Rules, values, money and codecs reach no framework": (
        "merchants/funds/rules.py", "import django.db"),
    "Rules and values ask no query": (
        "merchants/splits/rules.py", "import merchants.escrow.queries"),
    "No HTTP framework and no Celery": (
        "wallet/payments/usecases/refund_payment.py", "import rest_framework.serializers"),
    "Only the gateway's dispatcher knows": (
        "merchants/notifications/queries.py", "import merchants.gateway.methods.splits"),
    "The kernel speaks no HTTP": ("config/kernel/ids.py", "import config.http.problems"),
}  # fmt: skip


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the contracts say of a copy with every violation planted."""
    copy = tmp_path_factory.mktemp("violations")
    for top in TOPS:
        shutil.copytree(ROOT / top, copy / top, ignore=shutil.ignore_patterns("static", "*.pyc"))
    shutil.copy(ROOT / ".importlinter", copy)
    for name, line in VIOLATIONS.values():
        with (copy / name).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    return run.stdout.partition("Broken contracts")[2]


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_named_by_its_contract(contract: str, verdict: str) -> None:
    _, start, rest = verdict.partition(contract)
    assert start, f"{contract} did not break"
    section = rest.partition("-\n\n")[2].partition("\n---")[0]
    name, line = VIOLATIONS[contract]
    module = name.removesuffix(".py").replace("/", ".")
    assert f"{module} -> {line.removeprefix('import ').partition('.')[0]}" in section


def test_every_contract_has_its_planted_violation() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    names = [line[7:] for line in text.splitlines() if line.startswith("name = ")]
    assert [n for n in names if not n.startswith(tuple(VIOLATIONS))] == []


def test_no_import_is_hidden_in_import_module() -> None:
    hidden = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"import_module", "importlib.import_module", "__import__"}
        # Django loads models after `apps.py`: an app may name modules of its own slice there.
        and not (module.path.name == "apps.py" and _names_its_own_slice(module.name, node))
    ]
    assert hidden == []


def _names_its_own_slice(name: str, call: ast.Call) -> bool:
    argument = call.args[0]
    own = name.removesuffix("apps.py").replace("/", ".")
    return isinstance(argument, ast.Constant) and str(argument.value).startswith(own)
