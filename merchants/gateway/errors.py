"""Turns our failures into the protocol's codes; nowhere else are those codes written.

Two catalogues: what the gateway itself refuses (`isv.`, `isp.`, `aop.`), and what the
business refuses (`ACQ.` for trades, bare names for funds). A business error is looked
up by its own code, first as the method sees it, then in general, then by its family:
a new error of a lower slice is never a 500, at worst a less telling code.
"""

from typing import Final

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    Locked,
    NotFound,
    NotPermitted,
    RateLimited,
    Refused,
    SaomaError,
    Unauthenticated,
    Unavailable,
)
from merchants.gateway.values import Fault, GatewayFault

_MISSING: Final = ("40001", "Missing Required Arguments")
_INVALID: Final = ("40002", "Invalid Arguments")
_CONDITIONS: Final = ("40003", "Insufficient Conditions")
_BUSINESS: Final = ("40004", "Business Failed")
_LIMITED: Final = ("40005", "Call Limited")
_PERMISSIONS: Final = ("40006", "Insufficient Permissions")
_UNKNOWN: Final = ("20000", "Service Currently Unavailable")
_TOKENS: Final = ("20001", "Insufficient Token Permissions")

MISSING_METHOD: Final = Fault(*_MISSING, "isv.missing-method", "缺少方法名参数")
MISSING_APP_ID: Final = Fault(*_MISSING, "isv.missing-app-id", "缺少appId参数")
MISSING_SIGNATURE: Final = Fault(*_MISSING, "isv.missing-signature", "缺少签名参数")
MISSING_SIGN_TYPE: Final = Fault(*_MISSING, "isv.missing-signature-type", "缺少签名类型参数")
MISSING_TIMESTAMP: Final = Fault(*_MISSING, "isv.missing-timestamp", "缺少时间戳参数")
MISSING_CONTENT: Final = Fault(*_MISSING, "isv.missing-parameter", "缺少必选参数: biz_content")
INVALID_APP_ID: Final = Fault(*_INVALID, "isv.invalid-app-id", "无效的AppID参数")
INVALID_METHOD: Final = Fault(*_INVALID, "isv.invalid-method", "不存在的方法名")
INVALID_FORMAT: Final = Fault(*_INVALID, "isv.invalid-format", "无效的数据格式")
INVALID_CHARSET: Final = Fault(*_INVALID, "isv.invalid-charset", "字符集错误")
INVALID_TIMESTAMP: Final = Fault(*_INVALID, "isv.invalid-timestamp", "非法的时间戳参数")
INVALID_SIGN_TYPE: Final = Fault(*_INVALID, "isv.invalid-signature-type", "无效签名类型")
INVALID_ENCRYPT_TYPE: Final = Fault(*_INVALID, "isv.invalid-encrypt-type", "无效加密类型")
INVALID_CONTENT: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效: biz_content")
INVALID_REQUEST_SIZE: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效: 请求过大")
INVALID_NOTIFY_URL: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效: notify_url")
UNDECIPHERABLE: Final = Fault(*_CONDITIONS, "isv.decryption-error-unknown", "解密出错, 未知错误")
APP_DISABLED: Final = Fault(
    *_PERMISSIONS, "isv.insufficient-isv-permissions", "ISV权限不足，应用或商户未生效"
)
INVALID_APP_AUTH_TOKEN: Final = Fault(*_TOKENS, "aop.invalid-app-auth-token", "无效的应用授权令牌")
UNKNOWN_ERROR: Final = Fault(*_UNKNOWN, "isp.unknow-error", "系统繁忙")
SYSTEM_ERROR: Final = Fault(*_UNKNOWN, "aop.ACQ.SYSTEM_ERROR", "系统错误")
CALL_LIMITED: Final = Fault(*_LIMITED, "isv.app-call-limited", "应用调用次数超限")

_SIGNATURE_HELP: Final = (
    "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为："
)

# What the business codes say to people.
MEANINGS: Final = {
    "ACCESS_FORBIDDEN": "无权限使用接口",
    "BUYER_BALANCE_NOT_ENOUGH": "买家余额不足",
    "BUYER_ERROR": "买家状态异常",
    "BUYER_NOT_EXIST": "买家不存在",
    "BUYER_SELLER_EQUAL": "买卖家不能相同",
    "CANCEL_NOT_ALLOWED": "交易不允许撤销",
    "CONTEXT_INCONSISTENT": "交易信息被篡改",
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
    "amount_out_of_range": "TOTAL_FEE_EXCEED",
    "cancel_not_allowed": "REASON_TRADE_REFUND_FEE_ERR",
    "code_expired": "PAYMENT_AUTH_CODE_INVALID",
    "code_invalid": "PAYMENT_AUTH_CODE_INVALID",
    "code_used": "PAYMENT_AUTH_CODE_INVALID",
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
    "refund_conflict": "DISCORDANT_REPEAT_REQUEST",
    "refund_exceeds_paid": "REASON_TRADE_REFUND_FEE_ERR",
    "place_closed": "INVALID_PARAMETER",
    "refund_number_needed": "REFUND_AMT_NOT_EQUAL_TOTAL",
    "trade_not_found": "TRADE_NOT_EXIST",
    "phone_invalid": "BUYER_NOT_EXIST",
    "user_unknown": "BUYER_NOT_EXIST",
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


def invalid_signature(shown: str) -> GatewayFault:
    """Refuse a signature, showing the string that the gateway built."""
    return GatewayFault(Fault(*_INVALID, "isv.invalid-signature", _SIGNATURE_HELP + shown))


def translate(error: SaomaError, method: str, prefix: str) -> Fault:
    """Say a business failure in the protocol's words, as this method says it.

    The message names the field that is wrong, or our own code where the protocol's
    says little.
    """
    if isinstance(error, Unavailable):
        return SYSTEM_ERROR
    if isinstance(error, RateLimited):
        return CALL_LIMITED
    name = BY_METHOD.get(method, {}).get(error.code) or GENERAL.get(error.code)
    if name is None:
        name = _by_family(error)
    meaning = MEANINGS[name]
    if name == "INVALID_PARAMETER" and error.field:
        meaning = f"{meaning}: {error.field}"
    elif name == "PAYMENT_FAIL":
        meaning = f"{meaning}: {error.code}"
    return Fault(*_BUSINESS, prefix + name, meaning)


def _by_family(error: SaomaError) -> str:
    for family, name in BY_FAMILY:
        if isinstance(error, family):
            return name
    return "INVALID_PARAMETER"
