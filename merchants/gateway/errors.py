"""Turns our failures into the protocol's codes.

Two catalogues: what the gateway itself refuses (`isv.`, `isp.`, `aop.`) is here; what the
business refuses (`ACQ.` for trades, bare names for funds) is the `Words` of each method
family, in `methods/<family>_codes.py`, and nowhere else. A business error is looked up by
its own code, first as the method sees it, then in general, then by its family: a new
error of a lower slice is never a 500, at worst a less telling code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from config.kernel.errors import RateLimited, SaomaError, Unavailable
from merchants.protocol.values import Fault, GatewayFault

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
MISSING_VERSION: Final = Fault(*_MISSING, "isv.missing-version", "缺少版本参数")
MISSING_CONTENT: Final = Fault(*_MISSING, "isv.missing-parameter", "缺少必选参数: biz_content")
INVALID_APP_ID: Final = Fault(*_INVALID, "isv.invalid-app-id", "无效的AppID参数")
INVALID_METHOD: Final = Fault(*_INVALID, "isv.invalid-method", "不存在的方法名")
METHOD_NOT_OFFERED: Final = Fault(
    *_INVALID, "isv.invalid-method", "本沙箱未提供该方法, 正式环境有此方法"
)
METHOD_OF_APPS: Final = Fault(
    *_INVALID, "isv.invalid-method", "该方法不经网关调用, 签名后的订单串交给App的SDK"
)
INVALID_VERSION: Final = Fault(*_INVALID, "isv.invalid-version", "无效的版本参数, 应为1.0")
INVALID_FORMAT: Final = Fault(*_INVALID, "isv.invalid-format", "无效的数据格式")
INVALID_CHARSET: Final = Fault(*_INVALID, "isv.invalid-charset", "字符集错误")
INVALID_TIMESTAMP: Final = Fault(*_INVALID, "isv.invalid-timestamp", "非法的时间戳参数")
INVALID_SIGN_TYPE: Final = Fault(*_INVALID, "isv.invalid-signature-type", "无效签名类型")
INVALID_ENCRYPT_TYPE: Final = Fault(*_INVALID, "isv.invalid-encrypt-type", "无效加密类型")
INVALID_CONTENT: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效: biz_content")
INVALID_REQUEST_SIZE: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效: 请求过大")
INVALID_NOTIFY_URL: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效: notify_url")
INVALID_EXPIRED_SECONDS: Final = Fault(
    *_INVALID, "isv.invalid-parameter", "参数无效: expired_seconds"
)
REQUEST_EXPIRED: Final = Fault(*_INVALID, "isv.invalid-timestamp", "请求已过期: expired_seconds")
WRONG_VERB: Final = Fault(*_INVALID, "isv.method-not-allowed", "该接口不支持此HTTP方法")
UNDECIPHERABLE: Final = Fault(*_CONDITIONS, "isv.decryption-error-unknown", "解密出错, 未知错误")
APP_DISABLED: Final = Fault(
    *_PERMISSIONS, "isv.insufficient-isv-permissions", "ISV权限不足，应用或商户未生效"
)
INVALID_APP_AUTH_TOKEN: Final = Fault(*_TOKENS, "aop.invalid-app-auth-token", "无效的应用授权令牌")
MANDATE_TOO_NARROW: Final = Fault(
    *_TOKENS, "aop.invalid-app-auth-token-no-api", "商户未授权当前接口"
)
APP_AUTH_TOKEN_TIMED_OUT: Final = Fault(
    *_TOKENS, "aop.app-auth-token-time-out", "应用授权令牌已过期"
)
INVALID_AUTH_TOKEN: Final = Fault(*_TOKENS, "aop.invalid-auth-token", "无效的访问令牌")
AUTH_TOKEN_TIMED_OUT: Final = Fault(*_TOKENS, "aop.auth-token-time-out", "访问令牌已过期")
CODE_INVALID: Final = Fault(*_INVALID, "isv.code-invalid", "授权码code无效")
GRANT_TYPE_INVALID: Final = Fault(*_INVALID, "isv.grant-type-invalid", "授权类型无效")
REFRESH_TOKEN_INVALID: Final = Fault(*_INVALID, "isv.refresh-token-invalid", "刷新令牌无效")
REFRESH_TOKEN_TIMED_OUT: Final = Fault(*_INVALID, "isv.refresh-token-time-out", "刷新令牌已过期")
USER_PERMISSIONS: Final = Fault(*_PERMISSIONS, "isv.insufficient-user-permissions", "用户权限不足")
MISSING_PARAMETER: Final = Fault(*_MISSING, "isv.missing-parameter", "缺少必选参数")
INVALID_PARAMETER: Final = Fault(*_INVALID, "isv.invalid-parameter", "参数无效")
APP_CERT_UNKNOWN: Final = Fault(*_INVALID, "isv.app-cert-not-exist", "应用公钥证书不存在")
INVALID_ROOT_CERT: Final = Fault(
    *_INVALID, "isv.invalid-alipay-root-cert-sn", "无效支付宝根证书序列号"
)
UNKNOWN_ERROR: Final = Fault(*_UNKNOWN, "isp.unknow-error", "系统繁忙")
SYSTEM_ERROR: Final = Fault(*_UNKNOWN, "aop.ACQ.SYSTEM_ERROR", "系统错误")
CALL_LIMITED: Final = Fault(*_LIMITED, "isv.app-call-limited", "应用调用次数超限")

_SIGNATURE_HELP: Final = (
    "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为："
)

# Their sentences say which parameter they mean; every other is the protocol's, word for word.
_FAULTS_OF_A_FIELD: Final = frozenset({"isv.missing-parameter", "isv.invalid-parameter"})
_NAMES_THE_FIELD: Final = frozenset({"INVALID_PARAMETER", "ILLEGAL_ARGUMENT"})


@dataclass(frozen=True, slots=True)
class Words:
    """How one family of methods says business failures.

    `general` maps our code to theirs, `by_method` where one method says it otherwise, and
    `by_family` decides for a failure nobody has named, first fit. Each of their codes has
    its meaning for people in `meanings`. `vague` is a code that says so little that ours
    is added; `prefix` stands before all of them. `faults` are failures that the gateway
    itself would name, whatever their family. `reasons` has, for our code and its `reason`
    ("code/reason", or the code alone), a sentence that is added to the meaning.
    """

    prefix: str
    meanings: Mapping[str, str]
    general: Mapping[str, str]
    by_family: tuple[tuple[type[SaomaError], str], ...]
    by_method: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vague: str = ""
    faults: Mapping[str, Fault] = field(default_factory=dict)
    unavailable: Fault = SYSTEM_ERROR
    reasons: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, error: SaomaError, method: str) -> str:
        """Their code for a failure, without the prefix."""
        name = self.by_method.get(method, {}).get(error.code) or self.general.get(error.code)
        if name is not None:
            return name
        return next(
            (name for family, name in self.by_family if isinstance(error, family)),
            self.by_family[0][1],
        )

    def reason_of(self, error: SaomaError) -> str:
        """Why, in words for people; empty where the meaning says enough."""
        key = f"{error.code}/{error.fields.get('reason', '')}"
        return self.reasons.get(key) or self.reasons.get(error.code, "")


def invalid_signature(canonical: str) -> GatewayFault:
    """Refuse a signature, showing the string that the gateway built."""
    return GatewayFault(Fault(*_INVALID, "isv.invalid-signature", _SIGNATURE_HELP + canonical))


def translate(error: SaomaError, method: str, words: Words) -> Fault:
    """Say a business failure in the protocol's words, as this method says it.

    The message names the field that is wrong, or our own code where the protocol's
    says little.
    """
    if isinstance(error, Unavailable):
        return words.unavailable
    if isinstance(error, RateLimited):
        return CALL_LIMITED
    whole = words.faults.get(error.code)
    if whole is not None:
        names_field = error.field and whole.sub_code in _FAULTS_OF_A_FIELD
        return replace(whole, sub_msg=_of_field(whole.sub_msg, error)) if names_field else whole
    name = words.name_of(error, method)
    meaning = words.meanings[name]
    if name in _NAMES_THE_FIELD and error.field:
        meaning = _of_field(meaning, error)
    elif name == words.vague:
        meaning = f"{meaning}: {error.code}"
    reason = words.reason_of(error)
    if reason:
        meaning = f"{meaning}: {reason}"
    return Fault(*_BUSINESS, words.prefix + name, meaning)


def _of_field(meaning: str, error: SaomaError) -> str:
    """A meaning with the field that is wrong, and in words why, where its reader said so."""
    reason = error.fields.get("reason")
    why = f", {reason}" if isinstance(reason, str) and reason != meaning else ""
    return f"{meaning}{why}: {error.field}"
