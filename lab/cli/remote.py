"""Commands that speak to a running world: `saoma seed`, `reset`, `listen`, `trigger`."""

import argparse
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from lab.mock_merchant.signing import verify_notification

USUAL = "http://127.0.0.1:8000"
POLL_S = 0.3
EVENTS = (
    "payment.paid", "payment.refunded", "payment.cancelled", "order.created", "day.settled",
)  # fmt: skip


class WorldRefuses(Exception):
    """The world answered with a problem, or not at all; the text says what."""


def declare(commands: Any) -> None:
    """Declare the commands; each takes `--url`, or SAOMA_URL, or a ready file of `saoma up`."""
    seed = commands.add_parser("seed", help="bring the people and shops of a YAML file in")
    seed.add_argument("file", type=Path)
    reset = commands.add_parser("reset", help="put the world back as it was seeded")
    listen = commands.add_parser("listen", help="show notifications as they happen")
    listen.add_argument(
        "--forward-to",
        metavar="URL",
        type=_web_address,
        help="post each to this address as it came",
    )
    listen.add_argument("--count", type=int, default=0, help="end after so many; 0 never ends")
    trigger = commands.add_parser("trigger", help="make something happen: " + ", ".join(EVENTS))
    trigger.add_argument("event", choices=EVENTS)
    trigger.add_argument("--shop", default="baozi")
    trigger.add_argument("--person", default="li")
    trigger.add_argument("--amount", default="12.00")
    trigger.add_argument("--notify-url", default="", help="where the notification shall go")
    trigger.add_argument("--order", default="", help="your own order number; else a fresh one")
    acts = {seed: _seed, reset: _reset, listen: _listen, trigger: _trigger}
    for parser, act in acts.items():
        parser.add_argument("--url", default=os.environ.get("SAOMA_URL", USUAL))
        parser.add_argument("--world", type=Path, help="the ready file of `saoma up`")
        parser.set_defaults(act=act)


def _web_address(text: str) -> str:
    """An argument that is an http(s) address; argparse names what is wrong with another."""
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as http://127.0.0.1:3000/")
    return text


def call(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the world control; a body is posted as JSON.

    Raises:
        WorldRefuses: with the problem's code and detail.
    """
    request = urllib.request.Request(  # noqa: S310
        f"{url}/lab/api/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer) if answer.status != 204 else None
    except urllib.error.HTTPError as error:
        raise WorldRefuses(_problem(error)) from error
    except (urllib.error.URLError, TimeoutError) as error:
        raise WorldRefuses(f"no world answers at {url}: {network_reason(error)}") from error


def network_reason(error: OSError) -> str:
    """Why nobody answered, in the system's words, without urllib's wrapping."""
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)


def address(options: argparse.Namespace) -> str:
    """The world's address: of the ready file where one is named.

    Raises:
        WorldRefuses: the file is no ready file.
    """
    if not options.world:
        return str(options.url)
    try:
        facts = json.loads(options.world.read_text(encoding="utf-8"))
        return str(facts["url"])
    except (ValueError, KeyError, TypeError) as error:
        raise WorldRefuses(f"{options.world}: not a ready file of `saoma up`") from error


def seed_text(path: Path) -> str:
    """A seed file's text.

    Raises:
        WorldRefuses: it cannot be read, or is no UTF-8.
    """
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise WorldRefuses(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise WorldRefuses(f"{path}: line {line}: not UTF-8; save the file as UTF-8") from error


def _problem(error: urllib.error.HTTPError) -> str:
    text = error.read().decode(errors="replace")
    try:
        problem = json.loads(text)
    except ValueError:
        return f"{error.code} {text[:200]}"
    facts = dict(problem.get("facts", {}))
    lines = [line for line in facts.pop("mistakes", "").split("; ") if line]
    lines += [f"{name}: {text}" for name, text in facts.items()]
    lines += [json.dumps(each) for each in problem.get("errors", [])]
    return "\n  ".join([f"{problem.get('code')}: {problem.get('detail')}", *lines])


def _seed(options: argparse.Namespace) -> int:
    world = call(address(options), "seed", {"yaml": seed_text(options.file)})
    print(json.dumps(world, ensure_ascii=False, indent=1))
    return 0


def _reset(options: argparse.Namespace) -> int:
    print(json.dumps(call(address(options), "reset", {})))
    return 0


def _trigger(options: argparse.Namespace) -> int:
    body = {
        "event": options.event,
        "shop": options.shop,
        "person": options.person,
        "amount": options.amount,
        "notify_url": options.notify_url,
        "order": options.order,
    }
    print(json.dumps(call(address(options), "trigger", body), ensure_ascii=False))
    return 0


def _listen(options: argparse.Namespace) -> int:
    """Print each new notification on a line: when, what, whether its signature fits, the answer."""
    url = address(options)
    key = call(url, "world")["gateway_public_key"]
    seen = {_identity(row) for row in call(url, "notifications")["notifications"]}
    print(f"listening to {url}", flush=True)
    heard = 0
    while not options.count or heard < options.count:
        rows = call(url, "notifications")["notifications"]
        fresh = [row for row in reversed(rows) if _identity(row) not in seen]
        # What a reset took away may happen again, under the same id.
        seen = {_identity(row) for row in rows}
        for row in fresh:
            heard += 1
            form = str(call(url, f"notifications/{row['id']}/form")["form"])
            verdict = "signature fits" if verify_notification(_fields(form), key) else "FORGED"
            answer = _forward(options.forward_to, form) if options.forward_to else ""
            print(f"{row['topic']:<20} {row['order']:<24} {verdict} {answer}", flush=True)
        time.sleep(POLL_S)
    return 0


def _identity(row: dict[str, Any]) -> tuple[str, str]:
    return str(row["id"]), str(row["order"])


def _fields(form: str) -> dict[str, str]:
    """A form's fields, read in the charset that it names."""
    charset = dict(urllib.parse.parse_qsl(form, errors="replace")).get("charset", "utf-8")
    return dict(urllib.parse.parse_qsl(form, keep_blank_values=True, encoding=charset))


def _forward(url: str, form: str) -> str:
    """Post a notification as the gateway would; gives status and the answer's first characters."""
    try:
        with urllib.request.urlopen(url, data=form.encode("ascii"), timeout=10) as answer:  # noqa: S310
            return f"-> {answer.status} {answer.read(80).decode(errors='replace')}"
    except urllib.error.HTTPError as error:
        return f"-> {error.code} {error.read(80).decode(errors='replace')}"
    except (urllib.error.URLError, TimeoutError) as error:
        return f"-> no answer ({network_reason(error)})"
