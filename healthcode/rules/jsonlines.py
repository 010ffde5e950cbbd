"""JSON lines in, JSON lines out: how outside checks talk to the batch tools."""

import json
from collections.abc import Callable, Iterable
from typing import IO, Any

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class NoObject(ValueError):
    """The line is JSON and no object."""


def answer_lines(lines: Iterable[str], out: IO[str], answer: Answer) -> int:
    """Answer each line that is not empty, in order, one line each; returns how many.

    A line that is no JSON object is answered with `{"error": …}` and does not stop the
    rest. Answers are flushed at once, so that a pipe can be talked to.
    """
    count = 0
    for line in lines:
        if not line.strip():
            continue
        out.write(f"{_answered(line, answer)}\n")
        out.flush()
        count += 1
    return count


def _answered(line: str, answer: Answer) -> str:
    try:
        request = json.loads(line)
        if not isinstance(request, dict):
            raise NoObject("the line is not a JSON object")
    except (ValueError, RecursionError) as error:
        return json.dumps({"ok": False, "error": f"input: {error}"})
    try:
        return json.dumps(answer(request), ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        # A whole number of more digits than Python writes, or nesting past all use.
        return json.dumps({"ok": False, "error": f"output: {error}"})
