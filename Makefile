# Shopdesk. `make run` and `make test` work from a fresh clone; the rest is for working on it.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test setup lint format clean

# Without compiled files every program compiles its libraries anew: two thirds of what a start then takes.
unexport PYTHONDONTWRITEBYTECODE

BOOTSTRAP := sh scripts/bootstrap.sh

help:    ## Show this list
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: setup    ## Set up, then start everything on this machine (options: make run ARGS="--shop DIR")
	@.venv/bin/shopdesk up $(ARGS)

test: setup    ## Set up, then run every check and test (only some of pytest's: make test ARGS="-k import")
	@$(BOOTSTRAP) system_packages.py
	@.venv/bin/python scripts/run_tests.py $(ARGS)

setup: ## Install tools, both Python environments and the widget into this checkout
	@$(BOOTSTRAP) set_up.py

lint: setup    ## Run the static checks alone: ruff, mypy, import-linter, the widget's
	@.venv/bin/python scripts/run_tests.py --checks-only

format: setup    ## Format and tidy the Python code
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

clean: ## Remove everything set-up made; var/, where a shop's state lives, stays
	@rm -rf .tools .venv bot/.venv gateway/widget/node_modules gateway/widget/dist
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
