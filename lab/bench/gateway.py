"""(c) and (d): a bare signature view against `alipay.trade.pay`, over real HTTP.

Both are served by the same granian WSGI server with the same settings on the same
database; requests are signed before the clock starts.
"""

import base64
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from config.kernel import clock
from lab.bench import population
from lab.bench.cpu import spent_ms
from lab.bench.load import Outcome, measure, request_bytes
from lab.processes import wait_for, web_is_ready

PORT = 8171
CONNECTIONS = 16
PAYERS = 1500
MERCHANTS = 50
CODES_EACH = 2
WARM_UP = 300
WEB, DATABASE = "granian", "postgres"
FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}


def run() -> dict[str, float]:
    """Measure both views; requests a second by name, and milliseconds for the payment.

    Raises:
        RuntimeError: an answer was not what it should be.
    """
    folder = settings.DATA_DIR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    private_key = _keys(folder)
    people = population.payers(PAYERS)
    apps = population.app_ids(MERCHANTS, _public_pem(private_key).decode())
    server = serve()
    try:
        wait_for("the server", lambda: web_is_ready(f"http://127.0.0.1:{PORT}"), seconds=30)
        _bare(private_key, WARM_UP)
        web = spent_ms(WEB)
        bare = _bare(private_key, PAYERS * CODES_EACH)
        bare_web_ms = (spent_ms(WEB) - web) / (PAYERS * CODES_EACH)
        _send(_requests(private_key, apps, people[:WARM_UP], 1))
        requests = _requests(private_key, apps, people, CODES_EACH)
        web, database = spent_ms(WEB), spent_ms(DATABASE)
        uniform = _send(requests)
        pay_web_ms = (spent_ms(WEB) - web) / len(requests)
        pay_database_ms = (spent_ms(DATABASE) - database) / len(requests)
        hot = _send(_requests(private_key, apps[:1], people, CODES_EACH))
    finally:
        server.terminate()
        server.wait()
    return {
        "bare_view": bare.per_second,
        "pay_uniform": uniform.per_second,
        "pay_hot": hot.per_second,
        "pay_p50_ms": uniform.p50_ms,
        "pay_p99_ms": uniform.p99_ms,
        "bare_cpu_web_ms": bare_web_ms,
        "pay_cpu_web_ms": pay_web_ms,
        "pay_cpu_database_ms": pay_database_ms,
    }


def serve() -> "subprocess.Popen[bytes]":
    """The product's own web server, with the yardsticks' addresses."""
    granian = str(Path(sys.executable).with_name("granian"))
    env = os.environ | {
        "SAOMA_BENCH": "1",
        "SAOMA_GATEWAY_LOG": "off",
        "SAOMA_DATA_DIR": str(settings.DATA_DIR),
    }
    argv = [
        *(granian, "config.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(PORT), "--workers", "2", "--blocking-threads", "4"),
        *("--workers-kill-timeout", "3", "--no-access-log", "--log-level", "warning"),
    ]
    return subprocess.Popen(argv, env=env)


def _keys(folder: Path) -> rsa.RSAPrivateKey:
    """One kept key pair for the client, one for the bare view's answers; gives the first."""
    client = _kept(folder / "client.pem")
    _kept(folder / "server.pem")
    (folder / "client.pub").write_bytes(_public_pem(client))
    return client


def _kept(path: Path) -> rsa.RSAPrivateKey:
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(
            made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key")
    return key


def _public_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _sign(key: rsa.RSAPrivateKey, text: bytes) -> str:
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def _bare(key: rsa.RSAPrivateKey, count: int) -> Outcome:
    body = b"app_id=2021000000000000&biz_content=" + b"x" * 200
    request = request_bytes("/lab/bench/bare", body, {"X-Sign": _sign(key, body)})
    outcome = measure(
        host="127.0.0.1",
        port=PORT,
        requests=[request] * count,
        connections=CONNECTIONS,
        kind=lambda head, body: "ok" if b'"sign":"' in body else "odd",
    )
    return _all_good(outcome)


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


def _send(requests: Sequence[bytes]) -> Outcome:
    outcome = measure(
        host="127.0.0.1",
        port=PORT,
        requests=requests,
        connections=CONNECTIONS,
        kind=lambda head, body: "ok" if b'"code":"10000"' in body else body.decode()[:300],
    )
    return _all_good(outcome)


def _pay_request(private_key: rsa.RSAPrivateKey, app_id: str, code: str) -> bytes:
    content = {
        "out_trade_no": uuid.uuid4().hex,
        "total_amount": "1.00",
        "subject": "bench",
        "scene": "bar_code",
        "auth_code": code,
    }
    params = {
        "app_id": app_id,
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


def _all_good(outcome: Outcome) -> Outcome:
    if set(outcome.answers) != {"ok"}:
        raise RuntimeError(f"not every answer was good: {outcome.answers.most_common(3)}")
    return outcome
