"""Drives python-alipay-sdk, unmodified: reads steps on stdin, prints what the SDK gave."""

import json
import sys

from alipay import AliPay, DCAliPay, ISVAliPay

facts = json.load(sys.stdin)
certificates = facts.get("certificates")
common = {
    "appid": facts["app_id"],
    "app_notify_url": None,
    "app_private_key_string": facts["private_pkcs1"],
    "sign_type": facts.get("sign_type", "RSA2"),
}
if certificates:
    client = DCAliPay(
        app_public_key_cert_string=certificates["app"],
        alipay_public_key_cert_string=certificates["gateway"],
        alipay_root_cert_string=certificates["roots"],
        **common,
    )
elif facts.get("app_auth_code"):
    client = ISVAliPay(
        alipay_public_key_string=facts["gateway_public_key"],
        app_auth_code=facts["app_auth_code"],
        **common,
    )
else:
    client = AliPay(alipay_public_key_string=facts["gateway_public_key"], **common)
client._gateway = f"http://{facts['host']}:{facts['port']}/gateway.do"

for step in facts["steps"]:
    if step.get("notification"):
        params = dict(step["notification"])
        believed = client.verify(params, params.pop("sign"))
        print(json.dumps({"believed": believed}), flush=True)
        continue
    named = "api_" + step["method"].replace(".", "_")
    arguments = dict(step["content"])
    if step.get("notify_url"):
        arguments["notify_url"] = step["notify_url"]
    if step.get("return_url"):
        arguments["return_url"] = step["return_url"]
    try:
        if hasattr(client, named) and not step.get("generic"):
            answer = getattr(client, named)(**arguments)
        elif step.get("page"):
            answer = client.client_api(
                step["method"], step["content"], return_url=step.get("return_url")
            )
        else:
            answer = client.server_api(step["method"], step["content"])
    except Exception as error:
        answer = {"refused_by_sdk": type(error).__name__, "detail": str(error)}
    if step.get("page") and isinstance(answer, str):
        answer = {"address": f"{client._gateway}?{answer}"}
    if step.get("app"):
        answer = {"order": answer}
    print(json.dumps(answer), flush=True)
