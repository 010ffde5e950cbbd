"""How the agreement methods say business failures: bare names, without a prefix."""

from typing import Final

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    Locked,
    NotFound,
    NotPermitted,
    Refused,
    SaomaError,
    Unauthenticated,
)
from merchants.gateway.errors import Words
from merchants.protocol.values import Fault

MEANINGS: Final = {
    "AGREEMENT_HAS_UNSIGNED": "协议已解约",
    "AGREEMENT_STATUS_NOT_NORMAL": "协议状态非正常",
    "INVALID_PARAMETER": "参数无效",
    "PERMISSION_DENIED": "商户无权限",
    "REQUEST_CONTEXT_INCONSISTENT": "商户签约号已被使用，请求信息不一致",
    "SYSTEM_LIMITED": "操作受限",
    "USER_AGREEMENT_ALREADY_SIGNED": "用户已签约",
    "USER_AGREEMENT_NOT_EXIST": "用户协议不存在",
}

GENERAL: Final = {
    "agreement_conflict": "REQUEST_CONTEXT_INCONSISTENT",
    "agreement_ended": "AGREEMENT_HAS_UNSIGNED",
    "agreement_not_found": "USER_AGREEMENT_NOT_EXIST",
    "agreement_not_in_force": "AGREEMENT_STATUS_NOT_NORMAL",
    "agreement_signed": "USER_AGREEMENT_ALREADY_SIGNED",
}

BY_METHOD: Final = {
    "alipay.user.agreement.query": {"agreement_ended": "USER_AGREEMENT_NOT_EXIST"},
    "alipay.user.agreement.executionplan.modify": {"agreement_ended": "USER_AGREEMENT_NOT_EXIST"},
    "alipay.user.agreement.transfer": {"agreement_ended": "USER_AGREEMENT_NOT_EXIST"},
}

BY_FAMILY: Final[tuple[tuple[type[SaomaError], str], ...]] = (
    (InvalidRequest, "INVALID_PARAMETER"),
    (NotFound, "USER_AGREEMENT_NOT_EXIST"),
    (NotPermitted, "PERMISSION_DENIED"),
    (Unauthenticated, "PERMISSION_DENIED"),
    (Conflict, "SYSTEM_LIMITED"),
    (Gone, "SYSTEM_LIMITED"),
    (Refused, "SYSTEM_LIMITED"),
    (Locked, "SYSTEM_LIMITED"),
)

AGREEMENTS: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general=GENERAL,
    by_method=BY_METHOD,
    by_family=BY_FAMILY,
    vague="SYSTEM_LIMITED",
    unavailable=Fault("40004", "Business Failed", "SYSTEM_ERROR", "系统繁忙"),
)
