#!/bin/sh
# Everything that can be checked without running the product. Ends non-zero at the first fault.
set -eu
: "${BIN:=.venv/bin}"
export DJANGO_SETTINGS_MODULE=config.settings.test
say() { printf '%s\n' "-- $1"; }

say "ruff";                $BIN/ruff check . && $BIN/ruff format --check .
say "mypy --strict";       $BIN/mypy config wallet merchants healthcode lab tests manage.py
say "JavaScript";         sh tests/javascript/check.sh
say "import contracts";    $BIN/lint-imports
say "missing migrations";  $BIN/python manage.py makemigrations --check --dry-run
say "deploy checks"
DJANGO_SETTINGS_MODULE=config.settings.base SAOMA_BEHIND_TLS=1 SAOMA_TRUSTED_PROXIES=127.0.0.1 SAOMA_LAB_MODE=0 \
    SAOMA_MASTER_KEY=checked-and-never-used REDIS_URL=redis://127.0.0.1:6379/0 SAOMA_BANK=simulated \
    SAOMA_PAYOUT_BANK=simulated SAOMA_CARD_BANK=simulated SAOMA_IDENTITY_CHECK=simulated \
    SAOMA_SMS=simulated SAOMA_CUSTOMS=simulated SAOMA_ALERTS=simulated \
    DJANGO_ALLOWED_HOSTS=pay.example DJANGO_SECRET_KEY="$($BIN/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    $BIN/python manage.py check --deploy --fail-level WARNING
say "OpenAPI";             $BIN/python manage.py spectacular --validate --fail-on-warn --file /dev/null
say "compose file";        $BIN/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yml
say "Dockerfile";          $BIN/hadolint docker/Dockerfile
if [ -z "${SAOMA_NUMBERS:-}" ]; then  # set where the suite has measured them already
    say "numbers";         $BIN/pytest -q tests/contracts
fi
echo "all checks passed"
