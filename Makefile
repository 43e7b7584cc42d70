# Quartett. `make` alone lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m embedded exec --
# Tests have servers and a data folder of their own, which need not survive a power cut.
TRY := QUARTETT_DATA=var/tests QUARTETT_DURABLE=false $(RUN)
# Every process of ours would else compile 80,000 lines and the tests 47,000 more, where an image forbids to keep them.
unexport PYTHONDONTWRITEBYTECODE
# So many processes share the tests that may run beside each other; each has a database of its own.
PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help run journey check lint test fast rest dates crawl fuzz nightly bench messages lock clean setup manage

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/run.stamp: requirements/base.txt pyproject.toml
	@echo "Installing the locked dependencies (once; about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Installing the locked tools for development …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

##@ Look at it

run: .venv/run.stamp ## start everything: servers, demo data, web, worker, scheduler
	@exec $(BIN)/python -m embedded run

journey: .venv/run.stamp ## play an order's whole way against the running processes
	@$(RUN) $(BIN)/python -m demo.journey

manage: .venv/run.stamp ## run a management command: make manage ARGS="shell"
	@$(RUN) $(BIN)/python manage.py $(ARGS)

##@ Develop

setup: .venv/dev.stamp ## install everything for development, and the checks before each commit
	@if test -d .git; then $(BIN)/pre-commit install; fi

messages: .venv/dev.stamp ## collect strings for the translators (needs gettext)
	$(RUN) $(BIN)/python manage.py makemessages --locale de --locale fr --locale it --locale pl \
	  --no-location --no-obsolete --no-wrap --ignore "tests/*" --ignore "var/*" --ignore ".venv/*"

lock: .venv/dev.stamp ## write the lock files anew from requirements/*.in
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal requirements/dev.in -o requirements/dev.txt

clean: ## remove the virtual environment and all local data
	rm -rf .venv var

##@ Check

lint: .venv/dev.stamp ## formatting, types, imports, templates, translations, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(TRY) nice -n 5 $(BIN)/mypy platform tenants communities cms api tests
	$(BIN)/lint-imports
	$(BIN)/python -m tests.architecture.picture --check
	$(BIN)/djlint --lint --quiet platform tenants themes cms api
	$(BIN)/python -m tests.translations.gate
	QUARTETT_LOGIN=owner $(TRY) $(BIN)/python manage.py makemigrations --check --dry-run
	QUARTETT_LOGIN=owner $(TRY) $(BIN)/python -m tests.migrations

check: lint ## the fast part of the tests: linters, types, contracts, texts, tests without a browser, a sample at other dates
	$(TRY) $(BIN)/python -m pytest -q -n $(PROCESSES) --dist worksteal -m "not browser and not stack and not race"
	$(TRY) $(BIN)/python -m tests.other_dates --every 16 -n $(PROCESSES)

# The rest, the fast part in its processes and the linters run beside each other over the same servers. The rest is the
# longest way, and waits much of its time: whenever it can go on, it goes first. Each says what it has to say when it ends.
test: .venv/dev.stamp ## everything that CI runs
	$(TRY) $(MAKE) --no-print-directory --jobs=3 --output-sync=target rest fast lint

fast: .venv/dev.stamp
	$(TRY) nice -n 5 $(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal -m "not browser and not stack"

rest: .venv/dev.stamp
	$(TRY) $(BIN)/python -m pytest -m "not crawl" tests/browser tests/stack

dates: .venv/dev.stamp ## run the fast tests as if it were four other days
	$(TRY) $(BIN)/python -m tests.other_dates -n $(PROCESSES)

crawl: .venv/dev.stamp ## look at every page of everybody in every language with a browser (several minutes)
	$(TRY) $(BIN)/python -m pytest tests/browser/test_crawl.py

fuzz: .venv/dev.stamp ## send 20,000 made-up requests to every address (minutes); make test sends 2,000
	@QUARTETT_FUZZ_REQUESTS=20000 $(TRY) $(BIN)/python -m pytest -q -s --timeout 3600 tests/fuzz

nightly: dates crawl fuzz ## what is too long for make test: other days, every page, many requests, 20,000 lives of orders (hours)
	@QUARTETT_TESTS_LIVES=20000 $(RUN) $(BIN)/python -m tests.bench money-lives

bench: .venv/dev.stamp ## benchmarks as JSON lines: make bench BENCH=page
	@$(RUN) $(BIN)/python -m tests.bench $(BENCH)
