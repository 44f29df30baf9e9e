# Two commands set everything up: `make demo` and `make test`. They need Python 3.11 or later, make, and nothing else;
# with npm too, pages have search and SPARQL.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/pip-compile --quiet --upgrade --allow-unsafe --generate-hashes --strip-extras --no-config \
	--no-annotate --no-header --no-emit-find-links --no-emit-index-url --no-emit-options --no-emit-trusted-host

.PHONY: help demo test lint bench assets lock wheel-test lowest-test clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

demo: .venv/runtime.stamp .venv/assets.stamp ## make every table, count and figure of the shipped review again and compare them
	@$(BIN)/evigraph reproduce

test: .venv/dev.stamp .venv/assets.stamp ## run the tests
	@$(BIN)/python -m pytest -n 2

lint: .venv/dev.stamp ## check style, types and the order of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict src
	@$(BIN)/lint-imports

bench: .venv/dev.stamp ## measure speed, as ratios
	@$(BIN)/python bench/run.py

assets: .venv/assets.stamp ## make what pages take from npm, for their search and SPARQL

wheel-test: .venv/dev.stamp ## build the wheel and test it with the sources out of reach
	@scripts/test-wheel

lowest-test: .venv/dev.stamp ## the same, with the lowest versions that pyproject.toml allows
	@scripts/test-lowest

lock: .venv/dev.stamp ## pin every dependency anew, with hashes
	@$(COMPILE) --output-file requirements/build.txt requirements/build.in
	@$(COMPILE) --constraint requirements/build.txt --output-file requirements/runtime.txt pyproject.toml
	@$(COMPILE) --constraint requirements/build.txt --constraint requirements/runtime.txt --extra dev --extra dedupe --extra figures \
		--extra mcp --extra report --extra web --output-file requirements/dev.txt pyproject.toml

clean: ## remove the environment and everything that was built
	@rm -rf src/evigraph/site/npm .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than what it was made from, so a second run does nothing. The demo stops at the first two.
.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "evigraph needs Python 3.11 or later as $(PYTHON); try: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making an environment in .venv"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/runtime.stamp: .venv/python.stamp requirements/build.txt requirements/runtime.txt pyproject.toml
	@echo "Installing evigraph and the libraries it runs on"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/runtime.stamp requirements/dev.txt
	@echo "Installing the tools that build and test it"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Without npm this says so, and tries again next time.
.venv/assets.stamp: .venv/runtime.stamp scripts/assets.py scripts/npm/package-lock.json
	@if $(BIN)/python scripts/assets.py; then touch $@; fi
