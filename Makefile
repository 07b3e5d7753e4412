# The short front door. `make demo` and `make test` are the README's two commands.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BENCH ?= ../shared/bench

.PHONY: setup demo ui check test eval bench calibrate
.DEFAULT_GOAL := demo

$(VENV)/.installed: pyproject.toml .ci/torch.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python .ci/torch.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

setup: $(VENV)/.installed  ## a virtual environment with everything in it

demo: setup  ## ask the article its first question
	$(BIN)/askali ask "how much is Alibaba investing over three years"

ui: setup  ## open the page
	$(BIN)/askali ui

check: setup  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_patterns.py src

test: setup check  ## everything that must hold; COVERAGE=1 measures what is reached, OFFLINE=1 cuts the network
	$(if $(OFFLINE),$(BIN)/python tools/offline.py --if-possible) $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder \
		$(if $(COVERAGE),--cov --cov-report=term --cov-fail-under=90)

eval: setup  ## may this go out?
	$(BIN)/askali eval

bench: setup  ## speed and the public sets
	$(BIN)/askali bench
	$(BIN)/askali eval bench --path $(BENCH)

calibrate: setup  ## fit the weights again
	$(BIN)/python evals/calibrate.py $(BENCH) --write
