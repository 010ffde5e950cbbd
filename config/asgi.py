"""One port for everything: event streams here, the rest through Django's WSGI application.

An open stream costs a coroutine; a Django view costs a thread. So `/events/` is served
natively and never reaches Django, whose threads stay free for payments.
"""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware

# First: it sets Django up, and the stream reads Django's models.
from config.wsgi import application as django

# isort: split
from config.http.stream import EventStream
from config.http.switchboard import Switchboard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

application = Switchboard(
    streams=EventStream(),
    rest=WSGIMiddleware(cast(Any, django), workers=int(os.environ.get("THREADS", "8"))),
)
