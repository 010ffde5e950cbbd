#!/bin/sh
# Run once by Patroni on the first leader: the owner of the tables, the database, and the role
# by which the processes come. $1 is the leader's address.
set -e
psql "$1" --quiet -v ON_ERROR_STOP=1 -v password="$OWNER_PASSWORD" <<'SQL'
CREATE ROLE saoma LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE saoma OWNER saoma;
SQL
PGOPTIONS="-c role=saoma" psql "$1 dbname=saoma" --quiet -v ON_ERROR_STOP=1 \
    -v password="$WEB_PASSWORD" -f /etc/saoma/web_role.sql
