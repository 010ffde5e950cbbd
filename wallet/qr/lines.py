"""Lines of the codes that are lists of lines."""

import re

LINE_END = re.compile(r"\r\n|\n|\r")


def split_lines(payload: str) -> list[str]:
    """Split at LF, CRLF or a lone CR, all of which printers of bills use."""
    return LINE_END.split(payload)
