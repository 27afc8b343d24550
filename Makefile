# Everything that a person types. `make help` lists it.
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test test-large chaos fuzz lint format lock help clean

demo: $(READY)  ## lay out a sample district in demo/ and run the main job on it
	@$(BIN)/donghanh demo

test: $(READY)  ## run all tests, on every core
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-large: $(READY)  ## a million rows by one thread and over a cluster of processes; minutes, 3 GB
	@$(BIN)/python -m pytest -m large --log-cli-level=INFO --durations=0

fuzz: $(READY)  ## fuzz readers, answers of Google, configuration and templates; SECONDS=900 SEED=1
	@# Not in the lock: atheris has no wheel for every Python and system. Without it the inputs are made by lot.
	@test -d .fuzz || $(BIN)/pip install -q --disable-pip-version-check --only-binary :all: --no-deps --target .fuzz atheris || \
		echo "There is no atheris for this Python; the inputs are made by lot." >&2
	@PYTHONPATH=.fuzz $(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),900) --seed $(or $(SEED),1)

chaos: $(READY)  ## run the long fault campaign: a thousand simulated runs, some twenty minutes
	@$(BIN)/python -m tests.chaos --runs 1000 --seed 2029

lint: $(READY)  ## ruff, its format, mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict sync

format: $(READY)  ## put the code into ruff's format
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

lock:  ## resolve pyproject.toml anew into requirements.lock (hashed, no index addresses)
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip -q install uv
	@.venv-lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate -q -o requirements.lock --upgrade
	@rm -rf .venv-lock

clean:  ## remove what was installed and laid out
	@rm -rf .venv demo

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/'

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "donghanh needs Python 3.11 or newer; install it, then run make again." >&2; exit 1; }
	@echo "Installing into .venv with $(PYTHON) (once; a minute or two) …" >&2
	@rm -rf .venv && $(PYTHON) -m venv .venv || { echo "This Python has no venv; install your system's python3-venv, then run make again." >&2; rm -rf .venv; exit 1; }
	@# The lock is complete: without --no-deps an older pip looks past it for what has extras, and finds no hash there.
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/pip check -q --disable-pip-version-check
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
