"""(c) and (d): a bare signature view against `alipay.trade.pay`, over real HTTP.

Both are served by the same granian WSGI server with the same settings, those of
production, on the same database; requests are signed before the clock starts. They take
turns in short rounds, so that a machine that is slower for a while is so for both, and
the medians of the rounds are compared.
"""

import base64
import json
import os
import subprocess
import sys
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings

from config.kernel import clock
from config.settings.parts import PARTS, SIMULATED
from lab.bench import population
from lab.bench.cpu import Meter
from lab.bench.load import Outcome, measure, request_bytes
from lab.processes import wait_for, web_is_ready

PORT = 8171
FEW, MANY = 16, 64
PAYERS = 2700
MERCHANTS = 50
CODES_EACH = 2
ROUNDS = 5
WARM_UP = 300
BARE_ANSWER, PAID = b'"sign":"', b'"code":"10000"'
FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement: what came back, and milliseconds of CPU a request by part."""

    outcome: Outcome
    cpu_ms: dict[str, float]


def run() -> dict[str, float]:
    """Measure both views; requests a second by name, and milliseconds for the payment.

    Raises:
        RuntimeError: an answer was not what it should be.
    """
    folder = settings.DATA_DIR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    private_key = _new_keys(folder)
    # Payers' codes are made by the clock that the server reads.
    settings.LAB_MODE = False
    people = population.payers(PAYERS)
    apps = population.app_numbers(MERCHANTS, _public_pem(private_key).decode())
    server = serve()
    try:
        wait_for("the server", lambda: web_is_ready(f"http://127.0.0.1:{PORT}"), seconds=30)
        return _figures(_rounds(Meter(server.pid), private_key, apps, people))
    finally:
        server.terminate()
        server.wait()


def _rounds(
    meter: Meter,
    private_key: rsa.RSAPrivateKey,
    apps: Sequence[str],
    people: Sequence[population.Payer],
) -> dict[str, list[Round]]:
    """Bare view and payments in turns, each turn with its own payers.

    Payments go to many payees and to one; both views are asked over few and many connections,
    and payments once more at a steady rate, half of what the round reached over many.
    """
    bare = [_bare_request(private_key)]
    # Nobody pays the same shop, or at all, so often in a minute that the risk rules ask why.
    size = (len(people) - WARM_UP) // (2 * ROUNDS)
    hot, others = apps[:1], apps[1:]
    _send(bare * WARM_UP, BARE_ANSWER, MANY)
    _send(_requests(private_key, others, people[-WARM_UP:], 1), PAID, MANY)
    rounds = defaultdict[str, list[Round]](list)
    turns = (("uniform", others, FEW), ("hot", hot, FEW), ("uniform_64", others, MANY))
    for start in range(0, 2 * size * ROUNDS, 2 * size):
        some, calm = people[start : start + size], people[start + size : start + 2 * size]
        for kind, connections in (("bare", FEW), ("bare_64", MANY)):
            requests = bare * (CODES_EACH * size)
            rounds[kind].append(_measured(meter, requests, BARE_ANSWER, connections))
        for kind, payees, connections in turns:
            requests = _requests(private_key, payees, some, CODES_EACH)
            rounds[kind].append(_measured(meter, requests, PAID, connections))
        half = rounds["uniform_64"][-1].outcome.per_second / 2
        requests = _requests(private_key, others, calm, CODES_EACH)
        rounds["half"].append(_measured(meter, requests, PAID, MANY, half))
    return rounds


def _measured(
    meter: Meter,
    requests: Sequence[bytes],
    good: bytes,
    connections: int,
    per_second: float | None = None,
) -> Round:
    before = meter.read()
    outcome = _send(requests, good, connections, per_second)
    after = meter.read()
    return Round(outcome, {part: (after[part] - before[part]) / len(requests) for part in after})


def _figures(rounds: dict[str, list[Round]]) -> dict[str, float]:
    """The medians of the rounds."""
    uniform, bare = rounds["uniform"], rounds["bare"]
    figures = {
        "bare_view": median(one.outcome.per_second for one in bare),
        "pay_uniform": median(one.outcome.per_second for one in uniform),
        "bare_view_64": median(one.outcome.per_second for one in rounds["bare_64"]),
        "pay_uniform_64": median(one.outcome.per_second for one in rounds["uniform_64"]),
        "pay_hot": median(one.outcome.per_second for one in rounds["hot"]),
        "pay_p50_ms": median(one.outcome.p50_ms for one in uniform),
        "pay_p99_ms": median(one.outcome.p99_ms for one in uniform),
        "pay_half_load_p50_ms": median(one.outcome.p50_ms for one in rounds["half"]),
        "pay_half_load_p99_ms": median(one.outcome.p99_ms for one in rounds["half"]),
    }
    for name, some in (("bare", bare), ("pay", uniform), ("pay_64", rounds["uniform_64"])):
        for part in some[0].cpu_ms:
            figures[f"{name}_cpu_{part}_ms"] = median(one.cpu_ms[part] for one in some)
        figures[f"{name}_cpu_ms"] = median(sum(one.cpu_ms.values()) for one in some)
    return figures


def serve() -> "subprocess.Popen[bytes]":
    """The product's own web server as in production, with the yardsticks' addresses."""
    env = (
        os.environ
        | dict.fromkeys(PARTS, SIMULATED)
        | {
            "SAOMA_LAB_MODE": "0",
            "SAOMA_BENCH": "1",
            "SAOMA_GATEWAY_LOG": "off",
            "SAOMA_DATA_DIR": str(settings.DATA_DIR),
        }
    )
    argv = [
        *(sys.executable, "-m", "config.http.web_server", "--port", str(PORT)),
        *("--processes", "2", "--kill-after", "3"),
    ]
    return subprocess.Popen(argv, env=env)


def _new_keys(folder: Path) -> rsa.RSAPrivateKey:
    """A key pair for the client and one for the bare view's answers; gives the first.

    They are new each time: a key that another part of the bench has replaced is refused.
    """
    client, server = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)
    )
    (folder / "client.pub").write_bytes(_public_pem(client))
    (folder / "server.pem").write_bytes(
        server.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    return client


def _public_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _sign(key: rsa.RSAPrivateKey, text: bytes) -> str:
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def _bare_request(key: rsa.RSAPrivateKey) -> bytes:
    body = b"app_id=2021000000000000&biz_content=" + b"x" * 200
    return request_bytes("/lab/bench/bare", body, {"X-Sign": _sign(key, body)})


def _requests(
    private_key: rsa.RSAPrivateKey,
    apps: Sequence[str],
    people: Sequence[population.Payer],
    each: int,
) -> list[bytes]:
    fresh = population.codes(people, each)
    return [
        _pay_request(private_key, apps[number % len(apps)], code)
        for number, code in enumerate(fresh)
    ]


def _send(
    requests: Sequence[bytes], good: bytes, connections: int, per_second: float | None = None
) -> Outcome:
    """Send all of them; every answer must hold `good`."""
    outcome = measure(
        host="127.0.0.1",
        port=PORT,
        requests=requests,
        connections=connections,
        kind=lambda head, body: "ok" if good in body else body.decode()[:300],
        per_second=per_second,
    )
    if set(outcome.answers) != {"ok"}:
        raise RuntimeError(f"not every answer was good: {outcome.answers.most_common(3)}")
    return outcome


def _pay_request(private_key: rsa.RSAPrivateKey, app_number: str, code: str) -> bytes:
    content = {
        "out_trade_no": uuid.uuid4().hex,
        "total_amount": "0.01",
        "subject": "bench",
        "scene": "bar_code",
        "auth_code": code,
    }
    params = {
        "app_id": app_number,
        "method": "alipay.trade.pay",
        "format": "json",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": clock.now().strftime("%Y-%m-%d %H:%M:%S"),
        "version": "1.0",
        "biz_content": json.dumps(content, separators=(",", ":")),
    }
    text = "&".join(f"{name}={params[name]}" for name in sorted(params))
    params["sign"] = _sign(private_key, text.encode())
    return request_bytes("/gateway.do", urlencode(params).encode(), FORM)
