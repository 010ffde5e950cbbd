"""What stands before the webs: nginx as on one machine, HAProxy where nothing is single."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.chaos.system import tool

Front = Callable[[Path, int, Sequence[int]], list[str]]
# How long a web that leaves goes on serving, so that HAProxy has heard of it by then.
DRAIN_S = 3.0
_NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn; {user}
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream web {{ {servers} }}
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://web; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_set_header Host $http_host;
    proxy_connect_timeout 1s; proxy_read_timeout 20s; proxy_next_upstream error; }} }} }}
"""
_HAPROXY = """global
  maxconn 600
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 20s
  timeout check 2s
frontend door
  bind 127.0.0.1:{port}
  option http-buffer-request
  # Where none says that it is ready, one may serve all the same.
  use_backend whoever if {{ nbsrv(web) eq 0 }}
  default_backend web
backend web
  balance roundrobin
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host 127.0.0.1
  http-check expect status 200
  # A payment goes to another web only where the first took no connection.
  retries 3
  retry-on conn-failure
  option redispatch 1
  option http-server-close
  default-server inter 300ms fall 3 rise 1
{servers}
backend whoever
  retries 3
  retry-on conn-failure
  option redispatch 1
  option http-server-close
{unasked}
"""


def nginx(folder: Path, port: int, webs: Sequence[int]) -> list[str]:
    """The command of an nginx that takes another web where one refuses a connection."""
    servers = " ".join(f"server 127.0.0.1:{web} max_fails=0;" for web in webs)
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    text = _NGINX.format(folder=folder, port=port, servers=servers, user=user)
    config.write_text(text, encoding="utf-8")
    return [tool("nginx", "nginx"), "-c", str(config)]


def haproxy(folder: Path, port: int, webs: Sequence[int]) -> list[str]:
    """The command of an HAProxy that asks each web whether it is ready."""
    unasked = "\n".join(f"  server web{web} 127.0.0.1:{web}" for web in webs)
    servers = unasked.replace("\n", " check\n") + " check"
    config = folder / "front.cfg"
    text = _HAPROXY.format(port=port, servers=servers, unasked=unasked)
    config.write_text(text, encoding="utf-8")
    return [tool("haproxy", "haproxy"), "-db", "-f", str(config)]
