"""A world of a class as an application: the whole product in one process, behind its door."""

from pathlib import Path
from urllib.parse import urlsplit

from config.asgi import application as inside

# isort: split
from django.conf import settings

from lab import pump
from lab.classroom import register
from lab.classroom.door import Door, welcome_of
from lab.classroom.settle_in import settle_in
from lab.classroom.warm_up import warm_up

_FOLDER = Path(settings.DATA_DIR)
_KEY, _SCENARIO, _SEED = (_FOLDER / register.KEY_FILE).read_text(encoding="utf-8").split("\n")[:3]

settle_in(fault_seed=int(_SEED) if _SEED else None)
warm_up()
pump.start()
application = Door(
    inside,
    _KEY,
    urlsplit(settings.PUBLIC_URL).port or 80,
    "/class/" if register.load() else welcome_of(_SCENARIO),
)
