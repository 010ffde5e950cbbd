"""Write down a "From" message: an event for the app's own address rather than a trade's."""

import json
import uuid
from collections.abc import Mapping

from config.kernel import clock
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_notification import Addressee, write_notification


def write_message(
    *,
    event_id: uuid.UUID,
    topic: str,
    addressee: Addressee,
    msg_method: str,
    content: Mapping[str, object],
) -> Notification:
    """Keep one message of the app's message service, due now, in the caller's transaction.

    It is signed, sent, repeated and logged as every notification is; it differs in what it
    says: `msg_method` names what happened and `biz_content` is one JSON object.

    Args:
        event_id: the outbox event; the same again gives the same message.
        topic: what happened, in our words.
        addressee: whom; its `url` is the app's own address, empty where it has none.
        msg_method: what happened, in the protocol's words.
        content: the message, its values text.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    sent_at = str(int(clock.now().timestamp() * 1000))

    def parameters(notify_id: str) -> Mapping[str, str]:
        return {
            "notify_id": notify_id,
            "utc_timestamp": sent_at,
            "msg_method": msg_method,
            "app_id": addressee.app_number,
            "version": "1.1",
            "charset": addressee.charset,
            "biz_content": text,
        }

    return write_notification(
        event_id=event_id, topic=topic, addressee=addressee, parameters=parameters
    )
