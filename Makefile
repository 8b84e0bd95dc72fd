# Everything runs in .venv (VENV=…: in another). Once that is filled, only `make lock` needs the network.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: help demo test fuzz lint messages docs golden wheel bundle bench lock clean
.DELETE_ON_ERROR:

help:
	@echo "make demo      write the example report into ./demo, show its progress and its findings"
	@echo "make test      run all tests (PYTEST_ARGS='-k words' for some)"
	@echo "make fuzz      try inputs that nobody would write, for FUZZ_SECONDS=240 (FUZZ_ARGS='--seed 7 sources')"
	@echo "make lint      check style and types"
	@echo "make messages  bring the translations in step with the code"
	@echo "make docs      bring the made parts of docs/ in step with taxonomies and formats"
	@echo "make golden    write the golden files of the example reports anew (read the difference)"
	@echo "make wheel     build dist/*.whl"
	@echo "make bundle    build dist/juesuan-*.pyz: one file for computers without network (BUNDLE_PYTHONS='3.12 3.13')"
	@echo "make bench     run the benchmarks"
	@echo "make lock      pin the dependencies anew (LOCK_ARGS=--upgrade for the newest)"
	@echo "make clean     remove everything that make has made, .venv as well"

demo: $(VENV)/project
	@$(BIN)/juesuan export examples/sanming-2024.toml --out-dir demo
	@$(BIN)/juesuan check examples/sanming-2024.toml
	@echo; echo "The report lies in demo/:"; ls demo

test: $(VENV)/project $(VENV)/dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# A failing input is written to build/fuzz. The tests run a short campaign, the same every time.
FUZZ_SECONDS ?= 240
fuzz: $(VENV)/project $(VENV)/dev
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(FUZZ_ARGS)

lint: $(VENV)/project $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/mypy

# No dates, places or line numbers: a catalogue changes only when a message does.
# English needs no update: what it does not translate is shown as it stands in the code.
messages: $(VENV)/project
	$(BIN)/pybabel --quiet extract --omit-header --no-location --sort-output --no-wrap \
		--output-file locales/juesuan.pot src
	$(BIN)/pybabel --quiet update --ignore-pot-creation-date --ignore-obsolete --no-wrap \
		--domain juesuan --locale zh_CN --input-file locales/juesuan.pot --output-dir locales

docs: $(VENV)/project
	$(BIN)/python -m juesuan.core.reference docs

golden: $(VENV)/project $(VENV)/dev
	JUESUAN_GOLDEN=write $(BIN)/python -m pytest -q tests/test_sanming.py tests/test_linfen.py tests/test_panzhihua.py tests/test_published.py
	@git diff --stat -- tests/golden

# build/ goes first: setuptools would pack what an older build left there.
wheel: $(VENV)/project
	rm -rf build
	$(PIP) wheel --no-index --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

# BUNDLE_PYTHONS="3.12 3.13": compiled parts for these too, which are fetched by the hashes of the lock.
BUNDLE_ARCH ?= $(shell uname -m)
bundle: wheel
	rm -rf build/bundle
	$(foreach version,$(BUNDLE_PYTHONS),$(PIP) download --require-hashes --only-binary :all: \
		--python-version $(version) --implementation cp $(foreach glibc,2_17 2_26 2_28 2_34,--platform \
		manylinux_$(glibc)_$(BUNDLE_ARCH)) --dest build/bundle/$(version) -r requirements.lock &&) true
	$(BIN)/python bundle/build.py dist/juesuan-*.whl dist $$(find build/bundle -name '*.whl' 2>/dev/null)

bench: $(VENV)/project $(VENV)/dev
	$(BIN)/python -m benchmarks

# The stamps: an environment with what is needed to run, the same for development, the project.
# Build requirements are locked too, so that the project's own build fetches nothing.
$(VENV)/run: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there: juesuan needs Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "juesuan needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(VENV)/project: $(VENV)/run pyproject.toml setup.py $(wildcard locales/*/LC_MESSAGES/*.po)
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The machine's own pip settings are left out, lest they narrow the hashes to what it sees.
LOCK = env -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null \
	CUSTOM_COMPILE_COMMAND='make lock' build/lock/bin/pip-compile --quiet --build-deps-for wheel $(LOCK_ARGS)
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet pip-tools
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv build dist demo juesuan.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f locales/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -prune -exec rm -rf {} +
