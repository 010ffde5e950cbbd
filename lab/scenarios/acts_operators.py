"""Acts of operators: one asks, another decides, and what one alone may do."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from healthcode import public as health
from lab import demo_keys
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.stage import Stage
from lab.seed import ensure_operators
from merchants.onboarding.usecases.apply_for_merchant import Application, apply_for_merchant
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from merchants.onboarding.usecases.register_app import register_app
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.usecases.upload_key import upload_key
from merchants.terms.usecases.hold_payouts import hold_payouts
from wallet import public as wallet


def operators(stage: Stage) -> Facts:
    """The operators come to work: one login a role, and two who ask and decide."""
    ensure_operators()
    return {}


def ask(
    stage: Stage, *, action: str, parameters: Mapping[str, Any], maker: str, reason: str, keep: str
) -> Facts:
    """An operator asks for something that needs a second one."""
    request = request_approval(
        action=action,
        parameters=_filled(stage, parameters),
        reason=reason,
        maker=User.objects.get(username=maker),
    )
    stage.kept[keep] = request.id
    return {"status": request.status}


def approve(stage: Stage, *, request: str, checker: str) -> Facts:
    """An operator says yes."""
    approve_request(request_id=stage.kept[request], checker=User.objects.get(username=checker))
    return {"status": ApprovalRequest.objects.get(id=stage.kept[request]).status}


def audit_trail(stage: Stage, *, action: str) -> Facts:
    """How many rows of the audit trail are of an action, and requests that wait for a vote."""
    return {
        "rows": AuditEvent.objects.filter(action=action).count(),
        "requests": ApprovalRequest.objects.count(),
    }


def freeze_account(stage: Stage, *, person: str, operator: str, reason: str) -> Facts:
    """One operator stops money from leaving a wallet at once."""
    user = wallet.freeze_user(
        user_id=stage.person(person).id, actor=f"operator:{operator}", reason=reason
    )
    return {"state": user.state}


def open_shop(stage: Stage, *, shop: str, owner: str, name: str) -> Facts:
    """An owner applies for a merchant, makes an app and uploads a key of their own."""
    merchant = apply_for_merchant(
        owner_id=stage.person(owner).id,
        application=Application(
            name=name,
            short_name=shop.upper(),
            mcc="5812",
            city="HANGZHOU",
            zone="Asia/Shanghai",
            cutoff_hour=0,
            payout_bank="Sandbox Bank",
            payout_account="6222020200000000000",
            payout_holder=name,
        ),
    )
    app = register_app(merchant_id=merchant.id, name="till", notify_url="")
    pair = generate_key_pair()
    upload_key(app_number=app.app_number, public_key=pair.public_base64)
    demo_keys.store(
        shop,
        merchant_number=merchant.merchant_number,
        app_number=app.app_number,
        pem=pair.private_pkcs1_pem,
    )
    stage.kept[shop] = str(merchant.id)
    return {"state": merchant.state}


def stop_payouts(stage: Stage, *, shop: str, operator: str, reason: str) -> Facts:
    """One operator stops a merchant's payouts; what is settled stays payable."""
    merchant = stage.merchant(shop)
    hold_payouts(merchant_id=merchant.id, reason=reason, actor=f"operator:{operator}")
    return {}


def new_key(stage: Stage, *, shop: str) -> Facts:
    """A shop rotates its key; the old one goes on for a while."""
    key = demo_keys.load(shop)
    pair = generate_key_pair()
    rotate_key(app_number=key.app_number, public_key=pair.public_base64)
    demo_keys.store(
        shop,
        merchant_number=key.merchant_number,
        app_number=key.app_number,
        pem=pair.private_pkcs1_pem,
    )
    return {}


def _filled(stage: Stage, value: Any) -> Any:
    """Parameters with `$kept` and `$subject.li` replaced by what they stand for."""
    if isinstance(value, Mapping):
        return {name: _filled(stage, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(stage, part) for part in value]
    if isinstance(value, str) and value.startswith("$subject."):
        person = stage.person(value.removeprefix("$subject."))
        return str(health.subject_id_of(person.id))
    if isinstance(value, str) and value.startswith("$user."):
        return str(stage.person(value.removeprefix("$user.")).id)
    if isinstance(value, str) and value.startswith("$"):
        return str(stage.kept[value[1:]])
    return value


ACTS = acts_of(
    operators, ask, approve, audit_trail, freeze_account, open_shop, stop_payouts, new_key
)
