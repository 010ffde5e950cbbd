"""Drives senweaver-pay, unmodified: each step names one of its functions and what it is given."""

import dataclasses
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from senweaver_pay import constants
from senweaver_pay.channels.alipay.client import Alipay

os.environ["TZ"] = "Asia/Shanghai"
time.tzset()
facts: dict[str, Any] = json.load(sys.stdin)
# The library knows two addresses and no other; its own settings are where they stand.
constants.ALIPAY_BASE_URL["NORMAL"] = f"http://{facts['host']}:{facts['port']}/gateway.do"


def plain(answer: Any) -> Any:
    """An answer of the library's as JSON can carry it."""
    return dataclasses.asdict(answer) if dataclasses.is_dataclass(answer) else vars(answer)


def run(sdk: Alipay, step: dict[str, Any]) -> dict[str, Any]:
    """One call, or one notification."""
    if "notification" in step:
        return {"believed": bool(sdk.callback(form_data=step["notification"]))}
    return {"answer": plain(getattr(sdk, step["call"])(*step["with"]))}


with tempfile.TemporaryDirectory() as folder:
    paths = {}
    for name, pem in facts["certificates"].items():
        paths[name] = str(Path(folder, f"{name}.pem"))
        Path(paths[name]).write_text(pem, encoding="utf-8")
    library = Alipay(
        {
            "app_id": facts["app_id"],
            "app_secret_cert": facts["private_pkcs1"],
            "app_public_cert_path": paths["app"],
            "alipay_public_cert_path": paths["gateway"],
            "alipay_root_cert_path": paths["roots"],
        }
    )
    for one in facts["steps"]:
        try:
            said = run(library, one)
        except Exception as error:
            said = {"refused_by_sdk": type(error).__name__, "detail": str(error)}
        print(json.dumps(said, default=str), flush=True)
