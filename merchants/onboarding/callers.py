"""Who is calling: the wallet user behind a session, and for which merchant."""

import uuid

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

# The merchant's number in an address, as the API's document tells of it.
MERCHANT = OpenApiParameter(
    "merchant_number", {"type": "string", "pattern": "^[0-9]{16}$"}, OpenApiParameter.PATH
)


def caller_id(request: Request) -> uuid.UUID:
    """Id of the wallet user whose session this is; views ask for a session before."""
    return uuid.UUID(str(request.user.pk))


def actor(request: Request) -> str:
    """The caller's name in the audit trail."""
    return f"user:{caller_id(request)}"
