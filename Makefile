# The commands of a newcomer and of CI.  Everything is installed into .venv and nowhere else.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash
# Where bytecode isn't kept, each process of a test compiles all of its dependencies anew.
unexport PYTHONDONTWRITEBYTECODE

SUITES := clustering retrieval drafting mutation paraphrase injection

LINTERS := @stoplight/spectral-cli@6 @redocly/cli@2

.PHONY: demo test test-slow check audit openapi docs eval accept-evals figures format clean

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

audit: .venv/installed-dev       ## known vulnerabilities of the installed packages, where a database can be reached
	$(BIN)/python scripts/audit.py

openapi: .venv/installed-dev     ## the OpenAPI document against the default rules of two linters
	$(BIN)/python -m api > .venv/openapi.json
	npm install --silent --no-save --prefix .venv/npm $(LINTERS)
	echo 'extends: ["spectral:oas"]' > .venv/npm/spectral.yaml
	.venv/npm/node_modules/.bin/spectral lint .venv/openapi.json -r .venv/npm/spectral.yaml --fail-severity warn
	REDOCLY_TELEMETRY=off .venv/npm/node_modules/.bin/redocly lint .venv/openapi.json --max-problems 20

docs: .venv/installed-docs       ## the documents as a site in site/; a broken link is an error
	$(BIN)/sphinx-build -q -W --keep-going -E -c docs . site
	@echo "site/index.html"

eval: $(SUITES:%=eval-%)         ## the offline suites on the samples, held against evals/baselines
	-$(BIN)/summarizer eval prompts  # they are gated with a model, which is not here: told, no failure

accept-evals: AGAINST = --no-baseline
accept-evals: eval               ## make what they measure now the baselines
	for suite in $(SUITES); do $(BIN)/summarizer eval accept eval-runs/$$suite; done

figures: .venv/installed-dev       ## write the figures of README and method from committed runs
	$(BIN)/python scripts/figures.py

eval-clustering: ON = examples/items/*.jsonl
eval-retrieval: ON = examples/items/{aldermoor,stratoquay,varnway}*.jsonl
eval-drafting: ON = examples/items/{aldermoor,mossgrove,quillhaven}*.jsonl \
	--fail-under quote_exactness=1 --fail-under timeline_dates=1 \
	--fail-under sides_invented=0 --fail-under false_withheld=0
eval-mutation: ON = examples/items/{aldermoor,mossgrove}*.jsonl --fail-under 'false alarms=0'
eval-paraphrase: ON = examples/items/{mossgrove,ostrel,quillhaven}*.jsonl
eval-injection: ON = --attack plain_order-1 --attack forged_citation-1 --attack false_quote-1 \
	--fail-under broke_out=0
eval-%: .venv/installed-dev
	rm -rf eval-runs/$*
	SUMMARIZER_DRAFTER=extractive $(BIN)/summarizer eval $* $(ON) $(AGAINST) --jobs 2 --out eval-runs/$*

format: .venv/installed-dev      ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:                           ## remove everything that these commands made
	rm -rf .venv demo-data eval-runs site

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable .
	touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable ".[dev]"
	touch $@ .venv/installed

.venv/installed-docs: .venv/bin/python pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable ".[docs]"
	touch $@ .venv/installed
