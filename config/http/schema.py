"""Post-process the OpenAPI document: introduction, tags, summaries, problem responses."""

from typing import Any

from config.kernel import slices

_PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
_CONTENT = {"application/problem+json": {"schema": _PROBLEM_REF}}
_COMMON = {
    "400": "The request is not valid.",
    "401": "Proof of identity is missing or wrong.",
    "403": "This caller may not do this.",
    "404": "There is no such object.",
    "409": "The object's state, or an earlier request with the same key, stands against it.",
    "410": "It was valid once and is too old now.",
    "413": "The body is too large.",
    "415": "The body's media type is not supported.",
    "422": "A rule refuses this; nothing was written.",
    "423": "The account or credential is locked.",
    "429": "Too many requests.",
    "503": "The result is unknown; query before trying again.",
}
_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A failure (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "field": {"type": "string"},
        "facts": {"type": "object", "additionalProperties": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "request_id"],
}
INTRODUCTION = """\
Wallet, merchants and health code: what the phone, the till's owner and the gate use. The
merchants' Alipay-protocol gateway is another door: see `/console/` for it.

**Log in.** `POST /api/v1/sessions` with `{"phone": …, "password": …}` gives a `token`. Press
*Authorize* and paste it, or send `Authorization: Bearer <token>`. `DELETE
/api/v1/sessions/current` ends it. In the demo: `+8613800000001`, `demo-saoma`, payment PIN
`271828`. Gates and terminals have credentials of their own, from their operators.

**Amounts** are decimal text in major units (`"12.00"`) beside their `currency`. **Times** are
ISO 8601 with an offset.

**Repeat safely.** Whatever moves money takes an `Idempotency-Key`, made before the first try: a
repeat gets the first answer. After a 503 or no answer at all, repeat or query; do not start anew.

**Lists** give `results` and a `next` address; the cursor in it is opaque.

**Failures** are problems (RFC 9457). `code` is stable and explained [below](#problems); `field`
names the wrong input; `request_id` finds the request in the log.
"""


def leave_lab_out(endpoints: list[tuple[Any, ...]], **_: Any) -> list[tuple[Any, ...]]:
    """Leave out what exists in a lab alone; it has a document of its own."""
    return [endpoint for endpoint in endpoints if not endpoint[0].startswith("/lab/")]


_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def describe_operations(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Give each operation a summary, and each tag that is used its description.

    An operation without a summary of its own has its id in words.
    """
    used: dict[str, None] = {}
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in _METHODS:
                words = operation["operationId"].replace("_", " ")
                operation.setdefault("summary", words[:1].upper() + words[1:])
                used.update(dict.fromkeys(operation.get("tags", ())))
    tags = {
        name: text
        for _, declaration in slices.declared()
        for name, text in declaration.tags.items()
    }
    order = [*tags, *(name for name in used if name not in tags)]
    result["tags"] = [
        {"name": name, "description": tags.get(name, "")} for name in order if name in used
    ]
    return result


def declare_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Declare the shared problems on each operation that does not declare its own."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in _METHODS:
                responses = operation.setdefault("responses", {})
                for status, text in _COMMON.items():
                    responses.setdefault(status, {"description": text, "content": _CONTENT})
    return result
