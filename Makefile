# Saoma. `make help` lists what there is; each target does its own set-up.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null; then echo $$p; break; fi; done)

.PHONY: help demo test quick test-pg guide check fix bench bench-growth bench-settlement month reconcile groups coverage browser wheel pictures classroom sdk crawl fuzz fuzz-long vendor clean random chaos ha bench-peers mutate

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/	/' | expand -t 12

$(VENV)/.base: requirements/base.txt
	@test -n "$(PYTHON)" || { echo "Saoma needs Python 3.11 or newer"; exit 1; }
	@echo "setting up $(VENV) (Python packages, pinned and hashed)"
	@sh requirements/install.sh "$(PYTHON)" "$(VENV)" requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Saoma needs Python 3.11 or newer"; exit 1; }
	@echo "setting up $(VENV) (Python packages with the tools of development)"
	@sh requirements/install.sh "$(PYTHON)" "$(VENV)" requirements/dev.txt
	@touch $@ $(VENV)/.base

demo: $(VENV)/.base ## run the whole world on this machine until Ctrl-C
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python manage.py demo --host $(HOST) --port $(PORT)

test: $(VENV)/.dev ## run the tests on the embedded default (SQLite)
	@$(BIN)/pytest -n auto --dist loadfile -m "not browser and not sdk and not slow and not guide"
	@if node -e 'process.exit(!process.features.require_module)' 2>/dev/null; then node --test tests/javascript; fi

test-pg: $(VENV)/.dev ## run the tests on PostgreSQL (DATABASE_URL, or an embedded one)
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/pytest -n auto --dist loadfile -m "not browser and not sdk and not guide"

guide: $(VENV)/.dev ## do the operations guide, an upgrade and each fault under load, with nginx and PostgreSQL (DATABASE_URL)
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/pytest -m guide tests/scenarios

quick: $(VENV)/.dev ## run what tests one slice: make quick SLICE=wallet/payments
	@test -n "$(SLICE)" || { echo "make quick SLICE=<app>/<slice>, such as wallet/payments"; exit 1; }
	@$(BIN)/pytest -q -m "not browser and not sdk and not slow" $(wildcard tests/unit/$(SLICE) tests/usecases/$(SLICE) tests/http/$(SLICE) tests/properties/$(SLICE))

