# `make help` lists what there is. The work is in scripts/, which a reader can follow one by one.

# Finds a Python ≥ 3.11 (the virtual environment's own, once there) and runs what follows with it.
PYTHON_RUNS = @sh scripts/python.sh
VENV = .venv/bin/python
PORT ?= 8000
export PORT
# Vietnamese on any terminal, whatever its locale says.
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-pg check translations shots bench format install install-dev clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## From a bare checkout to a running demo, on PORT (8000); Ctrl-C stops everything
	$(PYTHON_RUNS) scripts/start.py

test: install-dev ## The whole suite on SQLite, browser journey included; ARGS go to pytest
	@CHROMIUM="$$($(VENV) scripts/chromium.py)" && export CHROMIUM && unset DATABASE_URL && \
		$(VENV) -m pytest -n auto $(ARGS)

test-pg: install-dev ## The same without the browser, on PostgreSQL (TEST_DATABASE_URL, or finds one)
	@$(VENV) scripts/pg_tests.py -n auto --ignore=tests/browser $(ARGS)

check: install-dev ## Lint, format, types, layers, migrations, translations, hygiene; stops at the first
	@sh scripts/check.sh

translations: install-dev ## Bring lms/locale/en up to date with the strings in the code, and compile
	@$(VENV) scripts/translations.py extract
	@$(VENV) scripts/translations.py compile

shots: install-dev ## Pictures of the pages that matter, 360 and 1280 px, light and dark, in var/shots/
	@CHROMIUM="$$($(VENV) scripts/chromium.py)" && export CHROMIUM && unset DATABASE_URL && \
		$(VENV) scripts/shots.py $(ARGS)

bench: install-dev ## Lighthouse and page weights (needs Chromium), a city's staff list; prints figures
	@CHROMIUM="$$($(VENV) scripts/chromium.py)" && export CHROMIUM && unset DATABASE_URL && \
		$(VENV) bench/run.py $(ARGS)

format: install-dev ## Put code and templates into the house format
	@$(VENV) -m ruff check --fix-only --quiet .
	@$(VENV) -m ruff format --quiet .
	@$(VENV) -m djhtml $$($(VENV) scripts/templates.py)

install: ## What is pinned for running, without starting anything
	$(PYTHON_RUNS) scripts/install.py

install-dev: ## What is pinned for tests and checks as well
	$(PYTHON_RUNS) scripts/install.py --dev

clean: ## Remove var/ (database, media, static files); with CONFIRM=yes if a database is there
	@if ls var/*.sqlite3 >/dev/null 2>&1 && [ "$(CONFIRM)" != yes ]; then \
		echo "var/ holds a database. To delete it with everything in it: make clean CONFIRM=yes"; \
		exit 1; \
	fi
	@rm -rf var
