# Two commands matter: `make demo` and `make test`. Each does all its own set-up, in .venv and .cache of this checkout.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 3

.PHONY: help demo test lint soak bench setup setup-dev clean

help:
	@echo "make demo    set up, then run the main job on this machine: webhook to merge-blocking check"
	@echo "make test    set up, then lint, types, layers and all quick tests"
	@echo "make soak    the long tests: kill -9 at every step and every write"
	@echo "make bench   speed and memory, as ratios"

.venv/.ready: pyproject.toml constraints.txt deploy/setup.sh
	@PYTHON="$(PYTHON)" deploy/setup.sh run

.venv/.ready-dev: .venv/.ready
	@PYTHON="$(PYTHON)" deploy/setup.sh dev

setup: .venv/.ready
setup-dev: .venv/.ready-dev

demo: .venv/.ready
	@$(BIN)/specbot demo $(ARGS)

lint: .venv/.ready-dev
	@$(BIN)/ruff check bot tests
	@$(BIN)/ruff format --check -q bot tests
	@$(BIN)/mypy --cache-dir .cache/mypy
	@$(BIN)/lint-imports --no-cache

test: lint
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup $(ARGS)

soak: .venv/.ready-dev
	@$(BIN)/python -m pytest -q -m soak --timeout 3600 $(ARGS)

bench: .venv/.ready-dev
	@$(BIN)/python -m tests.bench $(ARGS)

clean:
	rm -rf .venv .cache build *.egg-info
