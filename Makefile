# Every target works in a fresh clone with Python 3.11+ and make; run `make help` for the list.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DATA ?= .bihuan
STAMP := .venv/.installed
# The web UI is built into the package when that is installed.
UI := $(shell find ui -path ui/node_modules -prune -o -type f -print)
DEV_STAMP := .venv/.installed-dev
# Once here instead of at every start, where the environment keeps Python from writing what it compiled; a
# file that is no Python of this version is nobody's concern.
COMPILE := $(BIN)/python -m compileall -qq -j 0

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint format bench lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(STAMP) ## Load the Complete Journey study, print its answers, serve it on loopback
	@$(BIN)/python -m bihuan demo

serve: $(STAMP) ## Serve this machine's projects on loopback
	@$(BIN)/python -m bihuan serve

test: $(DEV_STAMP) ## Lint, types, layers, budgets, and all tests
	@$(BIN)/python -m tests.run

lint: $(DEV_STAMP) ## Ruff, mypy, import-linter, size budgets
	@$(BIN)/ruff check src tests bench
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.ui.checks
	@$(BIN)/python -m pytest -q tests/quality

format: $(DEV_STAMP) ## Format the code
	@$(BIN)/ruff check --fix src tests bench
	@$(BIN)/ruff format src tests bench

bench: $(DEV_STAMP) ## Measure speed as ratios; writes bench/RESULTS.md
	@$(BIN)/python -m bench

lock: $(DEV_STAMP) ## Resolve the locked dependencies anew
	@$(BIN)/python -m requirements.lock

clean: ## Remove the environment and caches; keeps data
	rm -rf ui/node_modules src/bihuan/server/web/static .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

$(STAMP): pyproject.toml requirements/demo.lock hatch_build.py $(UI)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(COMPILE) .venv/lib src || true
	@touch $(STAMP)

$(DEV_STAMP): $(STAMP) requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(COMPILE) .venv/lib || true
	@touch $(DEV_STAMP)
