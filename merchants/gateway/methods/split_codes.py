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

# Why a split, or a binding, is refused: beside the protocol's own sentence.
REASONS: Final = {
    "escrow_conflict": "该笔交易已用其他请求号确认",
    "merchant_not_active": "商户状态异常，不能分账",
    "payment_not_paid": "交易未支付或已关闭，不能分账",
    "split_amount_invalid": "分账金额之和超过扣除手续费后的可分账金额",
    "split_amount_invalid/comes to nothing": "按比例计算的分账金额不足0.01元",
    "split_conflict": "该请求号已用于另一笔分账",
    "split_funds_short": "商户可用于该笔交易分账的资金不足，或商户有欠款",
    "split_not_allowed/ended": "该笔交易的分账已完结",
    "split_not_allowed/in escrow": "担保交易尚未确认收货，不能分账",
    "split_not_allowed/planned split waits": "支付时指定的分账尚未执行，不能完结",
    "split_not_allowed/split the other way before": "同一笔交易不能混用同步分账和异步分账",
    "split_payee_is_payer": "分账接收方不能是商户自己",
    "split_payee_short": "分账接收方余额不足，无法退回",
    "split_payee_unknown": "分账接收方账号不存在",
    "split_relation_missing": "分账接收方未绑定",
}

RELATIONS: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general={
        "receivers_missing": "RECEIVER_LIST_EMPTY",
        "split_payee_is_payer": "RELATION_BIND_FAIL",
        "split_payee_name_differs": "USER_NAME_NOT_MATCH",
        "split_payee_unknown": "USER_NOT_EXIST",
        "split_payees_invalid": "RECEIVER_LIST_OVER_LIMIT",
    },
    by_family=BY_FAMILY,
    vague="RELATION_BIND_FAIL",
    reasons=REASONS,
)
