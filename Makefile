# Pingji 平急. `make help` says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ROOT_USER := $(shell [ "$$(id -u)" = 0 ] && echo yes)

# Three runs beside each other, as each waits for much: the browser, which has servers of its own;
# the store and its faults; the rest. The first two say what they have to say when all have ended.
BROWSER := tests/e2e
STORE := tests/data_access tests/faults
beside = browser=$$(mktemp) store=$$(mktemp) && \
	{ $(BIN)/pytest -m "$(1)" $(BROWSER) >"$$browser" 2>&1 & first=$$!; \
	$(BIN)/pytest -m "$(1)" $(STORE) >"$$store" 2>&1 & second=$$!; \
	$(BIN)/pytest -m "$(1)" $(patsubst %,--ignore=%,$(BROWSER) $(STORE)); third=$$?; \
	wait $$first; first=$$?; wait $$second; second=$$?; \
	cat "$$store" "$$browser"; rm -f "$$store" "$$browser"; \
	[ $$first = 0 ] && [ $$second = 0 ] && [ $$third = 0 ]; }

.PHONY: help setup setup-test browser run test test-all check bench soak format clean

help: ## say what the targets do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: .venv/run.done ## everything that running needs, into .venv

setup-test: .venv/test.done browser ## everything that testing needs as well

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Pingji needs Python 3.11 or 3.12, and none was found; name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "$(PYTHON) could not make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

.venv/run.done: .venv/bin/python pyproject.toml constraints.txt
	@echo "setting up .venv (once) …"
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

.venv/test.done: .venv/run.done
	@echo "setting up the tests' tools (once) …"
	@$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@

browser: # Chromium, a font for Chinese and ffmpeg, for the tests of the browser
	@if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null || ! command -v ffmpeg >/dev/null || ! fc-list :lang=zh 2>/dev/null | grep -q .; then \
		if [ "$(ROOT_USER)" = yes ] && command -v apt-get >/dev/null; then \
			echo "installing chromium, ffmpeg and fonts-noto-cjk (once) …"; \
			apt-get update -qq >/dev/null && export DEBIAN_FRONTEND=noninteractive && \
			for browser in chromium-headless-shell chromium; do \
				apt-get install -y -qq --no-install-recommends $$browser ffmpeg fonts-noto-cjk fontconfig >/dev/null && break; \
			done; \
		else \
			echo "The tests of the browser need chromium, ffmpeg and a Chinese font; without chromium they are skipped. On Debian, as root: apt-get install chromium ffmpeg fonts-noto-cjk" >&2; \
		fi; \
	fi

run: setup ## a simulated city on http://127.0.0.1:8050
	@$(BIN)/pingji demo

check: .venv/test.done ## lint, types, import contracts
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: setup-test check ## every test that ends within minutes
	@$(call beside,not slow)

test-all: setup-test check ## the slow ones as well
	@$(call beside,slow or not slow)

bench: setup-test ## measure: ingest, streams, drawers, figures, alerts, the switch, the screen in a browser
	@$(BIN)/python -m bench

bench-%: setup-test
	@$(BIN)/python -m bench $*

soak: setup-test ## half an hour of changes in a real browser
	@$(BIN)/python -m bench soak

format: .venv/test.done ## let ruff put things in order
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --fix --quiet .

clean: ## forget .venv and caches; data folders stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
