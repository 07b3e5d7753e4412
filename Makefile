# The short front door. `make demo` and `make test` are the README's two commands.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BENCH ?= ../shared/bench

.PHONY: setup demo ui check test eval bench calibrate lock audit
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

RELEASE := .venv-release
$(RELEASE)/.installed: pyproject.toml
	$(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14" "pip-audit>=2.10,<3" "cyclonedx-bom>=7.5,<8"
	touch $@

lock: $(RELEASE)/.installed  ## what a release installs, each file with its SHA-256; UPGRADE=1 takes newer ones
	$(RELEASE)/bin/uv pip compile pyproject.toml --extra openai --extra local --universal --python-version 3.11 \
		--generate-hashes --no-emit-package torch --excludes .ci/not-locked.txt --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --quiet $(if $(UPGRADE),--upgrade) -o requirements.lock

audit: $(RELEASE)/.installed  ## known weaknesses of what a release installs, and its bill of materials
	$(RELEASE)/bin/python .ci/audit.py dist
