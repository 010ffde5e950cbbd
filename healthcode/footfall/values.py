"""Words of the footfall slice. Pure."""

from enum import StrEnum


class DatasetState(StrEnum):
    """An hour is OPEN while it is counted, SEALED once its noise is drawn, then PUBLISHED."""

    OPEN = "OPEN"
    SEALED = "SEALED"
    PUBLISHED = "PUBLISHED"
