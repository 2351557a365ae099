# Which Python makes .venv: make PYTHON=python3.12 …
PYTHON ?= python3

venv := .venv/bin/python
setup = @$(PYTHON) tools/environment.py
flask := $(venv) -m flask --app wsgi
pytest := $(venv) -m pytest -n auto --maxprocesses 8 --dist worksteal
catalogue := $(venv) tools/catalogue.py
compile := build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test torture bench screenshots check lint format types migrations-check i18n i18n-check lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## make .venv and fetch the browser's assets
	$(setup) runtime assets

demo: install ## run the zone with invented people; PORT (8000) and ZONE_VAR (var/) may be set
	@exec env ZONE_MODE=demo $(flask) demo run

demo-reset: install ## throw the demo's data away; the next `make demo` begins anew
	@ZONE_MODE=demo $(flask) demo reset

test: ## run every test; pick some with ARGS="tests/vault -k seal"
	$(setup) test assets
	@$(venv) tools/require_system.py
	@$(pytest) $(ARGS)

torture: ## run the long tests, which take minutes
	$(setup) test assets
	@$(venv) tools/require_system.py
	@$(pytest) -m torture --timeout 3600 $(ARGS)

bench: ## measure; compare with bench/RESULTS.md
	$(setup) test assets
	@for bench in bench/[a-z]*.py; do PYTHONPATH=. $(venv) "$$bench" || exit 1; done

screenshots: ## take the README's pictures anew
	$(setup) test assets
	@$(venv) tools/require_system.py
	@PYTHONPATH=. $(venv) tools/screenshots.py

check: lint types migrations-check i18n-check ## everything short of the tests

lint: ## ruff: rules and format
	$(setup) test
	@$(venv) -m ruff check .
	@$(venv) -m ruff format --check .

format: ## bring the sources into ruff's format
	$(setup) test
	@$(venv) -m ruff check --fix-only --quiet .
	@$(venv) -m ruff format .

types: ## mypy, strict
	$(setup) test
	@$(venv) -m mypy

migrations-check: install ## prove that the migrations make what the models say
	@var=$$(mktemp -d) && trap 'rm -rf "$$var"' EXIT && ZONE_MODE=demo ZONE_VAR="$$var" $(flask) db check

i18n: install ## bring the catalogues in step with the texts, and name what is to be translated
	@$(catalogue)

i18n-check: install ## refuse catalogues that are not in step or not complete
	@$(catalogue) --check

# uv is taken as it is: what it writes is checked by its hashes, and by every later installation.
lock: ## write the locks anew from pyproject.toml; UPGRADE=1 takes newer versions
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(compile) pyproject.toml --output-file requirements.txt
	@$(compile) pyproject.toml --extra test --constraints requirements.txt --output-file requirements-test.txt
	@$(compile) --group assets --no-deps --output-file assets.txt

clean: ## remove what make has made, except the demo's data
	rm -rf .venv build .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
