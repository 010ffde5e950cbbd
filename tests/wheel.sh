#!/usr/bin/env bash
# The wheel in a clean environment, away from the checkout: a world for a test run and its warm
# start, both example suites with a reset before each test, notifications heard and forwarded, and
# the grader before three merchants. SAOMA_WHEEL_DEMO=1 lets the demo sell once as well.
set -euo pipefail
unset PYTHONDONTWRITEBYTECODE DATABASE_URL REDIS_URL CELERY_BROKER_URL PYTHONPATH DJANGO_SETTINGS_MODULE
cd "$(dirname "$0")/.."
checkout=$PWD
work=$(mktemp -d)
started=()
end() {
    for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; done
    wait "${started[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
say() { printf -- '-- %s (%ss)\n' "$1" "$SECONDS"; }
fail() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }
until_is() { for _ in $(seq 1200); do [ -s "$1" ] && return; sleep 0.1; done; fail "$1 did not come"; }

say "build the wheel and install it"
mkdir "$work/source"
git archive HEAD | tar -x -C "$work/source"
install() {
    sh requirements/install.sh "${PYTHON:-python3}" "$work/env" requirements/base.txt
    if command -v uv >/dev/null 2>&1; then
        uv build --quiet --wheel --out-dir "$work" "$work/source"
        uv pip install --quiet --python "$work/env/bin/python" --no-deps "$work"/*.whl
        uv pip install --quiet --python "$work/env/bin/python" pytest python-alipay-sdk
    else
        "$work/env/bin/python" -m pip wheel --quiet --no-deps -w "$work" "$work/source"
        "$work/env/bin/python" -m pip install --quiet --no-deps "$work"/*.whl
        "$work/env/bin/python" -m pip install --quiet pytest python-alipay-sdk
    fi
}
install >"$work/install.log" 2>&1 || { cat "$work/install.log"; fail "the installation"; }
export SAOMA_DATA_DIR=$work/data PATH=$work/env/bin:$PATH
cp -r lab/examples "$work/examples"
cd "$work"
python -c 'import lab, sys; sys.exit(0 if "/env/" in lab.__file__ else 1)' || fail "the checkout is used"

up() { saoma up --ephemeral --port 0 --ready-file "$1" >/dev/null 2>"$work/up.log" & started+=($!); until_is "$1"; }
say "saoma up, the first time: a template is made"
up first.json
kill "${started[0]}"; wait "${started[0]}" 2>/dev/null || true
say "saoma up, warm"
before=$(date +%s%N); up ready.json; after=$(date +%s%N)
printf 'warm start: %s ms\n' $(( (after - before) / 1000000 ))

say "the example suites"
(cd examples/pytest_shop && pytest -q -s -p no:cacheprovider) | tee pytest.log
grep -q "20 passed" pytest.log || fail "pytest_shop: 20 tests"
if command -v node >/dev/null; then
    (cd examples/node_shop && SAOMA_READY_FILE=$work/ready.json node --test --test-reporter=spec) >node.log || { cat node.log; fail "node_shop"; }
    grep -E "pass 20|resets" node.log
fi

say "saoma listen and trigger"
saoma shop --world ready.json --port 0 >good.url & started+=($!); until_is good.url
saoma listen --world ready.json --forward-to "$(cat good.url)/notify" --count 1 >listen.log & listener=$!
started+=($listener); until_is listen.log
curl -s -o /dev/null -d order=A1 -d amount=12.00 "$(cat good.url)/orders"
saoma trigger payment.paid --order A1 --world ready.json >/dev/null
wait "$listener"
grep -q "signature fits -> 200 success" listen.log || { cat listen.log; fail "listen"; }
tail -1 listen.log

say "saoma check: the reference holds"
saoma check --world ready.json "$(cat good.url)" --junit good.xml | tail -1
say "saoma check: a shop on an SDK of somebody else's holds"
python "$checkout/lab/examples/sdk_shop/shop.py" ready.json 8599 & started+=($!)
for _ in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:8599/orders/NONE && break; sleep 0.1; done
saoma check --world ready.json http://127.0.0.1:8599 || fail "the shop on python-alipay-sdk"
say "saoma check: the buggy merchant fails, each bug by its name"
saoma shop --world ready.json --port 0 --bugs >buggy.url & started+=($!); until_is buggy.url
if saoma check --world ready.json "$(cat buggy.url)" --junit buggy.xml >buggy.log; then fail "the buggy merchant passed"; fi
cat buggy.log
python -c 'from lab.buggy_merchant import BUGS
text = open("buggy.log").read()
missed = [bug for bug in BUGS if f"FAILED  {bug}" not in text]
raise SystemExit(f"not found: {missed}" if missed else 0)'

if [ -n "${SAOMA_WHEEL_DEMO:-}" ]; then
    say "saoma demo, from the wheel"
    saoma demo --check --port 8598 | tail -2
fi
say "the wheel works"
