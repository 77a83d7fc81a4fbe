PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.PHONY: plan test lint check clean install

plan: $(VENV)/.installed
	$(BIN)/optimizer run configs/stargate.yaml --gap 0.005 --time-limit 240s

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/cython-lint _core/*.pyx _core/*.pxd

check: lint test

install: $(VENV)/.installed

$(VENV)/.installed: setup.py pyproject.toml $(wildcard _core/*.pyx _core/*.pxd _core/*.h)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/pip install --quiet -e '.[test]'
	touch $@

$(VENV)/.installed-lint: $(VENV)/.installed
	$(BIN)/pip install --quiet -e '.[lint]'
	touch $@

clean:
	rm -rf build dist *.egg-info optimizer/_core/*.so $(VENV)
