"""A session for the reference client that hands requests to this process, not to the network."""

from typing import Any
from urllib.parse import urlencode

import requests
from django.test import Client as HttpClient


class InProcess(requests.Session):
    """The bytes are those that the network would carry."""

    def post(self, url: Any, data: Any = None, json: Any = None, **_: Any) -> Any:
        """Answer a form to the gateway."""
        body = urlencode({name: value.decode() for name, value in data.items()})
        return HttpClient().post(
            "/gateway.do",
            body,
            content_type="application/x-www-form-urlencoded;charset=utf-8",
            headers={"host": "localhost"},
        )
