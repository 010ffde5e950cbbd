"""An agreement in the protocol's words."""

from typing import Final

from merchants.protocol.formats import beijing, masked
from merchants.protocol.persons import person_fields
from wallet import public as wallet

FOR_EVER: Final = "2115-02-01 00:00:00"


def detail(agreement: wallet.AgreementView, name: str) -> str:
    """One of the extras kept with an agreement, as text; "" if it has none."""
    value = agreement.details.get(name)
    return value if isinstance(value, str) else ""


def agreement_facts(agreement: wallet.AgreementView) -> dict[str, str]:
    """What notifications and return addresses tell of a signed agreement; empty ones too."""
    ends_at, signed_at = agreement.terms.valid_until, agreement.signed_at
    signed = "" if signed_at is None else beijing(signed_at)
    return {
        "agreement_no": agreement.number,
        "external_agreement_no": agreement.external_no,
        **person_fields(
            detail(agreement, "app_id"),
            agreement.payer_id,
            agreement.payer_number,
            user_id="alipay_user_id",
            open_id="alipay_open_id",
        ),
        "alipay_logon_id": masked(agreement.payer_phone) or "",
        "personal_product_code": agreement.product,
        "sign_scene": agreement.scene,
        "sign_time": signed,
        "valid_time": signed,
        "invalid_time": FOR_EVER if ends_at is None else beijing(ends_at),
        "external_logon_id": detail(agreement, "external_logon_id"),
    }
