# Two commands matter: `make book` and `make test`. Each sets up all it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
NB ?=
SEEDS ?= 1 2 3
BIN := .venv/bin
TWO = -n 2 --dist loadfile
WHEEL = dist/ganbook-$(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' ganbook/__init__.py)-py3-none-any.whl
# versions and hashes, but no address of an index
LOCK = $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
PAGES = book --config _config.yml --toc $(CURDIR)/_toc.yml --path-output . --all
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: help book test unit notebooks browser execute lint serve lab colab wheel claims \
	backends backend-jax backend-torch bench linkcheck lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##/\1/p' Makefile | awk '{n=$$1; $$1=""; printf "make %-10s%s\n", n, $$0}'

# The stamp is touched last: an install that was cut short is done again.
.venv/stamp: requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	|| { found=$$($(PYTHON) --version 2>&1) || found="not there"; \
	echo "ganbook needs Python 3.11 to 3.13, but $(PYTHON) is $$found: install one, or name it: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Making .venv from requirements/lock.txt: a few minutes, once."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/lock.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

book: .venv/stamp  ## build the site; prints where index.html is
	@rm -rf _build/html
	@$(BIN)/jupyter-book build -W -n --keep-going $(PAGES) > _build.log 2>&1 \
	|| { cat _build.log >&2; exit 1; }
	@rm -f _build.log
	@echo "The book is at $(CURDIR)/_build/html/index.html"

test: unit notebooks  ## unit tests, then strict comparison of every notebook

unit: .venv/stamp  ## the unit tests alone
	@$(BIN)/python -m pytest -q --ignore=tests/browser $(TWO)

backends: .venv/backends  ## the package's tests on JAX and on PyTorch
	@$(MAKE) --no-print-directory -j2 backend-jax backend-torch

backend-jax backend-torch: backend-%:
	@KERAS_BACKEND=$* $(BIN)/python -m pytest -q $(if $(filter jax,$*),$(TWO)) $$(grep -L "sys.path" tests/test_*.py) | sed -u "s/^/$*: /"

# A plain `torch` of today would not be the one that was tested.
.venv/backends: .venv/stamp requirements/backends.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/backends.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check torch==2.13.0
	@touch $@

notebooks: .venv/stamp  ## run every notebook (or NB=…), two at a time, and compare what it prints
	@$(BIN)/python -m pytest -q -c book/pytest.ini --rootdir=. --nbval --nbval-current-env -n 2 --dist loadscope $(or $(NB),book)

browser: .venv/stamp  ## open the built site in headless Chromium
	@$(BIN)/python -m pytest -q tests/browser

execute: .venv/stamp  ## run the notebooks in place (or one: NB=book/…) and store the result
	@$(BIN)/python tools/execute.py $(NB)
	@$(BIN)/python tools/cover.py

claims: .venv/stamp  ## do all claims hold with other luck? SEEDS="1 2 3"
	@for seed in $(SEEDS); do echo "GANBOOK_SEED=$$seed"; GANBOOK_SEED=$$seed $(BIN)/python tools/execute.py --check $(NB); done

lint: .venv/stamp  ## ruff, zizmor
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/zizmor --offline --persona=pedantic --quiet .github .pre-commit-config.yaml

serve: book  ## build the site and serve it on http://localhost:8000
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

lab: .venv/stamp  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab book

wheel: $(WHEEL)  ## the package as a wheel, in dist/

$(WHEEL): .venv/stamp $(shell find ganbook -name '*.py') README.md
	@$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w dist .
	@touch $@

colab: wheel  ## the Colab edition, in _build/colab, run from the wheel
	@rm -rf _build/colab
	@$(BIN)/python tools/colab.py --run --wheel $(WHEEL)

bench: .venv/backends  ## measured comparisons, into benchmarks/README.md
	@$(BIN)/python benchmarks/run.py

linkcheck: .venv/stamp  ## ask every external link for an answer (needs network)
	@$(BIN)/jupyter-book build --builder linkcheck $(PAGES)

lock: .venv/stamp  ## new versions into requirements/
	@$(LOCK) --universal --python-version 3.11 --extra test --extra book --extra dev pyproject.toml -o requirements/lock.txt
	@$(LOCK) --python-platform linux --python-version 3.11 --resolution lowest-direct --extra test pyproject.toml -o requirements/oldest.txt
	@$(LOCK) --universal --python-version 3.11 --constraint requirements/lock.txt requirements/backends.in -o requirements/backends.txt
	@$(LOCK) --python-platform linux --python-version 3.13 requirements/colab.in -o requirements/colab.txt

clean:  ## remove everything that was built
	rm -rf .venv _build dist .pytest_cache .ruff_cache .hypothesis
