"""How the authorisation methods say failures: mostly in the gateway's own words."""

from typing import Final

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    Locked,
    NotFound,
    NotPermitted,
    Refused,
    Unauthenticated,
)
from merchants.gateway import errors
from merchants.gateway.errors import Words

MEANINGS: Final = {
    "INVALID_PARAMETER": "参数无效",
    "USER_NOT_EXIST": "用户不存在",
    "CERT_NOT_EXIST": "证书不存在",
    "ACCESS_FORBIDDEN": "无权限使用接口",
    "SYSTEM_ERROR": "系统错误",
}

OAUTH: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general={"certificate_not_found": "CERT_NOT_EXIST"},
    by_family=(
        (InvalidRequest, "INVALID_PARAMETER"),
        (NotFound, "USER_NOT_EXIST"),
        (NotPermitted, "ACCESS_FORBIDDEN"),
        (Unauthenticated, "ACCESS_FORBIDDEN"),
        (Conflict, "SYSTEM_ERROR"),
        (Gone, "SYSTEM_ERROR"),
        (Refused, "SYSTEM_ERROR"),
        (Locked, "SYSTEM_ERROR"),
    ),
    faults={
        "grant_code_invalid": errors.CODE_INVALID,
        "grant_type_unknown": errors.GRANT_TYPE_INVALID,
        "refresh_token_invalid": errors.REFRESH_TOKEN_INVALID,
        "refresh_token_expired": errors.REFRESH_TOKEN_TIMED_OUT,
        "token_invalid": errors.INVALID_AUTH_TOKEN,
        "token_expired": errors.AUTH_TOKEN_TIMED_OUT,
        "scope_missing": errors.USER_PERMISSIONS,
        "field_missing": errors.MISSING_PARAMETER,
        "field_invalid": errors.INVALID_PARAMETER,
    },
)
MANDATES: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general={},
    by_family=OAUTH.by_family,
    faults={
        **OAUTH.faults,
        "token_invalid": errors.INVALID_APP_AUTH_TOKEN,
        "token_expired": errors.APP_AUTH_TOKEN_TIMED_OUT,
    },
)
