#!/bin/sh
# Write what pgbouncer reads, from LEADER (hosts before the leader) and WEB_PASSWORD, and run it.
set -e
umask 077
folder=${FOLDER:-/run/pgbouncer}
printf '"saoma_web" "%s"\n' "$(printf %s "$WEB_PASSWORD" | sed 's/"/""/g')" > "$folder/users.txt"
cat > "$folder/pgbouncer.ini" <<INI
[databases]
saoma = host=$LEADER port=${LEADER_PORT:-5432} dbname=saoma
[pgbouncer]
listen_addr = *
listen_port = ${LISTEN_PORT:-6432}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $folder/users.txt
pool_mode = session
max_client_conn = 400
default_pool_size = 90
server_login_retry = 1
server_connect_timeout = 2
ignore_startup_parameters = extra_float_digits,options
INI
exec pgbouncer "$folder/pgbouncer.ini"
