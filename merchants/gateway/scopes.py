"""What a mandate (`app_auth_token`) must allow before its app may act for another merchant.

An app that acts for its own merchant needs none of this.
"""

from merchants.consents.values import Scope
from merchants.gateway import errors
from merchants.onboarding.values import AppCredentials
from merchants.protocol.values import GatewayFault


def check_scope(app: AppCredentials, scope: Scope | None) -> None:
    """Check that whoever acts for another merchant was allowed a method, or a part of a request.

    A part may need more than its method: who pays may not split. None needs nothing.

    Raises:
        GatewayFault: the mandate does not cover it.
    """
    if app.acting_for and scope is not None and scope.value not in app.acting_scopes:
        raise GatewayFault(errors.MANDATE_TOO_NARROW)
