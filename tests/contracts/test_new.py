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
MADE = """\
slice merchants.quorls --above splits --with api,panel --owner merchant\
 --columns amount:minor,note:text --french quorle,quorles,remarque --chinese 咒语,咒语
slice wallet.zorgs --above sharing --with api --states\
 --columns note:text,due_at:moment,payment_id:id
slice healthcode.blorks --above evidence --with panel --french blorque,blorques --chinese 咒符,咒符
method alipay.trade.quorl.query --scope pay
method alipay.offline.market.shop.quorldetail --scope none
kind quorl_alert --fact quorl --french quorle --chinese 咒语 --resets --days 14 --details region
""".splitlines()
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
    "tests": "-m pytest -q -p no:cacheprovider tests/unit/merchants/quorls"
    " tests/http/merchants/quorls tests/http/wallet/zorgs"
    " tests/usecases/merchants/quorls tests/usecases/wallet/zorgs tests/usecases/healthcode/blorks"
    " tests/unit/healthcode/rules/test_quorl_alert.py"
    " tests/gateway/test_trade_quorl_query.py"
    " tests/gateway/test_offline_market_shop_quorldetail.py"
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
    for part in (
        MADE[0],
        "slice merchants.fees --above nothing",
        "kind x.y --fact z --french y --chinese y",
    ):
        assert run(checkout, f"manage.py new {part}").returncode == 1
