# Monitorwerkbank. `make` lists the targets; CI calls the same ones.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
export PORT
VENV := .venv
BIN := $(VENV)/bin
STATIC := workbench/static

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The stamps hold what was installed, so a second run does nothing and needs no network.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.lock
	touch $@

MO := $(patsubst %.po,%.mo,$(wildcard workbench/translations/*/LC_MESSAGES/messages.po))
%.mo: %.po | $(VENV)/.runtime
	$(BIN)/pybabel -q compile -i $< -o $@

$(STATIC)/.compressed: $(shell find $(STATIC) -type f ! -name '*.gz' ! -name '.compressed') | $(VENV)/.runtime
	$(BIN)/python -m whitenoise.compress --quiet $(STATIC)
	touch $@

setup: $(VENV)/.runtime $(MO) $(STATIC)/.compressed ## install what running needs
setup-dev: setup $(VENV)/.dev ## install what developing needs

demo: setup ## start everything on http://127.0.0.1:$(PORT)
	@exec $(BIN)/workbench demo --port $(PORT)

test: setup-dev ## tests on real PostgreSQL and Valkey (journeys need a browser: make journeys)
	$(BIN)/python -m pytest -m "not journey" -n auto --maxprocesses 4 --dist worksteal

journeys: setup-dev ## browser journeys with accessibility checks (each file in order: its tests share one running workbench)
	$(BIN)/python -m pytest -m journey -p no:randomly -n 2 --dist loadfile --no-loadscope-reorder

lint: setup-dev ## format, lint, layers, templates, spelling, texts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/codespell
	$(BIN)/python -m tests.texts

types: setup-dev ## mypy, strict
	$(BIN)/mypy

bench: setup-dev ## speed, as ratios (idle machine)
	$(BIN)/python -m tests.bench

migrate: setup-dev ## new migration: make migrate MESSAGE="what changes" (needs a running demo)
	$(BIN)/alembic revision --autogenerate -m "$(MESSAGE)"

translations: setup-dev ## gather new Dutch texts into the English catalogue
	$(BIN)/python -m tests.texts --update

lock: ## renew the hash-locked requirements (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --only-binary :all: --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --only-binary :all: --custom-compile-command "make lock" --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what setup made
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name '*.mo' -o -name '*.gz' -path '*static*' | xargs -r rm -f

.PHONY: help setup setup-dev demo test journeys lint types bench migrate translations lock clean
