"""Django behind a WSGI server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.http.absolute_form import AbsoluteFormFix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

_django = get_wsgi_application()

# Imported here because these modules need Django to be set up.
from config.kernel import canary  # noqa: E402
from healthcode.verification.wsgi_fast_path import DirectVerify  # noqa: E402
from merchants.gateway.wsgi_fast_path import DirectGateway  # noqa: E402

if settings.KEY_CHECKED_AT_START:
    canary.check()
application = AbsoluteFormFix(DirectGateway(DirectVerify(_django)))

# What is loaded now stays for ever: the collector need not walk over it again and again.
# And a request makes a few hundred objects, nearly all gone when it is answered; looking
# for cycles among them at every seven hundredth one took a thirtieth of a payment's CPU.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
