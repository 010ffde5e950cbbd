"""The OpenAPI document's finish: every operation may answer with a problem."""

from typing import Any

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
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


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
