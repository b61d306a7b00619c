# make demo   sets everything up, then runs the main job on real data
# make check  sets everything up, then lint, types, import contract, tests: what CI runs
# make check-torch  the tests that need PyTorch, in an environment of their own
# make docs   runs all examples, writes the pages of docs/ from them and the docstrings, and builds site/, offline
# make site   builds site/ from the pages as they are
# make sbom   writes dist/karat.cdx.json, the software bill of materials (CycloneDX) of what is installed
# make bench  measures time and memory; results go to benchmarks/results/

PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
TORCH := torch==2.13.0 transformers==5.23.0 datasets==5.2.0
TORCH_TESTS := $(shell grep -rlE '"torch"|import torch' tests)
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

.PHONY: demo check check-torch fix docs site sbom bench constraints clean

demo: .venv/base
	$(BIN)/karat demo

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests/typed_face.py
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

check-torch: .venv-torch/ready
	.venv-torch/bin/python -m pytest -n 2 $(TORCH_TESTS)

fix: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev
	$(BIN)/python -m karat.show.pages docs
	$(BIN)/python -m karat.show.reference_pages docs
	$(BIN)/python -m karat.show.tutorial_pages examples/tutorials docs
	$(BIN)/python -m karat.show.domain_pages examples docs/domains
	$(MAKE) site

site: .venv/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "open site/index.html, or with the search: $(PYTHON) -m http.server -d site"

sbom: .venv/base
	$(BIN)/python -m karat.show.bill_of_materials dist/karat.cdx.json

bench: .venv/dev
	$(BIN)/python benchmarks/assess_scaling.py

constraints: $(UV)
	$(UV) pip compile -q pyproject.toml --group dev --group docs --extra serve --extra text --extra images --extra mcp --extra watch \
		--no-emit-index-url --no-header --no-annotate --universal -o constraints.txt

$(UV):
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Karat wants Python 3.11 or newer, found " + sys.version.split()[0]'
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv

.venv/base: $(UV) pyproject.toml constraints.txt
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --editable '.[serve]'
	touch $@

.venv/dev: .venv/base
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --group dev --editable '.[serve,text,images,mcp,watch]'
	touch $@

.venv/site: .venv/base
	$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --group docs
	touch $@

# pip, not uv: pip finds the CPU build of PyTorch where the index has one
.venv-torch/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	.venv-torch/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		$(TORCH) --editable '.[serve,text,images,mcp,watch]' --group dev
	touch $@

clean:
	rm -rf .venv .venv-torch .uv build dist
