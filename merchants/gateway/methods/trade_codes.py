"""How the trade methods say business failures: our codes in the protocol's words."""

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

# What the business codes say to people.
MEANINGS: Final = {
    "ACCESS_FORBIDDEN": "无权限使用接口",
    "AGREEMENT_INVALID": "用户协议已失效",
    "AGREEMENT_NOT_EXIST": "用户协议不存在",
    "AGREEMENT_STATUS_NOT_NORMAL": "用户协议状态非NORMAL",
    "BUYER_BALANCE_NOT_ENOUGH": "买家余额不足",
    "BUYER_ERROR": "买家状态异常",
    "BUYER_NOT_EXIST": "买家不存在",
    "BUYER_SELLER_EQUAL": "买卖家不能相同",
    "CANCEL_NOT_ALLOWED": "交易不允许撤销",
    "CONTEXT_INCONSISTENT": "交易信息被篡改",
    "CYCLE_PAY_DATE_NOT_MATCH": "扣款日期不在签约时的允许范围之内",
    "CYCLE_PAY_SINGLE_FEE_EXCEED": "周期扣款的单次金额超过签约时限制",
    "CYCLE_PAY_TOTAL_FEE_EXCEED": "周期扣款的累计金额超过签约时限制",
    "CYCLE_PAY_TOTAL_TIMES_EXCEED": "周期扣款的总次数超过签约时限制",
    "DISCORDANT_REPEAT_REQUEST": "请求信息不一致",
    "INVALID_PARAMETER": "参数无效",
    "NO_PAYMENT_INSTRUMENTS_AVAILABLE": "没有可用的支付工具",
    "PAYMENT_AUTH_CODE_INVALID": "支付授权码无效",
    "PAYMENT_FAIL": "支付失败",
    "PULL_MOBILE_CASHIER_FAIL": "唤起移动收银台失败",
    "REASON_ILLEGAL_STATUS": "交易状态异常",
    "REASON_TRADE_REFUND_FEE_ERR": "退款金额无效",
    "REASON_TRADE_STATUS_INVALID": "交易状态异常",
    "REFUND_AMT_NOT_EQUAL_TOTAL": "退款金额不等于订单总金额",
    "SELLER_BALANCE_NOT_ENOUGH": "商户的支付宝账户余额不足",
    "SELLER_NOT_EXIST": "卖家不存在",
    "TOTAL_FEE_EXCEED": "订单总金额超过限额",
    "TRADE_BUYER_NOT_MATCH": "交易买家不匹配",
    "TRADE_CANCEL_TIME_OUT": "超过撤销时间范围",
    "TRADE_HAS_CLOSE": "交易已经关闭",
    "TRADE_HAS_FINISHED": "交易已完结",
    "TRADE_HAS_SUCCESS": "交易已被支付",
    "TRADE_NOT_ALLOW_REFUND": "当前交易不允许退款",
    "TRADE_NOT_EXIST": "交易不存在",
    "TRADE_STATUS_ERROR": "交易状态不合法",
}

