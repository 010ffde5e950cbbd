"""Announce shutdown: a file tells all processes of a web server that it is about to stop."""

import os
import tempfile
from pathlib import Path

_VARIABLE = "SAOMA_LEAVING_FILE"


def name_file() -> Path:
    """Where this web will say it, in a folder of its own that no other user may write.

    The processes that it starts hear of the place by their environment.
    """
    path = Path(tempfile.mkdtemp(prefix="saoma-web-")) / "leaving"
    os.environ[_VARIABLE] = str(path)
    return path


def is_leaving() -> bool:
    """Whether this web was asked to end."""
    path = os.environ.get(_VARIABLE)
    return path is not None and Path(path).exists()
