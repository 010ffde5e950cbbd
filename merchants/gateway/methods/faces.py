"""Paying by face: begin a look at a person, and ask whom a token stands for."""

import json
from dataclasses import dataclass
from typing import Any, Final

from config.kernel.strict_json import MalformedJson, read_json
from merchants.consents.usecases.show_open_id import show_open_id
from merchants.consents.values import Scope
from merchants.faces import queries
from merchants.faces.usecases.open_session import open_session
from merchants.faces.values import Opened
from merchants.gateway.methods.face_codes import FACES
from merchants.gateway.schema import Answer, Call, FieldInvalid, Form, Method, part, text
from merchants.onboarding.values import PersonNaming
from merchants.protocol.persons import person_fields
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
class MachineForm(Form):
    """`machine_info`: the device, by whichever name its SDK has for its number."""

    machineCode: str = text(longest=128)
    machine_code: str = text(longest=128)
    deviceId: str = text(longest=128)
    device_id: str = text(longest=128)
    cameraDriveVer: str = text(longest=128)
    cameraModel: str = text(longest=128)
    cameraName: str = text(longest=128)
    cameraVer: str = text(longest=128)
    ext: str = text(longest=1024)


@dataclass(kw_only=True, slots=True)
class FaceMerchantForm(Form):
    """`merchant_info`: where the device stands."""

    merchantId: str = text(longest=64)
    partnerId: str = text(longest=64)
    appId: str = text(longest=64)
    areaCode: str = text(longest=64)
    brandCode: str = text(longest=64)
    deviceNum: str = text(longest=64)
    geo: str = text(longest=128)
    storeCode: str = text(longest=64)
    wifimac: str = text(longest=64)
    wifiName: str = text(longest=128)
    deviceMac: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class InitializeForm(Form):
    """zoloz.authentication.smilepay.initialize: the same, in fields."""

    machine_info: dict[str, Any] | None = part(MachineForm, required=True, raw=True)
    merchant_info: dict[str, Any] | None = part(FaceMerchantForm, raw=True)
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

    open_id: str | None
    uid: str | None
    uid_tel_pair_list: list[dict[str, str]]


def customer_initialize(call: Call, form: CustomerInitializeForm) -> CustomerInitializeAnswer:
    """Begin a look for the device whose SDK made `zimmetainfo`.

    Raises:
        FieldInvalid: it is no JSON object, or names no device.
    """
    try:
        meta = read_json(form.zimmetainfo)
    except MalformedJson as error:
        raise FieldInvalid(field="zimmetainfo") from error
    opened = open_session(seller=call.app, serial=_serial(meta, "zimmetainfo"))
    result = {**_OK, "zimId": opened.session, "zimInitClientData": _client_data(opened)}
    return CustomerInitializeAnswer(result=json.dumps(result, ensure_ascii=False))


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
    face_token = queries.token_shown(form.ftoken, merchant_id=call.app.merchant_id)
    user = wallet.user(face_token.enrolment.user_id)
    app_number = call.app.app_number
    names = person_fields(
        app_number, user.id, user.user_number, user_id="user_id", open_id="open_id"
    )
    if call.app.person_naming is PersonNaming.USER_ID:
        # A face token has always told both; only an app that wants no numbers gets none.
        names["open_id"] = show_open_id(user_id=user.id, app_number=app_number)
    return TokenQueryAnswer(
        open_id=None if names.get("user_id") else names["open_id"],
        uid=names.get("user_id"),
        uid_tel_pair_list=[names],
    )


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
        Scope.PAY,
    ),
    Method(
        "zoloz.authentication.smilepay.initialize", InitializeForm, initialize, FACES, Scope.PAY
    ),
    Method(
        "zoloz.authentication.customer.ftoken.query", TokenQueryForm, token_query, FACES, Scope.PAY
    ),
)
