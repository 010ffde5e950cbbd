"""How the methods about payees of splits say business failures: bare names."""

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

MEANINGS: Final = {
    "ACCESS_FORBIDDEN": "无权限使用接口",
    "INVALID_PARAMETER": "参数有误",
    "RECEIVER_LIST_EMPTY": "分账接收方列表为空",
    "RECEIVER_LIST_OVER_LIMIT": "分账接收方列表超过限制",
    "RELATION_BIND_FAIL": "分账关系绑定失败",
    "USER_NAME_NOT_MATCH": "分账接收方姓名不匹配",
    "USER_NOT_EXIST": "分账接收方账号不存在",
}

BY_FAMILY: Final[tuple[tuple[type[SaomaError], str], ...]] = (
    (InvalidRequest, "INVALID_PARAMETER"),
    (NotFound, "USER_NOT_EXIST"),
    (NotPermitted, "ACCESS_FORBIDDEN"),
    (Unauthenticated, "ACCESS_FORBIDDEN"),
    (Conflict, "RELATION_BIND_FAIL"),
    (Gone, "RELATION_BIND_FAIL"),
    (Refused, "RELATION_BIND_FAIL"),
    (Locked, "RELATION_BIND_FAIL"),
)

RELATIONS: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general={
        "receivers_missing": "RECEIVER_LIST_EMPTY",
        "split_payee_name_differs": "USER_NAME_NOT_MATCH",
        "split_payee_unknown": "USER_NOT_EXIST",
        "split_payees_invalid": "RECEIVER_LIST_OVER_LIMIT",
    },
    by_family=BY_FAMILY,
    vague="RELATION_BIND_FAIL",
)
