"""One port for everything: event streams here, the rest through Django's WSGI application.

An open stream costs a coroutine; a Django view costs a thread. So `/events/` is served
natively and never reaches Django, whose threads stay free for payments. Nor does a thread
ever wait for a caller: bodies are complete before (`body_gate`), and answers are queued
whole, however slowly they are fetched.
"""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings

# First: it sets Django up, and the stream reads Django's models.
from config.wsgi import application as django

# isort: split
from config.http.asgi_router import AsgiRouter
from config.http.body_gate import BodyGate
from config.http.stream import EventStream

application = AsgiRouter(
    streams=EventStream(),
    rest=BodyGate(
        WSGIMiddleware(
            cast(Any, django), workers=int(os.environ.get("THREADS", "8")), send_queue_size=0
        ),
        limit=settings.SAOMA_MAX_BODY,
        seconds=settings.SAOMA_BODY_TIMEOUT_S,
    ),
)
