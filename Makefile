# Everything runs in .venv, which `make demo` and `make test` build from the hash-locked requirements.
# A fresh machine needs Python 3.11 or newer, with its venv module, and make. Nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
STUDY ?= demo
# Two workers; all tests of a file on one of them, so that a file's shared solve is done once.
PYTEST_FLAGS ?= -n 2 --dist loadfile

.PHONY: demo test lint format bench docs lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/core.stamp
	$(BIN)/packfirst explore examples/ai_accelerator/program.yaml --out $(STUDY)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp
	@set -e; for file in benchmarks/[!_]*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

docs: $(VENV)/docs.stamp
	$(BIN)/python -m sphinx --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

# Needs uv (any version of it): python -m pip install uv
lock:
	$(call compile,requirements.lock)
	$(call compile,requirements-dev.lock,--extra dev,--constraint requirements.lock)
	$(call compile,requirements-docs.lock,--extra docs,--constraint requirements.lock)

compile = uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	--group build $(2) $(3) --output-file $(1)

clean:
	rm -rf $(VENV) build dist docs/_build .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "packfirst needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# A stamp is older than its lock when the lock has changed: pip then brings the environment up to date.
$(VENV)/core.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/core.stamp
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/docs.stamp: requirements-docs.lock $(VENV)/core.stamp
	$(PIP) --require-hashes -r requirements-docs.lock
	@touch $@
