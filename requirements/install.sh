#!/bin/sh
# install.sh PYTHON VENV REQUIREMENTS: make the environment; uv where it is there, else pip.
set -eu
python=$1 venv=$2 requirements=$3
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    uv pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$requirements"
else
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    # Twice quiet: errors alone; pip's warnings are about the reader's own configuration.
    "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check \
        --no-deps --require-hashes -r "$requirements"
fi
