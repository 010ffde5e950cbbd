"""Fuzz the gateway: never a 500, never unsigned where a signature is due, books clean.

    python -m tests.gateway.fuzz --requests 100000 --seed 20261126

makes a database of its own (DATABASE_URL says where), sends that many requests to
production's WSGI application in this process, prints what was answered and proves the
ledger. The suite sends a smaller number of the same (test_fuzz.py).
"""

import argparse
import json
import logging
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

from config.wsgi import application

# isort: split
from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

from merchants.consents.values import Scope
from merchants.onboarding.rules import load_private_key
from merchants.protocol import rules
from tests.factories.accounts import make_user
from tests.gateway import cutouts
from tests.gateway.fuzz_requests import Maker, Sent
from tests.gateway.rows_faces import make_terminal, meta
from tests.gateway.rows_oauth import consented
from tests.gateway.world import Shop, fresh_code, make_shop
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

SEED: Final = 20_261_126
CODES: Final = {
    *("10000", "10003", "20000", "20001", "40001", "40002", "40003", "40004", "40005", "40006")
}
STATUSES: Final = {200, 202, 400, 401, 403, 404, 405, 429}
# More than the dearest honest request asks of the database, several times over.
MOST_QUERIES: Final = 150
REPORT_EVERY: Final = 1_000


