"""`saoma check URL`: attack a merchant over HTTP and print a mark with reasons."""

import argparse
import json
import os
import sys
import urllib.error
from pathlib import Path
from typing import Any

from lab.cli.remote import USUAL, WorldRefuses, address, call, network_reason
from lab.grader import Finding, Merchant, Sign, grade, junit


def declare(commands: Any) -> None:
    """Declare `check`."""
    check = commands.add_parser("check", help="attack a merchant and say what holds")
    check.add_argument("merchant", help="its address: /orders, /notify and /return are under it")
    check.add_argument("--shop", default="baozi", help="the seeded shop whose app it is")
    check.add_argument("--other", default="books", help="a shop whose notifications it must refuse")
    check.add_argument("--junit", type=Path, help="write the findings as JUnit XML")
    check.add_argument("--json", action="store_true")
    check.add_argument("--url", default=os.environ.get("SAOMA_URL", USUAL))
    check.add_argument("--world", type=Path, help="the ready file of `saoma up`")
    check.set_defaults(act=run)


def run(options: argparse.Namespace) -> int:
    """Attack, print, give 1 where something did not hold, 2 where nobody answers."""
    world = address(options)
    merchant = Merchant(
        options.merchant, _signer(world, options.shop), _signer(world, options.other)
    )
    try:
        findings = grade(merchant)
    except WorldRefuses as error:
        print(error, file=sys.stderr)
        return 2
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        print(
            f"no merchant answers at {options.merchant}: {network_reason(error)}", file=sys.stderr
        )
        return 2
    count = sum(finding.held for finding in findings)
    call(world, "marks", {"held": count, "of": len(findings)})
    if options.junit:
        options.junit.write_text(junit(findings), encoding="utf-8")
    show(findings, as_json=options.json)
    return 0 if all(finding.held for finding in findings) else 1


def show(findings: list[Finding], *, as_json: bool) -> None:
    """Print each finding and the mark."""
    count = sum(finding.held for finding in findings)
    if as_json:
        rows = [{"bug": f.bug, "held": f.held, "reason": f.reason} for f in findings]
        print(json.dumps({"held": count, "of": len(findings), "findings": rows}))
        return
    for finding in findings:
        print(f"{'held' if finding.held else 'FAILED':<7} {finding.bug:<20} {finding.reason}")
    print(f"mark: {count} of {len(findings)}")


def _signer(world: str, shop: str) -> Sign:
    def sign(params: dict[str, str]) -> dict[str, str]:
        answer = call(world, "notifications/sign", {"shop": shop, "params": params})
        signed: dict[str, str] = answer["params"]
        return signed

    return sign
