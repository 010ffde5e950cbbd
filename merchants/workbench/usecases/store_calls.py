"""Store the gateway's calls for their developers, and delete old ones."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.kernel import transactions
from config.kernel.strict_json import MalformedJson, read_json
from merchants.workbench import queries
from merchants.workbench.models import GatewayCall
from merchants.workbench.values import Exchange, Protocol

CLEARED_AT_ONCE = 5_000
_ORDER_NUMBERS = ("out_trade_no", "out_biz_no", "out_order_no", "out_request_no", "trade_no")


@transactions.atomic_retry
def store_calls(exchanges: Iterable[Exchange]) -> int:
    """Write some calls down; returns how many."""
    rows = [_row(exchange) for exchange in exchanges]
    GatewayCall.objects.bulk_create(rows)
    return len(rows)


@transactions.atomic_retry
def clear_old_calls(*, now: datetime) -> int:
    """Delete some of the calls that are older than the log reaches; returns how many."""
    old = GatewayCall.objects.filter(at__lte=now - queries.KEPT_FOR).order_by("at")
    ids = list(old.values_list("id", flat=True)[:CLEARED_AT_ONCE])
    deleted, _ = GatewayCall.objects.filter(id__in=ids).delete()
    return deleted


def _row(exchange: Exchange) -> GatewayCall:
    parameters = _parameters(exchange)
    content = _object(parameters.get("biz_content", ""))
    if exchange.protocol is Protocol.V3:
        content = _object(exchange.body) or dict(parameters)
    number = next((str(content[name]) for name in _ORDER_NUMBERS if content.get(name)), "")
    code, sub_code = _outcome(exchange)
    return GatewayCall(
        at=exchange.at,
        trace_id=exchange.trace_id,
        app_number=parameters.get("app_id", "")[:32],
        protocol=exchange.protocol,
        method=parameters.get("method", "")[:128],
        order_number=_clean(number)[:64],
        verb=exchange.verb[:8],
        target=_clean(exchange.target),
        authorization=_clean(exchange.authorization),
        content_type=_clean(exchange.content_type)[:128],
        body=_clean(exchange.body),
        status=exchange.status,
        code=code[:64],
        sub_code=sub_code[:64],
        answer=_clean(exchange.answer),
        duration_us=exchange.duration_us,
        faults=exchange.faults,
    )


def _parameters(exchange: Exchange) -> dict[str, str]:
    """The call's parameters as far as they can be read; the query's value counts first."""
    parts = urlsplit(exchange.target)
    parameters = {name: values[0] for name, values in _fields(parts.query)}
    if exchange.protocol is Protocol.V3:
        path = parts.path.removeprefix("/v3/")
        pairs = (part.partition("=") for part in exchange.authorization.split(","))
        signed = {name.rpartition(" ")[2]: value for name, _, value in pairs}
        app_number = _clean(signed.get("app_id", ""))
        return parameters | {"method": _clean(path.replace("/", ".")), "app_id": app_number}
    return {name: values[0] for name, values in _fields(exchange.body)} | parameters


def _fields(text: str) -> list[tuple[str, list[str]]]:
    try:
        read = parse_qs(text, keep_blank_values=True, errors="replace", max_num_fields=400)
    except ValueError:
        return []
    return [(name, [_clean(value) for value in values]) for name, values in read.items()]


def _outcome(exchange: Exchange) -> tuple[str, str]:
    """The code and sub_code that the answer gave; a redirect or a page has none."""
    whole = _object(exchange.answer)
    if exchange.protocol is Protocol.V3:
        failed = exchange.status >= 400
        return str(exchange.status), _clean(str(whole.get("code", ""))) if failed else ""
    node: object = next(iter(whole.values()), {})
    if not isinstance(node, dict):
        return "", ""
    return _clean(str(node.get("code", ""))), _clean(str(node.get("sub_code", "")))


def _object(text: str) -> dict[str, Any]:
    try:
        value = read_json(text)
    except MalformedJson:
        return {}
    return value if isinstance(value, dict) else {}


def _clean(text: str) -> str:
    """Text that every database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "�")
