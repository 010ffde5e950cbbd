"""How the pre-authorisation methods say business failures: our codes in the protocol's words."""

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
    "AUTH_OPERATION_NOT_EXIST": "支付宝资金操作流水不存在",
    "AUTH_ORDER_AMOUNT_NOT_ENOUGH": "授权订单剩余金额不足",
    "AUTH_ORDER_NOT_EXIST": "支付宝资金授权订单不存在",
    "AUTH_ORDER_NOT_PAID": "授权订单未完成授权",
    "HAS_NO_PRIVILEGE": "无权限使用接口",
    "ILLEGAL_ARGUMENT": "参数异常",
    "ORDER_ALREADY_CLOSED": "授权订单已经关闭",
    "ORDER_ALREADY_FINISH": "授权订单已经完结",
    "PAYEE_NOT_EXIST": "收款方不存在",
    "PAYER_BALANCE_NOT_ENOUGH": "付款方余额不足",
    "PAYER_NOT_EXIST": "付款方不存在",
    "PAYER_PAYEE_EQUAL": "付款方和收款方不能相同",
    "PAYER_STATUS_ERROR": "付款方账户状态异常",
    "PAYMENT_AUTH_CODE_INVALID": "支付授权码无效",
    "PAYMENT_FAIL": "资金授权失败",
    "REQUEST_CONTEXT_INCONSISTENT": "请求信息与首次请求不一致",
}

GENERAL: Final = {
    "account_closed": "PAYER_STATUS_ERROR",
    "account_frozen": "PAYER_STATUS_ERROR",
    "authorisation_closed": "ORDER_ALREADY_CLOSED",
    "authorisation_conflict": "REQUEST_CONTEXT_INCONSISTENT",
    "authorisation_exceeded": "AUTH_ORDER_AMOUNT_NOT_ENOUGH",
    "authorisation_expired": "ORDER_ALREADY_CLOSED",
    "authorisation_finished": "ORDER_ALREADY_FINISH",
    "authorisation_not_found": "AUTH_ORDER_NOT_EXIST",
    "authorisation_not_given": "AUTH_ORDER_NOT_PAID",
    "code_expired": "PAYMENT_AUTH_CODE_INVALID",
    "code_invalid": "PAYMENT_AUTH_CODE_INVALID",
    "face_merchant_mismatch": "PAYMENT_AUTH_CODE_INVALID",
    "face_token_expired": "PAYMENT_AUTH_CODE_INVALID",
    "face_token_invalid": "PAYMENT_AUTH_CODE_INVALID",
    "face_token_used": "PAYMENT_AUTH_CODE_INVALID",
    "code_used": "PAYMENT_AUTH_CODE_INVALID",
    "freeze_spent": "ORDER_ALREADY_FINISH",
    "insufficient_funds": "PAYER_BALANCE_NOT_ENOUGH",
    "merchant_not_found": "PAYEE_NOT_EXIST",
    "operation_not_found": "AUTH_OPERATION_NOT_EXIST",
    "payee_is_payer": "PAYER_PAYEE_EQUAL",
    "payer_differs": "REQUEST_CONTEXT_INCONSISTENT",
    "user_unknown": "PAYER_NOT_EXIST",
}

BY_FAMILY: Final[tuple[tuple[type[SaomaError], str], ...]] = (
    (InvalidRequest, "ILLEGAL_ARGUMENT"),
    (NotFound, "AUTH_ORDER_NOT_EXIST"),
    (NotPermitted, "HAS_NO_PRIVILEGE"),
    (Unauthenticated, "HAS_NO_PRIVILEGE"),
    (Conflict, "REQUEST_CONTEXT_INCONSISTENT"),
    (Gone, "ORDER_ALREADY_CLOSED"),
    (Refused, "PAYMENT_FAIL"),
    (Locked, "PAYMENT_FAIL"),
)

FUND_AUTH: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general=GENERAL,
    by_family=BY_FAMILY,
    vague="PAYMENT_FAIL",
)