# Our code -> theirs, where every method says the same.
GENERAL: Final = {
    "account_closed": "NO_PAYMENT_INSTRUMENTS_AVAILABLE",
    "account_frozen": "NO_PAYMENT_INSTRUMENTS_AVAILABLE",
    "agreement_ended": "AGREEMENT_INVALID",
    "agreement_not_found": "AGREEMENT_NOT_EXIST",
    "agreement_not_in_force": "AGREEMENT_STATUS_NOT_NORMAL",
    "amount_out_of_range": "TOTAL_FEE_EXCEED",
    "cancel_not_allowed": "REASON_TRADE_REFUND_FEE_ERR",
    "code_expired": "PAYMENT_AUTH_CODE_INVALID",
    "code_invalid": "PAYMENT_AUTH_CODE_INVALID",
    "code_used": "PAYMENT_AUTH_CODE_INVALID",
    "debit_not_due": "CYCLE_PAY_DATE_NOT_MATCH",
    "insufficient_funds": "BUYER_BALANCE_NOT_ENOUGH",
    "merchant_not_found": "SELLER_NOT_EXIST",
    "order_closed": "TRADE_HAS_CLOSE",
    "order_conflict": "CONTEXT_INCONSISTENT",
    "order_paid": "TRADE_HAS_SUCCESS",
    "payee_insufficient_funds": "SELLER_BALANCE_NOT_ENOUGH",
    "payee_is_payer": "BUYER_SELLER_EQUAL",
    "payer_mismatch": "TRADE_BUYER_NOT_MATCH",
    "payment_already_paid": "TRADE_HAS_SUCCESS",
    "payment_closed": "TRADE_HAS_CLOSE",
    "payment_conflict": "CONTEXT_INCONSISTENT",
    "payment_finished": "TRADE_HAS_FINISHED",
    "payment_not_found": "TRADE_NOT_EXIST",
    "payment_not_paid": "TRADE_STATUS_ERROR",
    "payments_limit_exceeded": "CYCLE_PAY_TOTAL_TIMES_EXCEED",
    "refund_conflict": "DISCORDANT_REPEAT_REQUEST",
    "refund_exceeds_paid": "REASON_TRADE_REFUND_FEE_ERR",
    "place_closed": "INVALID_PARAMETER",
    "refund_number_needed": "REFUND_AMT_NOT_EQUAL_TOTAL",
    "trade_not_found": "TRADE_NOT_EXIST",
    "phone_invalid": "BUYER_NOT_EXIST",
    "user_unknown": "BUYER_NOT_EXIST",
    "single_limit_exceeded": "CYCLE_PAY_SINGLE_FEE_EXCEED",
    "total_limit_exceeded": "CYCLE_PAY_TOTAL_FEE_EXCEED",
}

# Where one method says it otherwise.
BY_METHOD: Final[dict[str, dict[str, str]]] = {
    "alipay.trade.pay": {"payment_finished": "TRADE_HAS_SUCCESS"},
    "alipay.trade.precreate": {"payment_finished": "TRADE_HAS_SUCCESS"},
    "alipay.trade.create": {"payment_finished": "TRADE_HAS_SUCCESS"},
    "alipay.trade.close": {
        "payment_already_paid": "REASON_TRADE_STATUS_INVALID",
        "payment_finished": "REASON_TRADE_STATUS_INVALID",
        "payment_closed": "TRADE_STATUS_ERROR",
    },
    "alipay.trade.cancel": {
        "insufficient_funds": "SELLER_BALANCE_NOT_ENOUGH",
        "account_frozen": "BUYER_ERROR",
        "account_closed": "BUYER_ERROR",
    },
    "alipay.trade.refund": {
        "insufficient_funds": "SELLER_BALANCE_NOT_ENOUGH",
        "account_frozen": "BUYER_ERROR",
        "account_closed": "BUYER_ERROR",
        "payment_closed": "TRADE_STATUS_ERROR",
    },
}

# A failure nobody has named: its family decides.
BY_FAMILY: Final[tuple[tuple[type[SaomaError], str], ...]] = (
    (InvalidRequest, "INVALID_PARAMETER"),
    (NotFound, "TRADE_NOT_EXIST"),
    (NotPermitted, "ACCESS_FORBIDDEN"),
    (Unauthenticated, "ACCESS_FORBIDDEN"),
    (Conflict, "TRADE_STATUS_ERROR"),
    (Gone, "TRADE_STATUS_ERROR"),
    (Refused, "PAYMENT_FAIL"),
    (Locked, "PAYMENT_FAIL"),
)

TRADE: Final = Words(
    prefix="ACQ.",
    meanings=MEANINGS,
    general=GENERAL,
    by_method=BY_METHOD,
    by_family=BY_FAMILY,
    vague="PAYMENT_FAIL",
)
