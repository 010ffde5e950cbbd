"""The mock merchant's command line: `python -m lab.mock_merchant --help`.

Every command prints one JSON object and ends with status 0 if the call succeeded,
1 if it was refused, 2 if nothing came back.
"""

import argparse
import dataclasses
import json
import sys
import threading
from collections.abc import Callable, Sequence

from lab.mock_merchant.client import Answer, BadSignature, Client, NoAnswer, new_order_number
from lab.mock_merchant.receiver import Receiver, ResponsePlan
from lab.mock_merchant.settings import Settings, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    options = _parser().parse_args(arguments)
    settings = load(options.sandbox)
    if options.notify_url:
        settings = dataclasses.replace(settings, notify_url=options.notify_url)
    if options.command == "listen":
        return _listen(settings, options)
    client = Client(settings)
    if options.command == "till":
        return _till(client)
    try:
        return _show(_COMMANDS[options.command](client, options))
    except (NoAnswer, BadSignature) as error:
        print(json.dumps({"error": type(error).__name__, "detail": str(error)}))
        return 2


def _pay(client: Client, options: argparse.Namespace) -> Answer:
    return client.sell(
        out_trade_no=options.order or new_order_number(),
        amount=options.amount,
        subject=options.subject,
        auth_code=options.code,
        patience_s=options.patience,
    )


def _precreate(client: Client, options: argparse.Namespace) -> Answer:
    return client.precreate(
        out_trade_no=options.order or new_order_number(),
        amount=options.amount,
        subject=options.subject,
    )


def _refund(client: Client, options: argparse.Namespace) -> Answer:
    return client.refund(
        out_trade_no=options.order, amount=options.amount, out_request_no=options.request
    )


_COMMANDS: dict[str, Callable[[Client, argparse.Namespace], Answer]] = {
    "pay": _pay,
    "precreate": _precreate,
    "query": lambda client, options: client.query(out_trade_no=options.order),
    "cancel": lambda client, options: client.cancel(out_trade_no=options.order),
    "close": lambda client, options: client.close(out_trade_no=options.order),
    "refund": _refund,
    "refund-query": lambda client, options: client.refund_query(
        out_trade_no=options.order, out_request_no=options.request
    ),
}


def _till(client: Client) -> int:
    """Sell until the amount is left empty."""
    while amount := input("amount in yuan (empty to end): ").strip():
        code = input("code on the buyer's phone: ").strip()
        number = new_order_number()
        try:
            answer = client.sell(
                out_trade_no=number, amount=amount, subject="Till sale", auth_code=code
            )
        except (NoAnswer, BadSignature) as error:
            print(f"  {number}: no usable answer ({error})")
            continue
        status = answer.get("trade_status") or answer.sub_code or answer.msg
        print(f"  {number}: {status} {answer.sub_msg}")
    return 0


def _listen(settings: Settings, options: argparse.Namespace) -> int:
    """Print notifications as they are believed, until interrupted."""
    receiver = Receiver(
        settings.gateway_public_key,
        port=options.port,
        plan=ResponsePlan(options.fail, options.slow, options.answer),
        on_accept=lambda params: print(json.dumps(params, ensure_ascii=False), flush=True),
    )
    with receiver:
        print(json.dumps({"notify_url": receiver.url}), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _show(answer: Answer) -> int:
    fields = {"code": answer.code, "msg": answer.msg}
    if answer.sub_code:
        fields |= {"sub_code": answer.sub_code, "sub_msg": answer.sub_msg}
    print(json.dumps(fields | answer.fields, ensure_ascii=False))
    return 0 if answer.succeeded else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab.mock_merchant", description=__doc__)
    parser.add_argument(
        "--sandbox", default="var/merchant.json", help="file with the sandbox's JSON"
    )
    parser.add_argument("--notify-url", default="", help="where notifications shall go")
    commands = parser.add_subparsers(dest="command", required=True)
    pay = commands.add_parser("pay", help="take a payment from a code")
    pay.add_argument("--code", required=True)
    pay.add_argument("--patience", type=float, default=30.0, help="seconds before cancelling")
    precreate = commands.add_parser("precreate", help="make an order and its QR text")
    for command in (pay, precreate):
        command.add_argument("--amount", default="0.01")
        command.add_argument("--subject", default="Mock sale")
        command.add_argument("--order", default="", help="order number; made up if left out")
    for name in ("query", "cancel", "close", "refund", "refund-query"):
        commands.add_parser(name).add_argument("--order", required=True)
    refund, refund_query = commands.choices["refund"], commands.choices["refund-query"]
    refund.add_argument("--amount", required=True)
    refund.add_argument("--request", default="", help="number of this refund")
    refund_query.add_argument("--request", required=True)
    commands.add_parser("till", help="sell in a loop, reading from the keyboard")
    listen = commands.add_parser("listen", help="receive and check notifications")
    listen.add_argument("--port", type=int, default=8900)
    listen.add_argument("--fail", type=int, default=0, help="answer 500 to the first N")
    listen.add_argument("--slow", type=float, default=0.0, help="seconds before answering")
    listen.add_argument("--answer", default="success", help="the text to answer with")
    return parser


if __name__ == "__main__":
    sys.exit(main())
