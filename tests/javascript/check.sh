#!/bin/sh
# Types and faults of the product's JavaScript, where npm is found; ends non-zero at the first fault.
set -eu
cd "$(dirname "$0")"
command -v npm >/dev/null || { echo "no npm here: JavaScript is not checked"; exit 0; }
[ node_modules/.package-lock.json -nt package-lock.json ] \
    || { npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json; }
# Vendored modules are read for the types of what uses them; their own faults are not ours.
found=$(node_modules/.bin/tsc -p jsconfig.json --pretty false | grep -E '^[^ ]+\([0-9]' | grep -v /vendor/ || true)
[ -z "$found" ] || { echo "$found"; exit 1; }
cd ../.. && tests/javascript/node_modules/.bin/eslint -c tests/javascript/eslint.config.js config healthcode lab merchants tests
