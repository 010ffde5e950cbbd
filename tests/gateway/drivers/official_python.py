"""Drives alipay-sdk-python, unmodified: reads steps on stdin, prints what the SDK gave.

The SDK dials port 80 whatever the address says, so the network is patched beneath
it: a connection to port 80 goes to the port under test.
"""

import importlib
import json
import re
import socket
import sys

from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.util.SignatureUtils import verify_with_rsa
from rsa.pkcs1 import VerificationError

facts = json.load(sys.stdin)
real_connect = socket.socket.connect


def connect(self, address):
    if isinstance(address, tuple) and address[1] == 80:
        address = (facts["host"], facts["port"])
    return real_connect(self, address)


socket.socket.connect = connect


def one_line(pem):
    return re.sub(r"-----.*?-----|\s", "", pem)


config = AlipayClientConfig()
config.server_url = f"http://{facts['host']}/gateway.do"
config.app_id = facts["app_id"]
config.app_private_key = one_line(facts["private_pkcs1"])
config.alipay_public_key = one_line(facts["gateway_public_key"])
config.charset = facts.get("charset", "utf-8")
config.sign_type = facts.get("sign_type", "RSA2")
client = DefaultAlipayClient(alipay_client_config=config)


def believes(params):
    signed = {key: value for key, value in params.items() if key not in ("sign", "sign_type")}
    text = "&".join(f"{key}={signed[key]}" for key in sorted(signed))
    try:
        key, content = config.alipay_public_key, text.encode(config.charset)
        return verify_with_rsa(key, content, params["sign"])
    except VerificationError:
        return False


for step in facts["steps"]:
    if step.get("notification"):
        print(json.dumps({"believed": believes(step["notification"])}), flush=True)
        continue
    name = "".join(part.capitalize() for part in step["method"].split("."))
    module = importlib.import_module(f"alipay.aop.api.request.{name}Request")
    request = getattr(module, f"{name}Request")()
    if step["content"] or not step.get("beside"):
        request.biz_content = step["content"]
    for field, value in step.get("beside", {}).items():
        if hasattr(type(request), field):
            setattr(request, field, value)
        else:
            request.add_other_text_param(field, value)
    if step.get("app_auth_token"):
        request.add_other_text_param("app_auth_token", step["app_auth_token"])
    if step.get("notify_url"):
        request.notify_url = step["notify_url"]
    if step.get("return_url"):
        request.return_url = step["return_url"]
    try:
        if step.get("page"):
            answer = {"address": client.page_execute(request, http_method="GET")}
        elif step.get("app"):
            answer = {"order": client.sdk_execute(request)}
        else:
            answer = json.loads(client.execute(request))
    except Exception as error:
        answer = {"refused_by_sdk": type(error).__name__, "detail": str(error)}
    print(json.dumps(answer), flush=True)
