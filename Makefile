# make demo   sets everything up, then runs the main job on real data
# make check  sets everything up, then lint, types, import contract, tests: what CI runs
# make docs   writes the pages of docs/ from the docstrings, and runs the notebooks of examples/ into docs/domains/
# make bench  measures time and memory; results go to benchmarks/results/

PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
GPT_TESTS := torch==2.13.0 transformers==5.23.0 datasets==5.2.0
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

.PHONY: demo check fix docs bench constraints clean

demo: .venv/base
	$(BIN)/karat demo

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

fix: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev
	$(BIN)/python -m karat.show.pages docs
	$(BIN)/python -m karat.show.domain_pages examples docs/domains

bench: .venv/dev
	$(BIN)/python benchmarks/assess_scaling.py

constraints: $(UV)
	$(UV) pip compile -q pyproject.toml --group dev --extra serve --extra text --extra images \
		--no-emit-index-url --no-header --no-annotate --universal -o constraints.txt

$(UV):
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Karat wants Python 3.11 or newer, found " + sys.version.split()[0]'
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv

.venv/base: $(UV) pyproject.toml constraints.txt
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --editable '.[serve]'
	touch $@

.venv/dev: .venv/base
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --group dev --editable '.[serve,text,images]'
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt $(GPT_TESTS)
	touch $@

clean:
	rm -rf .venv .uv build dist
