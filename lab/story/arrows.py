"""A payment as a sequence of messages between phone, till, gateway, ledger and worker.

Each arrow comes from a row that was written: a call, a journal, an event, an attempt. What people
do with their hands (a code held to a scanner) leaves no row; it is drawn from the call it led to.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

LIFELINES = ("phone", "till", "gateway", "ledger", "worker")
# Journals that no call of the gateway posts: what falls due or the bank says, and people's own.
_SLACK = timedelta(seconds=2)
_WORKERS = ("settlement", "payout", "topup", "withdrawal", "escrow", "funding", "split", "reserve")
_PHONES = ("transfer", "packet", "bill_share")


def of_story(whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The arrows of a story, in the order in which things happened."""
    waiting = list(whole["journals"])
    rows: list[tuple[datetime, int, dict[str, Any]]] = []
    for call in whole["calls"]:
        inside = [] if call["sub_code"] else _posted_by(call, waiting)
        waiting = [journal for journal in waiting if journal not in inside]
        began_at = min([_began_at(call), *(journal["at"] for journal in inside)])
        of_call = [*_before(call), _request(call), *map(_entry, inside), _answer(call)]
        rows += [(began_at, -2, arrow) for arrow in of_call]
    rows += [(journal["at"], 0, _entry(journal)) for journal in waiting]
    if waiting and whole["method"] in {"ORDER", "SCAN"}:
        at = waiting[0]["at"]
        rows.append((at, -1, _arrow("phone", "gateway", "confirms", at, word=whole["amount"])))
    rows += [(arrow["at"], 1, arrow) for arrow in _afterwards(whole)]
    return [arrow for _, _, arrow in sorted(rows, key=lambda row: row[:2])]


def _began_at(call: Mapping[str, Any]) -> datetime:
    """When a call came in: what is kept is when it was answered."""
    at: datetime = call["at"] - timedelta(milliseconds=call["ms"])
    return at


def _arrow(
    source: str, target: str, key: str, at: datetime, word: str = "", mark: str = "", ref: str = ""
) -> dict[str, Any]:
    """`key` names the text, `word` stands in it, `mark` is signed, verified or broken."""
    return {
        "from": source, "to": target, "key": key, "at": at, "word": word, "mark": mark, "ref": ref,
    }  # fmt: skip


def _before(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if call["method"] == "alipay.trade.pay" and "auth_code" in call["body"]:
        yield _arrow("phone", "till", "shows_code", call["at"])


def _request(call: Mapping[str, Any]) -> dict[str, Any]:
    signed = call["signed"]
    mark = "verified" if signed and signed["valid"] else "broken"
    return _arrow("till", "gateway", "call", call["at"], call["method"], mark, call["id"])


def _answer(call: Mapping[str, Any]) -> dict[str, Any]:
    key = "refused" if call["sub_code"] else "answer"
    mark = "broken" if "DROP_ANSWER" in call["faults"] else "signed"
    word = call["sub_code"] or call["code"]
    return _arrow("gateway", "till", key, call["at"], word, mark, call["id"])


def _posted_by(call: Mapping[str, Any], waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The journal that a call posted: the first of its kind that stood by its answer."""
    kinds = {
        "alipay.trade.pay": ("payment", "guarantee"),
        "alipay.trade.refund": ("refund",),
        "alipay.trade.cancel": ("refund",),
    }.get(call["method"], ())
    return [
        journal
        for journal in waiting
        if journal["kind"] in kinds and journal["at"] <= call["at"] + _SLACK
    ][:1]


def _entry(journal: Mapping[str, Any]) -> dict[str, Any]:
    kind = journal["kind"]
    source = "worker" if kind.startswith(_WORKERS) else "phone" if kind in _PHONES else "gateway"
    return _arrow(
        source, "ledger", f"entry.{journal['kind']}", journal["at"], journal["amount"],
        ref=journal["id"],
    )  # fmt: skip


def _afterwards(whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Events to the worker, attempts to the till, settlement and payout."""
    for event in whole["events"]:
        yield _arrow("ledger", "worker", "event", event["at"], event["topic"], ref=event["id"])
    for row in whole["notifications"]:
        for attempt in row["attempts"] if row["url"] else ():
            right = attempt["answer"].strip() == "success" and attempt["status"] == 200
            mark = "verified" if right else "broken"
            word = attempt["answer"][:24] or str(attempt["status"] or attempt["failure"])
            yield _arrow("worker", "till", "notifies", attempt["at"], word, mark, row["id"])
    for line in whole["settlement"]:
        if line["at"]:
            yield _arrow("worker", "ledger", "settles", line["at"], line["net"])
    for payout in whole["payouts"]:
        yield _arrow("worker", "till", "pays_out", payout["at"], payout["amount"])
