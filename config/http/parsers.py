"""The API's JSON parser: exact numbers, no duplicate keys."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from config.kernel.strict_json import MalformedJson, read_json


class StrictJSONParser(BaseParser):
    """Parses UTF-8 JSON and refuses what would be silently corrected later.

    What that is: `config.kernel.strict_json`.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read the body.

        Raises:
            ParseError: it is no such JSON.
        """
        try:
            return read_json(stream.read())
        except MalformedJson as error:
            raise ParseError(f"The body is not valid JSON in UTF-8: {error}") from error
