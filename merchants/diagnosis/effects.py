"""Which parameters of a call do nothing here: read, and told to the developer in the call's log.

A parameter that Alipay has and we have not would otherwise be swallowed without a word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from config.kernel.strict_json import MalformedJson, read_json
from merchants.gateway.dispatcher import METHODS
from merchants.gateway.schema import Form
from merchants.protocol import parameters

# Declared so that their types are judged, and without effect on what happens.
ONLY_JUDGED: Final = frozenset(
    {
        *("business_params", "info_type", "info_content", "declare_mode", "refund_fund_details"),
        *("discountable_amount", "undiscountable_amount", "hb_fq_num", "hb_fq_seller_percent"),
        *("face_contrast_picture", "face_reserve_strategy", "phone_no", "mac"),
        *("manufacturer_pid", "sys_service_provider_id", "inst_province", "inst_city"),
        *("inst_branch_name", "bank_code"),
    }
)
_DEEPEST: Final = 8


def without_effect(method: str, content: Mapping[str, object]) -> list[str]:
    """The members of a call's content that change nothing, with dots, in the order sent.

    A method that is not ours has none: it answers that itself.
    """
    declaration = METHODS.get(method)
    return [] if declaration is None else list(_unread(declaration.form, content, "", 0))


def of_call(method: str, *, query: str, body: str, content_type: str) -> list[str]:
    """The same for a call of /gateway.do as it was sent; content that is enciphered has none."""
    try:
        raw = parameters.read_parameters(query.encode(), body.encode(), content_type)
    except parameters.TooManyParameters:
        return []
    if raw.get(b"encrypt_type"):
        return []
    return of_body(method, raw.get(b"biz_content", b"").decode("utf-8", "replace"))


def of_body(method: str, text: str) -> list[str]:
    """The same for content as JSON text; what is none has none."""
    try:
        content = read_json(text)
    except MalformedJson:
        return []
    return without_effect(method, content) if isinstance(content, dict) else []


def _unread(
    form: type[Form], content: Mapping[str, object], path: str, depth: int
) -> Iterator[str]:
    declared: dict[str, Any] = {field.name: field.metadata["parts"] for field in fields(form)}
    for name, value in content.items():
        where = f"{path}{name}"
        if value in (None, ""):
            continue
        if name not in declared or name in ONLY_JUDGED:
            yield where
        elif declared[name] is not None and depth < _DEEPEST:
            inner = value if isinstance(value, list) else [value]
            names: dict[str, None] = {}
            for entry in inner:
                if isinstance(entry, dict):
                    names |= dict.fromkeys(_unread(declared[name], entry, f"{where}.", depth + 1))
            yield from names
