"""How the face methods say failures; public documents name few, so most names are ours."""

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
from merchants.gateway.errors import Words

FACES: Final = Words(
    prefix="",
    meanings={
        "ACCESS_FORBIDDEN": "无权限使用接口",
        "DEVICE_NOT_CERTIFIED": "设备未认证",
        "FTOKEN_EXPIRED": "人脸令牌已过期",
        "FTOKEN_NOT_EXIST": "人脸令牌不存在",
        "INVALID_PARAMETER": "参数无效",
        "SMILE_PAY_MERCHANT_NOT_MATCH": "刷脸商户不匹配",
        "SYSTEM_ERROR": "系统错误",
    },
    general={
        "terminal_uncertified": "DEVICE_NOT_CERTIFIED",
        "face_token_invalid": "FTOKEN_NOT_EXIST",
        "face_token_expired": "FTOKEN_EXPIRED",
        "face_merchant_mismatch": "SMILE_PAY_MERCHANT_NOT_MATCH",
    },
    by_family=(
        (InvalidRequest, "INVALID_PARAMETER"),
        (NotFound, "FTOKEN_NOT_EXIST"),
        (NotPermitted, "ACCESS_FORBIDDEN"),
        (Unauthenticated, "ACCESS_FORBIDDEN"),
        (Conflict, "SYSTEM_ERROR"),
        (Gone, "FTOKEN_EXPIRED"),
        (Refused, "SYSTEM_ERROR"),
        (Locked, "SYSTEM_ERROR"),
    ),
)
