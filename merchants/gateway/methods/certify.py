"""Whether somebody is who they say: user.certify.open.initialize, certify and query."""

from dataclasses import dataclass, replace
from typing import Any, Final

from merchants.consents.usecases.certify_identity import (
    CertificationOver,
    certification,
    is_open,
    open_certification,
)
from merchants.consents.values import CertificationState, IdentityClaim
from merchants.gateway.methods.agreement_codes import AGREEMENTS
from merchants.gateway.schema import Answer, Call, Form, Method, Redirect, address, part, text
from merchants.protocol.pages import CERTIFICATION_PATH, CERTIFY

KINDS: Final = frozenset({"FACE", "CERT_PHOTO", "CERT_PHOTO_FACE", "SMART_FACE"})
_LONGEST_PICTURE: Final = 2_000_000
_UNFINISHED: Final = "认证未完成"
_REFUSED: Final = "认证信息与本人不一致"
CERTIFICATIONS: Final = replace(
    AGREEMENTS,
    meanings={
        "CERTIFY_ID_EXPIRED": "认证已结束或已过期",
        "CERTIFY_ID_NOT_EXIST": "认证ID不存在",
        "INVALID_PARAMETER": "参数无效",
        "PERMISSION_DENIED": "商户无权限",
        "REQUEST_CONTEXT_INCONSISTENT": "商户请求号已被使用，请求信息不一致",
        "SYSTEM_LIMITED": "操作受限",
        "USER_AGREEMENT_NOT_EXIST": "认证ID不存在",
    },
    general={
        "certification_conflict": "REQUEST_CONTEXT_INCONSISTENT",
        "certification_not_found": "CERTIFY_ID_NOT_EXIST",
        "certification_over": "CERTIFY_ID_EXPIRED",
    },
    by_method={},
)


@dataclass(kw_only=True, slots=True)
class IdentityForm(Form):
    """`identity_param`: who the person is said to be."""

    identity_type: str = text(required=True, one_of=frozenset({"CERT_INFO"}))
    cert_type: str = text(required=True, one_of=frozenset({"IDENTITY_CARD"}))
    cert_name: str = text(required=True, longest=128)
    cert_no: str = text(required=True, pattern=r"[0-9]{17}[0-9Xx]")
    phone_no: str = text(longest=20)


@dataclass(kw_only=True, slots=True)
class CertifyConfigForm(Form):
    """`merchant_config`: where the page leads back to, a website or the app that opened it."""

    return_url: str = address(longest=512, apps=True)
    face_reserve_strategy: str = text(longest=16)


@dataclass(kw_only=True, slots=True)
class InitializeForm(Form):
    """alipay.user.certify.open.initialize; a picture is neither read nor kept."""

    outer_order_no: str = text(required=True, pattern=r"[A-Za-z0-9_-]{1,64}")
    biz_code: str = text(required=True, one_of=KINDS)
    identity_param: IdentityForm = part(IdentityForm, required=True)
    merchant_config: CertifyConfigForm | None = part(CertifyConfigForm)
    face_contrast_picture: str = text(longest=_LONGEST_PICTURE)


@dataclass(kw_only=True, slots=True)
class CertifyForm(Form):
    """What names a certification."""

    certify_id: str = text(required=True, longest=36, echoed=True)


@dataclass(kw_only=True, slots=True)
class InitializeAnswer(Answer):
    """The certification that its page opens."""

    certify_id: str


@dataclass(kw_only=True, slots=True)
class CertifyAnswer(Answer):
    """T where the person was there and is who the app said, else F."""

    fail_reason: str | None
    passed: str


def initialize(call: Call, form: InitializeForm) -> InitializeAnswer:
    """Write the question down; the merchant's number is the key."""
    identity, config = form.identity_param, form.merchant_config
    row = open_certification(
        app_number=call.app.app_number,
        reference=form.outer_order_no,
        kind=form.biz_code,
        claim=IdentityClaim(identity.cert_name, identity.cert_no),
        return_url=config.return_url if config else "",
    )
    return InitializeAnswer(certify_id=row.certify_id)


def certify(call: Call, form: CertifyForm) -> Redirect:
    """Send the person to the page where they show that it is them."""
    row = certification(form.certify_id, app_number=call.app.app_number)
    if not is_open(row):
        raise CertificationOver()
    return Redirect(CERTIFICATION_PATH + row.certify_id)


def certify_query(call: Call, form: CertifyForm) -> CertifyAnswer:
    """Tell the answer; before there is one it is F."""
    row = certification(form.certify_id, app_number=call.app.app_number)
    state = CertificationState(row.state)
    if state is CertificationState.PASSED:
        return CertifyAnswer(passed="T", fail_reason=None)
    failed = state is CertificationState.FAILED
    return CertifyAnswer(passed="F", fail_reason=_REFUSED if failed else _UNFINISHED)


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.user.certify.open.initialize", InitializeForm, initialize, CERTIFICATIONS, None),
    Method(CERTIFY, CertifyForm, certify, CERTIFICATIONS, None, page=True),
    Method(
        "alipay.user.certify.open.query",
        CertifyForm,
        certify_query,
        CERTIFICATIONS,
        None,
        rest_verb="GET",
    ),
)