GUARDED := wallet/money.py,config/kernel/idempotency/*,config/http/idempotency.py,merchants/settlement/*,*/rules.py,healthcode/rules/*,healthcode/codec/*,wallet/qr/*

coverage: $(VENV)/.dev ## branches that the tests reach in what guards money, on both databases (long)
	@$(BIN)/coverage erase
	@env -u DATABASE_URL -u REDIS_URL $(BIN)/pytest -q -n auto --dist loadfile --cov --cov-branch --cov-append --cov-report= -m "not browser and not sdk"
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/pytest -q -n auto --dist loadfile --cov --cov-branch --cov-append --cov-report= -m "not browser and not sdk"
	@$(BIN)/coverage report --show-missing --skip-covered --include='$(GUARDED)' --fail-under=100

browser: $(VENV)/.dev ## run the browser tests (needs Chromium)
	@$(BIN)/pytest -m browser tests/browser

wheel: $(VENV)/.dev ## build the wheel and try it in a clean environment (needs network)
	@bash tests/wheel.sh

pictures: $(VENV)/.dev ## take pictures of a running demo: make pictures URL=...
	@$(BIN)/python -m tests.browser.pictures $(URL)

classroom: $(VENV)/.dev ## a class of thirty at once, each in a world of their own: p95 of each page
	@env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m tests.classroom_load

$(VENV)/.mutate: requirements/mutate.txt $(VENV)/.dev
	@sh requirements/install.sh "$(PYTHON)" "$(VENV)" requirements/mutate.txt
	@touch $@

mutate: $(VENV)/.mutate ## change the guarded code on purpose and name what no test notices: make mutate SAMPLE=150 SEED=1
	@$(BIN)/python -m tests.mutation $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

sdk: $(VENV)/.dev ## run the merchant SDKs against the gateway (needs network for their installation)
	@SAOMA_SDK_RECORD=merchants/console/compatibility.json $(BIN)/pytest -m sdk tests/gateway

crawl: $(VENV)/.dev ## open every address of the panel as every visitor
	@$(BIN)/pytest -q -n auto --dist load -m crawl tests/http/config

check: $(VENV)/.dev ## lint, types (JavaScript too, where npm is found), import contracts, migrations, deploy checks, OpenAPI
	@BIN=$(BIN) sh tests/check.sh

fix: $(VENV)/.dev ## format and repair what can be repaired
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/.dev ## measure on PostgreSQL and Redis (DATABASE_URL, REDIS_URL) against yardsticks of the same run
	@$(BIN)/python manage.py bench

bench-growth: $(VENV)/.dev ## measure acts at 1 k, 100 k and 1 M payments on an empty PostgreSQL (DATABASE_URL)
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/python manage.py bench_growth

bench-settlement: $(VENV)/.dev ## settle and bill a day of 1 M payments on an empty PostgreSQL (DATABASE_URL): SIZE=
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/python manage.py bench_settlement --payments $(or $(SIZE),1000000)

month: $(VENV)/.dev ## play and prove a month of three shops: make month SIZE=40000 SEED=1, on an empty PostgreSQL (DATABASE_URL)
	@$(BIN)/python -m tests.embedded_postgres env SAOMA_LAB_MODE=1 $(BIN)/python manage.py month --payments $(or $(SIZE),40000) --seed $(or $(SEED),1)

reconcile: $(VENV)/.dev ## reconcile a day with planted differences: make reconcile SIZE=100000 SEED=1 FORMAT=camt.053
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/python -m tests.reconciliation_trial --lines $(or $(SIZE),100000) --seed $(or $(SEED),1) --format $(or $(FORMAT),csv)

groups: $(VENV)/.dev ## pay ten thousand groups with failures planted, as one by one, on PostgreSQL (DATABASE_URL)
	@SAOMA_GROUPS=10000 $(BIN)/python -m tests.embedded_postgres $(BIN)/pytest -q tests/properties/wallet/payments/test_groups_of_payments.py

vectors: $(VENV)/.dev ## run the public suites beside the checkout (SAOMA_VECTORS), one table
	@$(BIN)/python -m tests.vector_table

fuzz: $(VENV)/.dev ## send 100,000 mutated requests to the gateway, on PostgreSQL (DATABASE_URL)
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/python -m tests.gateway.fuzz

fuzz-long: $(VENV)/.dev ## fuzz the REST API and every decoder for an hour: make fuzz-long SECONDS=3600 SEED=1
	@$(BIN)/python -m tests.fuzz_long $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

random: $(VENV)/.dev ## hold random programs of all primitives to a model: make random STEPS=100000 SEED=1 SHARDS=2
	@$(BIN)/python -m tests.properties.programs $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED)) $(if $(SHARDS),--shards $(SHARDS))

DRILL_PORT ?= 9101
DRILL = env -u PYTHONDONTWRITEBYTECODE DJANGO_SETTINGS_MODULE=config.settings.dev SAOMA_DATA_DIR=$$(mktemp -d) \
	DATABASE_URL=postgres://saoma@127.0.0.1:$(DRILL_PORT)/saoma

# What a target needs of the system: Debian's packages, which root may install here.
define need
	@for each in $(1); do dpkg -s $$each >/dev/null 2>&1 || missing="$$missing $$each"; done; \
	test -z "$$missing" || { test "$$(id -u)" = 0 && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } \
	|| { echo "missing: apt-get install$$missing"; exit 1; }
endef

chaos: $(VENV)/.dev ## break the product under load and prove what is left: make chaos FAULTS=60 SEED=1 (Linux)
	$(call need,postgresql redis-server nginx)
	@$(DRILL) REDIS_URL=redis://127.0.0.1:$$(($(DRILL_PORT) + 1))/0 \
		$(BIN)/python manage.py chaos $(if $(FAULTS),--faults $(FAULTS)) $(if $(SEED),--seed $(SEED))

ha: $(VENV)/.dev ## lose each node of a highly available installation many times: make ha KILLS=20 CUTS=20 (Linux)
	$(call need,postgresql redis-server nginx etcd-server haproxy pgbouncer rabbitmq-server)
	@$(DRILL) REDIS_URL=redis://127.0.0.1:$$(($(DRILL_PORT) + 85))/0 \
		$(BIN)/python manage.py ha $(if $(KILLS),--kills $(KILLS)) $(if $(CUTS),--cuts $(CUTS)) \
		$(if $(BROKERS),--brokers $(BROKERS)) $(if $(OTHERS),--others $(OTHERS)) $(if $(SEED),--seed $(SEED))

bench-peers: $(VENV)/.dev ## measure ours beside django-hordak and django-ledger, on PostgreSQL (DATABASE_URL)
	@$(BIN)/python -m tests.embedded_postgres $(BIN)/python manage.py bench_peers

vendor: $(VENV)/.dev ## fetch and check the vendored browser files again (needs npm)
	@$(BIN)/python lab/vendor.py --fetch

clean: ## remove the environment and the demo's data
	@rm -rf $(VENV) var
