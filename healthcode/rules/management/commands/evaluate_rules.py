"""`manage.py evaluate_rules`: CertLogic expressions on data, JSON lines in and out."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from healthcode.rules.certlogic.evaluator import evaluate, to_json
from healthcode.rules.certlogic.values import CertLogicError
from healthcode.rules.jsonlines import answer_lines


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`{"logic", "data"}` → `{"result"}` or `{"error"}`."""
    if "logic" not in request:
        return {"error": "logic is missing"}
    try:
        return {"result": to_json(evaluate(request["logic"], request.get("data")))}
    except CertLogicError as error:
        return {"error": error.reason}


class Command(BaseCommand):
    """Evaluate one expression a line."""

    help = 'Reads {"logic", "data"} a line from standard input, writes {"result"} or {"error"}.'

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer until the input ends."""
        answer_lines(sys.stdin, sys.stdout, answer)
