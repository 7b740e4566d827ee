# The task runner, the same words for people and CI. A target builds the environment it needs from
# nothing: with Python 3.11 or newer and its pip, and no package that is not in requirements.lock.

PYTHON ?= python3
VENV ?= .venv
SEED ?= default
# More than there are processors: a test often waits for a program that it has started.
WORKERS ?= 3

BIN := $(VENV)/bin
READY := $(VENV)/.ready
MINISTACK := .build/ministack
AGAINST := plugins/aws_bedrock/tests/nightly
LITELLM_PROXY := .build/litellm_proxy
AGAINST_PROXY := plugins/openai_compatible/tests/nightly
PROJECTS := pyproject.toml $(wildcard */pyproject.toml plugins/*/pyproject.toml wrappers/*/pyproject.toml)
OWN = $(shell sed -n 's/^name = "\(bonito-.*\)"/\1/p' $(PROJECTS))

# What a caller's shell may have set to put packages elsewhere, or other code in front of ours.
unexport PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONUSERBASE VIRTUAL_ENV CONDA_PREFIX
# Hundreds of programs are started here: each would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE
unexport PIP_CONSTRAINT PIP_PREFIX PIP_PYTHON PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET PIP_USER
unexport UV_CONSTRAINT UV_OVERRIDE UV_PREFIX UV_PROJECT UV_PROJECT_ENVIRONMENT UV_PYTHON
unexport UV_SYSTEM_PYTHON UV_TARGET UV_WORKING_DIRECTORY
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONNOUSERSITE := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-all check docs nightly mutants ministack litellm-proxy kill-matrix repeat bench lock clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: $(READY) ## walk through the main job, against emulated clouds
	@$(BIN)/bonito demo

test: $(READY) ## unit and contract tests, in under ten minutes
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile -m "not (slow or nightly)" --randomly-seed=$(SEED)

test-all: $(READY) ## the slow tests, and `make test` on each further Python of this machine
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile -m "slow and not nightly" --randomly-seed=$(SEED)
	@pythons=$$(.ci/pythons $(VENV)) || exit 1; \
	for python in $$pythons; do \
		name=$$("$$python" -c 'import platform; print("python-" + platform.python_version())'); \
		echo "make test with $$name" >&2; \
		$(MAKE) --no-print-directory test PYTHON="$$python" VENV=".build/$$name" || exit 1; \
	done

check: $(READY) ## style, types, imports between distributions, and the rules of this repository
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/uv pip check --quiet --python $(BIN)/python
	@$(BIN)/pytest -q -m "not slow" --randomly-seed=$(SEED) tests/workspace

docs: $(READY) ## build the documentation into .build/docs, strictly, and try all code in it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@$(BIN)/pytest -q -m "not nightly" --randomly-seed=$(SEED) tests/documentation

nightly: $(READY) mutants ministack litellm-proxy repeat ## what a night has time for, and CI has not
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile -m nightly

mutants: $(READY) ## try the contract suite on generated mutants of each shipped plugin (nightly)
	@for plugin in azure_foundry azure_openai aws_bedrock gcp_vertex openai_compatible; do \
		$(BIN)/python -m contract_tests.tests.mutation $$plugin || exit 1; done

ministack: $(READY) $(MINISTACK)/.ready ## try the Bedrock plugin on an emulator of AWS that others wrote (nightly)
	@$(BIN)/pytest -q --randomly-seed=$(SEED) $(AGAINST)/against_ministack.py

litellm-proxy: $(READY) $(LITELLM_PROXY)/.ready ## try the OpenAI-compatible plugin and the export on a LiteLLM Proxy (nightly)
	@$(BIN)/pytest -q --randomly-seed=$(SEED) $(AGAINST_PROXY)/against_litellm_proxy.py
	@$(BIN)/python -m host.tests.gateway.real_proxy $(LITELLM_PROXY)/bin/litellm

kill-matrix: $(READY) ## try each broken plugin of the gallery on the checks of its place, for people to read
	@PYTHONPATH=tests/third_party/aviary/src $(BIN)/python -m contract_tests.tests.gallery docs/reference/kill-matrix.md

repeat: $(READY) ## run the whole suite ten times in other orders, and compare (nightly)
	@PYTHONPATH=$(CURDIR)/tests/third_party/aviary/src $(BIN)/python -m contract_tests.tests.repetition \
		bonito_aviary.conformance:AviaryHarness azure_openai

bench: $(READY) ## measure what is promised about speed
	@for script in benchmarks/bench_*.py; do $(BIN)/python "$$script" || exit 1; done

# The versions that stand are kept; `make lock UPGRADE=--upgrade` takes the newest.
lock: $(READY) ## resolve the dependencies of every distribution again
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --all-extras --group dev $(UPGRADE) \
		$(OWN:%=--no-emit-package %) $(PROJECTS) --output-file requirements.lock

clean: ## remove everything that make has built
	@rm -rf .venv .build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist

# uv comes first, by pip and with the hash in the lock. It reads none of pip's configuration (a
# mirror, a certificate): where it cannot install, pip does, slower. `--without-pip` because some
# systems ship Python without the module that would bring pip into an environment.
$(READY): requirements.lock $(PROJECTS)
	@echo "Building the environment in $(VENV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv --clear --without-pip $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/installer.lock
	@$(PIP_INSTALL) --require-hashes -r $(VENV)/installer.lock
	@$(UV_INSTALL) --require-hashes -r requirements.lock || \
		$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(UV_INSTALL) --no-deps --no-build-isolation --offline $(addprefix -e ,$(dir $(PROJECTS)))
	@touch $@

# Apart, since it pins another botocore than ours.
$(MINISTACK)/.ready: $(AGAINST)/ministack.lock | $(READY)
	@$(PYTHON) -m venv --clear --without-pip $(MINISTACK)
	@$(BIN)/uv pip install --quiet --python $(MINISTACK)/bin/python --require-hashes -r $< || \
		$(PYTHON) -m pip --python $(MINISTACK)/bin/python install -qq --require-hashes -r $<
	@touch $@

# Apart, since the proxy has a hundred dependencies of its own.
$(LITELLM_PROXY)/.ready: $(AGAINST_PROXY)/litellm_proxy.lock | $(READY)
	@$(PYTHON) -m venv --clear --without-pip $(LITELLM_PROXY)
	@$(BIN)/uv pip install --quiet --python $(LITELLM_PROXY)/bin/python --require-hashes -r $< || \
		$(PYTHON) -m pip --python $(LITELLM_PROXY)/bin/python install -qq --require-hashes -r $<
	@touch $@

PIP_INSTALL = $(PYTHON) -m pip --python $(BIN)/python install -qq
UV_INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python
