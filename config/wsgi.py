"""Django behind a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from config.http.absolute_form import AbsoluteFormFix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

_django = get_wsgi_application()

# Imported here because these modules need Django to be set up.
from healthcode.verification.direct import DirectVerify  # noqa: E402
from merchants.gateway.direct import DirectGateway  # noqa: E402

application = AbsoluteFormFix(DirectGateway(DirectVerify(_django)))
