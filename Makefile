.PHONY: setup grade picture test test-all lint types bench bench-grade bench-kernel bench-impl bench-sheets peers clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SUBMISSION ?= exercises/examples/submission.py
# The examples are ours: they are graded even where the kernel offers no walls around them.
TRUSTED = $(if $(filter exercises/examples/%,$(SUBMISSION)),--allow-weak-isolation)

setup: $(STAMP)

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

grade: $(STAMP)
	$(BIN)/grade $(TRUSTED) $(SUBMISSION)

picture: $(STAMP)
	$(BIN)/grade $(TRUSTED) exercises/examples/submission.py --svg exercises/examples/grade.svg

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

test: lint types
	$(BIN)/python -m pytest -q -m "not slow"

# Everything, with fresh examples from Hypothesis instead of the same in every run.
test-all: lint types
	WORKINGS_EXPLORE=1 $(BIN)/python -m pytest -q

bench: bench-grade
	$(BIN)/python -m tests.benchmarks.kernel

bench-grade: $(STAMP)
	$(BIN)/python -m tests.benchmarks.grade

bench-kernel: $(STAMP)
	$(BIN)/python -m pip install --quiet math-verify
	$(BIN)/python -m tests.benchmarks.compare

bench-impl: $(STAMP)
	$(BIN)/python -m tests.benchmarks.real_data
	$(BIN)/python -m tests.benchmarks.impl

bench-sheets: $(STAMP)
	$(BIN)/python -m tests.benchmarks.sheets

peers: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable '.[test,peers]'

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
