"""`saoma demo` and `saoma manage`: the product's own commands, from wherever one is."""

import argparse
import sys
from typing import Any

from django.core.management import execute_from_command_line


def declare(commands: Any) -> None:
    """Declare the two."""
    demo = commands.add_parser("demo", help="the whole world on this machine until Ctrl-C")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", default="8000")
    demo.add_argument("--check", action="store_true", help="let one scan pay, then stop")
    demo.set_defaults(act=_demo)
    manage = commands.add_parser("manage", help="any command of the product: saoma manage clock")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(act=lambda options: _run(options.words))


def _demo(options: argparse.Namespace) -> int:
    words = ["demo", "--host", options.host, "--port", options.port]
    return _run([*words, "--check"] if options.check else words)


def _run(words: list[str]) -> int:
    execute_from_command_line([sys.argv[0], *words])
    return 0
