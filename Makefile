# Two commands matter: `make run` and `make test`. Each does all the set-up that it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8501
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
WORKERS ?= 3
BROWSERS ?= 2

export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test test-peers lint report screens models faults faults-full mutants clean

help: ## what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /' | sort

$(VENV)/bin/python:
	$(PYTHON) tools/python_version.py
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements.txt $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(DEV) ## make .venv with everything that runs, builds and checks

run: $(STAMP) ## the dashboard, live on http://localhost:8501 (PORT=9000 changes it)
	@KLANTBLIK_WEB_PORT=$(PORT) exec $(BIN)/python -m ingest up

lint: $(DEV) ## ruff, pyright and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

test: $(DEV) ## everything but the peer servers: lint, unit, property, PostgreSQL and browser tests
	@tools/system-packages chromium postgresql xvfb
	-@tools/system-packages mosquitto nats-server dovecot-imapd
	$(MAKE) --no-print-directory lint
	KLANTBLIK_REQUIRE_POSTGRES=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --ignore=tests/browser
	@# Apart: Playwright keeps an event loop of its own running in the process, in which no other test can start one.
	@# And with fewer workers: each drives a browser and a server of its own, and waits for what people would see in time.
	KLANTBLIK_REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n $(BROWSERS) --dist loadscope tests/browser

test-peers: $(DEV) ## connectors against real peer servers, installed as far as the registries allow
	$(BIN)/python -m tests.peers

report: $(STAMP) ## the weekly report of the newest week, in build/reports
	$(BIN)/python -m reports week --out build/reports

screens: $(DEV) ## the screenshots of docs/screens, from a demo store made for them
	@tools/system-packages chromium
	$(BIN)/python -m tests.browser.screens

models: $(DEV) ## train the shipped text models again from licensed data
	$(BIN)/python -m text models

faults: $(DEV) ## the fault tests at their CI counts, with new seeds (docs/faults.md)
	@tools/system-packages chromium postgresql
	KLANTBLIK_FAULTS=ci KLANTBLIK_REQUIRE_POSTGRES=1 $(BIN)/python -m pytest tests -m faults --ignore=tests/browser
	KLANTBLIK_FAULTS=ci KLANTBLIK_REQUIRE_BROWSER=1 $(BIN)/python -m pytest tests/browser -m faults

faults-full: $(DEV) ## the fault tests at their full counts: days
	@tools/system-packages chromium postgresql
	KLANTBLIK_FAULTS=full KLANTBLIK_REQUIRE_POSTGRES=1 $(BIN)/python -m pytest tests -m faults --ignore=tests/browser
	KLANTBLIK_FAULTS=full KLANTBLIK_REQUIRE_BROWSER=1 $(BIN)/python -m pytest tests/browser -m faults

mutants: $(DEV) ## seeded defects in a copy of the tree: each must make its test fail
	@tools/system-packages postgresql
	$(BIN)/python -m tests.mutants

clean: ## take away what can be made again; never data/
	rm -rf build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
