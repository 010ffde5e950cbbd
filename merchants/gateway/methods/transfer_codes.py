"""How the transfer methods say business failures: bare names, without a prefix."""

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
    "EXCEED_LIMIT_DM_MAX_AMOUNT": "超出单日转账限额",
    "EXCEED_LIMIT_PERSONAL_SM_AMOUNT": "转账给个人支付宝账户单笔最多50000元",
    "EXCEED_LIMIT_SM_MIN_AMOUNT": "请求金额不能低于0.1元",
    "INVALID_PARAMETER": "参数有误",
    "ORDER_NOT_EXIST": "转账订单不存在",
    "PAYEE_NOT_EXIST": "收款账号不存在",
    "PAYEE_USER_INFO_ERROR": "支付宝账号和姓名不匹配，请确认姓名是否正确",
    "PAYER_BALANCE_NOT_ENOUGH": "付款方余额不足",
    "PAYER_PAYEE_CANNOT_SAME": "收付款方不能相同",
    "PAYER_STATUS_ERROR": "付款账号状态异常",
    "PAYMENT_FAIL": "支付失败",
    "PAYMENT_INFO_INCONSISTENCY": "两次请求商户单号一样，但是参数不一致",
    "PERMIT_CHECK_PERM_LIMITED": "根据监管部门的要求，请补全您的身份信息解除限制",
    "PRODUCT_NOT_SIGN": "产品未签约",
}

GENERAL: Final = {
    "account_frozen": "PAYER_STATUS_ERROR",
    "account_closed": "PAYEE_NOT_EXIST",
    "balance_insufficient": "PAYER_BALANCE_NOT_ENOUGH",
    "product_not_signed": "PRODUCT_NOT_SIGN",
    "transfer_conflict": "PAYMENT_INFO_INCONSISTENCY",
    "transfer_day_limit": "EXCEED_LIMIT_DM_MAX_AMOUNT",
    "transfer_not_found": "ORDER_NOT_EXIST",
    "transfer_payee_is_payer": "PAYER_PAYEE_CANNOT_SAME",
    "transfer_payee_name_differs": "PAYEE_USER_INFO_ERROR",
    "transfer_payee_unknown": "PAYEE_NOT_EXIST",
    "transfer_too_large": "EXCEED_LIMIT_PERSONAL_SM_AMOUNT",
    "transfer_too_small": "EXCEED_LIMIT_SM_MIN_AMOUNT",
}

BY_FAMILY: Final[tuple[tuple[type[SaomaError], str], ...]] = (
    (InvalidRequest, "INVALID_PARAMETER"),
    (NotFound, "ORDER_NOT_EXIST"),
    (NotPermitted, "PERMIT_CHECK_PERM_LIMITED"),
    (Unauthenticated, "PERMIT_CHECK_PERM_LIMITED"),
    (Conflict, "PAYMENT_FAIL"),
    (Gone, "PAYMENT_FAIL"),
    (Refused, "PAYMENT_FAIL"),
    (Locked, "PAYER_STATUS_ERROR"),
)

TRANSFERS: Final = Words(
    prefix="",
    meanings=MEANINGS,
    general=GENERAL,
    by_family=BY_FAMILY,
    vague="PAYMENT_FAIL",
    unavailable=Fault("40004", "Business Failed", "SYSTEM_ERROR", "系统繁忙"),
)
