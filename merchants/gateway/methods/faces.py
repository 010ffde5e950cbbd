"""Paying by face: begin a look at a person, and ask whom a token stands for."""

import json
from dataclasses import dataclass
from typing import Any, Final

from merchants.consents.queries import open_id_of
from merchants.faces import queries
from merchants.faces.usecases.open_session import open_session
from merchants.faces.values import Opened
from merchants.gateway.declarations import (
    Answer,
    Call,
    FieldInvalid,
    Form,
    Method,
    items,
    text,
)
from merchants.gateway.methods.face_codes import FACES
from wallet import public as wallet

_DEVICE_NAMES: Final = ("machineCode", "machine_code", "deviceId", "device_id")
_LONGEST_META: Final = 8192
_OK: Final = {"retCode": "OK", "retCodeSub": "SUCCESS", "retMessageSub": "成功"}


@dataclass(kw_only=True, slots=True)
class CustomerInitializeForm(Form):
    """zoloz.authentication.customer.smilepay.initialize: what the device's own SDK said."""

    zimmetainfo: str = text(required=True, longest=_LONGEST_META)
    service_id: str = text(longest=64)
    service_params: str = text(longest=_LONGEST_META)


@dataclass(kw_only=True, slots=True)
class CustomerInitializeAnswer(Answer):
    """The device's SDK takes this text as it is."""

    result: str


@dataclass(kw_only=True, slots=True)
class InitializeForm(Form):
    """zoloz.authentication.smilepay.initialize: the same, in fields."""

    machine_info: dict[str, Any] | None = items(dict, required=True)
    merchant_info: dict[str, Any] | None = items(dict)
    apdid_token: str = text(longest=512)
    app_name: str = text(longest=128)
    app_version: str = text(longest=64)
    bio_meta_info: str = text(longest=1024)
    device_model: str = text(longest=128)
    device_type: str = text(longest=64)
    os_version: str = text(longest=64)
    remote_log_id: str = text(longest=128)
    zim_ver: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class InitializeAnswer(Answer):
    """The session, and what the device must sign."""

    ret_code_sub: str
    ret_message_sub: str
    zim_id: str
    zim_init_client_data: str


@dataclass(kw_only=True, slots=True)
class TokenQueryForm(Form):
    """zoloz.authentication.customer.ftoken.query: whom a token stands for."""

    ftoken: str = text(required=True, longest=64)
    biz_type: str = text(longest=8)


@dataclass(kw_only=True, slots=True)
class TokenQueryAnswer(Answer):
    """The person; we know neither age nor identity number to tell."""

    uid: str
    uid_tel_pair_list: list[dict[str, str]]


def customer_initialize(call: Call, form: CustomerInitializeForm) -> CustomerInitializeAnswer:
    """Begin a look for the device whose SDK made `zimmetainfo`.

    Raises:
        FieldInvalid: it is no JSON object, or names no device.
    """
    try:
        meta = json.loads(form.zimmetainfo)
    except (ValueError, RecursionError) as error:
        raise FieldInvalid(field="zimmetainfo") from error
    opened = open_session(seller=call.app, serial=_serial(meta, "zimmetainfo"))
    told = {**_OK, "zimId": opened.session, "zimInitClientData": _client_data(opened)}
    return CustomerInitializeAnswer(result=json.dumps(told, ensure_ascii=False))


def initialize(call: Call, form: InitializeForm) -> InitializeAnswer:
    """Begin a look for the device named in `machine_info`.

    Raises:
        FieldInvalid: it names no device.
    """
    serial = _serial({"machineInfo": form.machine_info}, "machine_info")
    opened = open_session(seller=call.app, serial=serial)
    return InitializeAnswer(
        ret_code_sub=_OK["retCodeSub"],
        ret_message_sub=_OK["retMessageSub"],
        zim_id=opened.session,
        zim_init_client_data=_client_data(opened),
    )


def token_query(call: Call, form: TokenQueryForm) -> TokenQueryAnswer:
    """Say whom a token stands for; asking does not use it up."""
    found = queries.token_shown(form.ftoken, merchant_uuid=call.app.merchant_uuid)
    user = wallet.user(found.enrolment.user_id)
    pair = {"user_id": user.user_id, "open_id": open_id_of(user.id, app_id=call.app.app_id)}
    return TokenQueryAnswer(uid=user.user_id, uid_tel_pair_list=[pair])


def _serial(meta: object, field: str) -> str:
    """The device's number, where its SDK puts it."""
    machine = meta.get("machineInfo", meta) if isinstance(meta, dict) else None
    if isinstance(machine, dict):
        for name in _DEVICE_NAMES:
            value = machine.get(name)
            if isinstance(value, str) and value.isascii() and value.isprintable():
                return value[:64]
    raise FieldInvalid(field=field)


def _client_data(opened: Opened) -> str:
    return f"nonce={opened.nonce}"


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(
        "zoloz.authentication.customer.smilepay.initialize",
        CustomerInitializeForm,
        customer_initialize,
        FACES,
    ),
    Method("zoloz.authentication.smilepay.initialize", InitializeForm, initialize, FACES),
    Method("zoloz.authentication.customer.ftoken.query", TokenQueryForm, token_query, FACES),
)
