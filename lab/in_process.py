"""A session for the reference client that hands requests to this process, not to the network."""

import functools
from typing import Any
from urllib.parse import urlencode

import requests
from django.test import Client as HttpClient

# Building it reads every static file's name, which takes longer than most answers.
_door = functools.cache(HttpClient)


class InProcess(requests.Session):
    """The bytes are those that the network would carry."""

    def post(self, url: Any, data: Any = None, json: Any = None, **_: Any) -> Any:
        """Answer a form to the gateway.

        Raises:
            requests.ConnectionError: the lab dropped the answer, as it was asked to.
        """
        body = urlencode({name: value.decode() for name, value in data.items()})
        answer: Any = _door().post(
            "/gateway.do",
            body,
            content_type="application/x-www-form-urlencoded;charset=utf-8",
            headers={"host": "localhost"},
        )
        if answer.streaming:
            try:
                b"".join(answer.streaming_content)
            except ConnectionAbortedError as error:
                raise requests.ConnectionError("the answer broke off") from error
        return answer


class Severed(InProcess):
    """A line on which a request is lost before it arrives."""

    def post(self, url: Any, data: Any = None, json: Any = None, **_: Any) -> Any:
        """Lose it.

        Raises:
            requests.ConnectionError: always.
        """
        raise requests.ConnectionError("lost on the way")
