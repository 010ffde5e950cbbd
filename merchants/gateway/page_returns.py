"""Where the pages of agreements and certifications lead back to, with the result signed in it.

A page is shown again and again, and each time tells when: `at` is that moment.
"""

from typing import Final

from merchants.consents.models import Certification
from merchants.consents.values import CertificationState
from merchants.gateway.return_address import signed_return
from merchants.gateway.usecases.record_agreement import agreement_facts
from wallet.public import AgreementView

SIGN: Final = "alipay.user.agreement.page.sign"
CERTIFY: Final = "alipay.user.certify.open.certify"


def agreement_return(agreement: AgreementView, *, at: str) -> str:
    """The merchant's address with the signed agreement; empty where it gave none."""
    facts = agreement_facts(agreement) | {"status": "NORMAL", "timestamp": at}
    return signed_return(agreement.details, facts, method=SIGN)


def certification_return(row: Certification, *, at: str) -> str:
    """The app's address with the signed answer; empty where it gave none."""
    kept = {"return_url": row.return_url, "app_id": row.app.app_id}
    result = {
        "certify_id": row.certify_id,
        "passed": "T" if row.state == CertificationState.PASSED else "F",
        "timestamp": at,
    }
    return signed_return(kept, result, method=CERTIFY)
