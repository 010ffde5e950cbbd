"""The command line's entry: `saoma --help`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lab.cli import check, classroom, manage, remote, shop, up

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("SAOMA_DATA_DIR", str(data_folder()))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(
        prog="saoma", description="A super-app's payments on your machine."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for module in (manage, up, remote, check, shop, classroom):
        module.declare(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.act(options)
    except remote.WorldRefuses as refused:
        print(refused, file=sys.stderr)
        return 1
    except FileNotFoundError as missing:
        print(f"there is no file {missing.filename}", file=sys.stderr)
        return 2
    return code


def data_folder() -> Path:
    """Where a world is kept: `var/` of a checkout, the user's data folder of an installation."""
    if (ROOT / "manage.py").exists():
        return ROOT / "var"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "saoma"


if __name__ == "__main__":
    sys.exit(main())
