# The commands of a newcomer and of CI.  Everything is installed into .venv and nowhere else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-slow check format serve clean

demo: .venv/installed            ## install, then run the main job on the sample items
	$(BIN)/summarizer demo

test: .venv/installed-dev        ## install what tests need, then run the fast suite
	$(BIN)/python -m pytest

test-slow: .venv/installed-dev   ## the tests that take more than a few seconds
	$(BIN)/python -m pytest -m slow

check: .venv/installed-dev       ## lint, format check, strict types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev      ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:                           ## remove everything that these commands made
	rm -rf .venv demo-data

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable .
	touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable ".[dev]"
	touch $@ .venv/installed
