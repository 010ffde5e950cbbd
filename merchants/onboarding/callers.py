"""Who is calling: the wallet user behind a session."""

import uuid

from rest_framework.request import Request


def caller_id(request: Request) -> uuid.UUID:
    """Id of the wallet user whose session this is; views ask for a session before."""
    return uuid.UUID(str(request.user.pk))


def actor(request: Request) -> str:
    """The caller's name in the audit trail."""
    return f"user:{caller_id(request)}"
