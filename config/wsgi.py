"""Django behind a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from config.http.absolute_form import AbsoluteFormFix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

application = AbsoluteFormFix(get_wsgi_application())
