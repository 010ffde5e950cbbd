"""`manage.py new`: what it makes passes the checks at once, in a copy of the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.source import ROOT, TOPS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("msgfmt") is None, reason="words are compiled by msgfmt"),
]

# Names that nobody gives a part, or else whoever does finds it there already.
MADE = (
    "slice merchants.xyzzys --above splits --with api,panel --french don,dons --chinese 小费,小费",
    "slice wallet.plughs --above sharing --with api --columns note:text,due_at:moment,payment_id:id",
    "slice healthcode.frobozzs --above evidence --with panel --french lit,lits --chinese 病区,病区",
    "method alipay.trade.xyzzy.query --scope pay",
    "method alipay.offline.market.shop.xyzzydetail --scope none",
    "kind xyzzy_alert --fact xyzzy --french xyzzy-fr --chinese 咒语 --resets --days 14 --details region",
)
FILES = (".importlinter", "pyproject.toml", "manage.py", "ARCHITECTURE.md")
CHECKS = {
    "ruff": "-m ruff check --no-cache .",
    "format": "-m ruff format --check --no-cache .",
    "imports": "-c __import__('importlinter.cli').cli.lint_imports_command() --no-cache",
    "migrations": "manage.py makemigrations --check --dry-run",
    "numbers": "-m pytest -q -p no:cacheprovider tests/contracts/test_numbers.py"
    " tests/contracts/test_names.py tests/contracts/test_colour_gate.py",
    "house": "-m pytest -q -p no:cacheprovider tests/http/config/test_panel_languages.py"
    " tests/http/config/test_panel_titles.py tests/usecases/config/test_money_retention.py"
    " tests/contracts/test_repeats.py tests/http/config/test_panel.py"
    " tests/http/healthcode/test_codes_in_words.py -k every",
    "tests": "-m pytest -q -p no:cacheprovider tests/unit/merchants/xyzzys"
    " tests/http/merchants/xyzzys tests/http/wallet/plughs"
    " tests/usecases/merchants/xyzzys tests/usecases/wallet/plughs tests/usecases/healthcode/frobozzs"
    " tests/unit/healthcode/rules/test_xyzzy_alert.py"
    " tests/gateway/test_trade_xyzzy_query.py"
    " tests/gateway/test_offline_market_shop_xyzzydetail.py"
    " tests/gateway/test_methods.py::test_every_method_has_its_row",
}


def run(checkout: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the copy, on a database of its own."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "PYTEST_"))}
    variables |= {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONPATH": str(checkout)}
    return subprocess.run(
        [sys.executable, *arguments.split()],
        cwd=checkout, env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which one of each has been made."""
    copy = tmp_path_factory.mktemp("new")
    for top in (*TOPS, "tests"):
        ignored = shutil.ignore_patterns("node_modules", "*.pyc")
        shutil.copytree(ROOT / top, copy / top, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, copy)
    for part in MADE:
        made = run(copy, f"manage.py new {part}")
        assert made.returncode == 0, made.stderr
    return copy


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_made_passes(check: str, checkout: Path) -> None:
    result = run(checkout, CHECKS[check])
    assert result.returncode == 0, result.stdout + result.stderr


def test_nothing_is_written_over_or_put_where_no_neighbour_is(checkout: Path) -> None:
    for part in (MADE[0], "slice merchants.fees --above nothing", "kind x.y --fact z"):
        assert run(checkout, f"manage.py new {part}").returncode == 1