@dataclass(slots=True)
class Answer:
    """What came back, as a server would send it."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class QueryCount:
    """Counts what one request asks of the database."""

    count: int = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


@dataclass(slots=True)
class Findings:
    """What was answered how often, and what must not have been; the dearest request."""

    codes: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    dearest: int = 0

    def accuse(self, sent: Sent, answer: Answer, why: str) -> None:
        """Keep a request that was answered wrongly, so that it can be sent again."""
        shown = (sent.verb, sent.path, sent.query[:1500], sent.body[:1500], sent.content_type)
        self.wrong.append(f"{why}\n  {shown}\n  {answer.status} {answer.body[:600]!r}")


def call(sent: Sent) -> Answer:
    """Send one request through the whole of the WSGI application."""
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        told["status"], told["headers"] = int(status[:3]), {k.lower(): v for k, v in headers}

    environ = {
        "REQUEST_METHOD": sent.verb,
        "SCRIPT_NAME": "",
        "PATH_INFO": sent.path,
        "QUERY_STRING": sent.query.decode("latin-1"),
        "CONTENT_TYPE": sent.content_type,
        "CONTENT_LENGTH": str(len(sent.body)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(sent.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        # A header is bytes; a WSGI server hands them over as Latin-1.
        **{name: text.encode().decode("latin-1") for name, text in sent.headers.items()},
    }
    answer = application(environ, start)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    return Answer(told["status"], told["headers"], body)


def judge(sent: Sent, answer: Answer, shop: Shop, findings: Findings) -> dict[str, Any]:
    """Hold one answer to the rules, whatever the request was; gives its node."""
    if sent.rest:
        return _judge_rest(sent, answer, shop, findings)
    if answer.status == 302 or answer.body.startswith(b"<!doctype"):
        findings.codes["page" if answer.status == 200 else "redirect"] += 1
        if b"unknow-error" in answer.body:
            findings.accuse(sent, answer, "an unknown error on a page")
        return {}
    if answer.status != 200:
        findings.accuse(sent, answer, "a status other than 200")
        return {}
    if answer.body in (b"true", b"false"):
        findings.codes["notify_verify"] += 1
        return {}
    return _judge_signed(sent, answer, shop, findings)


def _judge_signed(sent: Sent, answer: Answer, shop: Shop, findings: Findings) -> dict[str, Any]:
    charset = answer.headers["content-type"].partition("charset=")[2]
    whole = json.loads(answer.body.decode(charset))
    name = next(iter(whole))
    node = whole[name]
    if isinstance(node, str):
        findings.codes["enciphered"] += 1
        return {}
    said = str(node.get("sub_code") or node.get("code", "10000"))
    findings.codes[said] += 1
    if node.get("code", "10000") not in CODES or said in {"isp.unknow-error", "20000"}:
        findings.accuse(sent, answer, f"answered {said}")
    if said == "isv.invalid-app-id":
        if "sign" in whole:
            findings.accuse(sent, answer, "signed for an unknown app")
        return {}
    if "sign" not in whole:
        findings.accuse(sent, answer, "unsigned")
        return {}
    refused = cutouts.refusals(
        answer.body, name.removesuffix("_response"), shop.gateway_key, charset
    )
    if any(letter.isdigit() for letter in name):
        refused.pop("alipay-sdk-python", None)  # it knows no digits in names at all
    if refused:
        findings.accuse(sent, answer, f"refused by {refused}")
    if node.get("code", "10000") == "10000":
        findings.methods[sent.method] += 1
    return dict(node)


def _judge_rest(sent: Sent, answer: Answer, shop: Shop, findings: Findings) -> dict[str, Any]:
    findings.codes[f"rest {answer.status}"] += 1
    if answer.status not in STATUSES:
        findings.accuse(sent, answer, f"status {answer.status}")
    if b"unknow-error" in answer.body:
        findings.accuse(sent, answer, "an unknown error")
    headers, text = answer.headers, answer.body.decode()
    if "alipay-signature" not in headers:
        findings.accuse(sent, answer, "unsigned")
        return {}
    said = rules.v3_response_canonical(headers["alipay-timestamp"], headers["alipay-nonce"], text)
    if not cutouts.fits(said.encode(), headers["alipay-signature"], shop.gateway_key):
        findings.accuse(sent, answer, "a signature that does not fit")
    return {}


def maker(shop: Shop, buyer: WalletUser, other: Shop, seed: int) -> Maker:
    """A maker of requests with real things to ask about from the start."""
    chance = random.Random(seed)
    count, terminal = iter(range(1, 10**9)), make_terminal(shop)

    def fresh(name: str) -> str:
        if name == "auth_code" and chance.random() < 0.5:
            return fresh_code(buyer)
        if name == "code" and chance.random() < 0.5:
            return consented(shop, buyer, Scope.IDENTITY, Scope.PROFILE)
        if name in ("auth_code", "ftoken") and chance.random() < 0.2:
            return terminal.token(buyer)
        numbered = name.startswith("out_") and chance.random() < 0.5
        return f"F{next(count):08d}" if numbered else ""

    def own(held: Shop) -> Any:
        return load_private_key(held.private_pem.encode())

    made = Maker(shop, own(shop), own(other), chance, fresh)
    known = {
        "buyer_id": buyer.user_number,
        "user_id": buyer.user_number,
        "buyer_logon_id": buyer.phone,
    }
    made.learn({**known, "identity": buyer.user_number, "payee_account": buyer.phone})
    made.learn({"zimmetainfo": meta(terminal.row.serial)})
    made.learn({"seller_id": shop.merchant.merchant_number, "store_id": "S1", "terminal_id": "T1"})
    return made


def run(requests: int, seed: int, *, report: bool = False) -> Findings:
    """Send so many requests; gives what was found, the state of the books included."""
    shop, other = make_shop(), make_shop("Noodle Bar")
    buyer = make_user(balance_minor=10_000_00)
    source, findings = maker(shop, buyer, other, seed), Findings()
    started = time.perf_counter()
    for number in range(1, requests + 1):
        sent = source.next()
        asked = QueryCount()
        try:
            with connection.execute_wrapper(asked):
                answer = call(sent)
        except Exception as error:  # Whatever escapes is a finding; the run goes on.
            findings.accuse(sent, Answer(500, {}, b""), f"raised {error!r}")
            continue
        findings.dearest = max(findings.dearest, asked.count)
        if asked.count > MOST_QUERIES:
            findings.accuse(sent, answer, f"{asked.count} queries")
        source.learn(judge(sent, answer, shop, findings))
        if report and number % REPORT_EVERY == 0:
            rate = number / (time.perf_counter() - started)
            print(f"{number} sent, {rate:.0f}/s, {len(findings.wrong)} wrong", flush=True)
    proof = verify_ledger()
    if not proof.passed:
        findings.wrong.append(f"the books: {proof}")
    return findings


def main() -> int:
    """Run on a database of its own and print what was found."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--requests", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=SEED)
    asked = options.parse_args()
    logging.disable(logging.WARNING)  # each refused REST request is one
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        findings = run(asked.requests, asked.seed, report=True)
    finally:
        runner.teardown_databases(old)
    print(f"seed {asked.seed}, {asked.requests} requests")
    for title, counts in (("answers", findings.codes), ("successes", findings.methods)):
        print(title)
        for name, times in counts.most_common():
            print(f"  {times:7d} {name}")
    for wrong in findings.wrong[:50]:
        print("WRONG", wrong)
    print(f"{findings.dearest} queries for the dearest request")
    print(f"{len(findings.wrong)} wrong; the ledger proof ran")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
