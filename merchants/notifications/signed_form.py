"""The form in which an attempt tells a merchant of an event."""

from urllib.parse import urlencode

from merchants.notifications import webhook_payload
from merchants.notifications.models import Notification
from merchants.onboarding.values import GatewaySigner, SignType
from merchants.protocol import rules, signing
from merchants.protocol.values import UTF_8


def signed_form(notification: Notification, signer: GatewaySigner, notify_time: str) -> bytes:
    """The form of one attempt: time and signature are its own, the rest is the event's.

    The same notification, key and time give the same bytes.
    """
    encoding = (rules.charset(notification.charset) or UTF_8).encoding
    timed = {} if "msg_method" in notification.params else {"notify_time": notify_time}
    params = webhook_payload.encodable({**notification.params, **timed}, encoding)
    text = rules.notification_canonical(params).encode(encoding)
    kind = SignType(notification.sign_type)
    signed = {**params, "sign_type": kind.value, "sign": signing.sign(signer.key, text, kind)}
    return urlencode(signed, encoding=encoding).encode("ascii")
