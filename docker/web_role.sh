#!/bin/sh
# Run once by the database's container, on its first start.
exec psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --quiet \
    -v ON_ERROR_STOP=1 -v password="$WEB_PASSWORD" -f /etc/saoma/web_role.sql
