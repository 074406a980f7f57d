# Everything a person or a machine does with this repository: `make help` lists it.
# A fresh clone needs only Python 3.11 or later and make; the rest is installed into $(VENV).

PYTHON ?= python3
VENV ?= .venv

BIN := $(VENV)/bin
PY := $(BIN)/python
DEMO := build/demo
PEERS := openconmo==0.0.6 rota-order==0.3.0 tqdm

export TF_CPP_MIN_LOG_LEVEL ?= 3

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: demo test check lint docs wheel peers bench bench-gpu results build clean help

demo: $(VENV)/.with-train ## train on simulated bearings, then say what is wrong with another one
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(BIN)/faultdiag train --dataset simulated --recipe examples/demo.toml -o $(DEMO)/run
	$(PY) examples/simulated_signal.py $(DEMO)/signal.npy
	$(BIN)/faultdiag predict $(DEMO)/signal.npy --rate 12000 --run $(DEMO)/run -o $(DEMO)/prediction

test: $(VENV)/.with-train,dev ## run the whole test suite, doctests included
	$(PY) -m pytest

check: lint test docs wheel ## the one door: all that must hold before a change lands
	@echo "make check: everything holds"

lint: $(VENV)/.with-train,dev ## style, types, direction of imports, spelling (the fast half of check)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

docs: $(VENV)/.with-train,docs ## build the documentation into docs/_build/html; a warning is an error
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "the documentation is in docs/_build/html/index.html"

wheel: $(VENV)/.with-train,dev ## build the wheel and try it in an empty environment
	@rm -rf build/wheel
	$(PY) -m build --wheel --no-isolation --outdir build/wheel
	$(PY) tools/check_wheel.py build/wheel

peers: $(VENV)/.with-peers ## install the packages that our signal processing is compared with

bench: $(VENV)/.with-train,dev ## measure speed as ratios, into build/bench.json
	$(PY) tools/bench.py

bench-gpu: $(VENV)/.with-jax ## measure training on a GPU, into build/bench_gpu.json; see docs/benchmarks.md
	$(PY) tools/bench_gpu.py

results: $(VENV)/.with-train,dev ## renew docs/results.json and docs/results.md; one row: make results ROW=name
	$(PY) tools/results.py $(ROW)

build: $(VENV)/.with-train,dev ## build sdist and wheel into dist/
	$(PY) -m build --no-isolation

clean: ## remove everything that was made here, the environment too
	rm -rf $(VENV) build dist docs/_build docs/api/generated docs/api/pictures docs/gallery_built .pytest_cache \
		.mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find faultdiag tests tools docs examples -name __pycache__ -prune -exec rm -rf {} +

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp a set of extras: $(VENV)/.with-train,dev is `pip install -e ".[train,dev]"`.
$(VENV)/.with-%: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@

# The pins of openconmo name a PyArrow and a pandas that nothing here needs: no dependencies are installed.
$(VENV)/.with-peers: Makefile | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps $(PEERS)
	@touch $@

$(PY):
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("faultdiag needs Python 3.11 or later, \
	$(PYTHON) is " + sys.version.split()[0] + ": make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
