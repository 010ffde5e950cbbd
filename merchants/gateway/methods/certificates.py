"""Certificate mode: clients that meet a certificate of ours for the first time fetch it."""

import base64
from dataclasses import dataclass
from typing import Any, Final

from merchants.certificates import queries
from merchants.gateway.methods.oauth_codes import OAUTH
from merchants.gateway.schema import Answer, Call, Form, Method, text


@dataclass(kw_only=True, slots=True)
class DownloadForm(Form):
    """alipay.open.app.alipaycert.download: which certificate."""

    alipay_cert_sn: str = text(required=True, longest=32, pattern="[0-9a-f]{32}")


@dataclass(kw_only=True, slots=True)
class DownloadAnswer(Answer):
    """The certificate: Base64 of its PEM text."""

    alipay_cert_content: str


def download(call: Call, form: DownloadForm) -> DownloadAnswer:
    """Give one of the gateway's certificates, present or past."""
    certificate = queries.gateway_certificate_by_sn(form.alipay_cert_sn)
    return DownloadAnswer(alipay_cert_content=base64.b64encode(certificate.pem.encode()).decode())


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.open.app.alipaycert.download", DownloadForm, download, OAUTH, None),
)
