# analoom: every target sets up what is missing first (.venv, packages, applications).
.PHONY: help setup demo test test-quick test-full test-install signoff-agreement signoff-lvs-mutants mutants bench gallery lint clean

PYTEST = .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -p no:cacheprovider

help:
	@echo "make demo | test | test-quick | test-full | test-install | signoff-agreement | signoff-lvs-mutants | mutants | lint | bench | gallery | clean"

setup:
	@bash .ci/setup

demo: setup
	@.venv/bin/analoom demo

test: setup
	@$(PYTEST) -m "not full"

test-quick: setup
	@$(PYTEST) -m "not slow and not full"

test-full: lint
	@$(PYTEST) -m "" --durations=20
	@.venv/bin/python tests/benchmarks/bench.py

test-install: setup
	@.venv/bin/python tests/install/fresh_install.py

signoff-agreement: setup
	@.venv/bin/python tests/mutants/drc_agreement.py

signoff-lvs-mutants: setup
	@.venv/bin/python tests/mutants/lvs_campaign.py

mutants: setup
	@.venv/bin/python tests/mutants/source_campaign.py

bench: setup
	@.venv/bin/python tests/benchmarks/bench.py
	@.venv/bin/python tests/benchmarks/capacitance.py
	@.venv/bin/python tests/benchmarks/array_bench.py
	@.venv/bin/python tests/benchmarks/array_agreement.py 8,16,32,64 tt synapse_2t1c
	@.venv/bin/python tests/benchmarks/pex_bench.py
	@.venv/bin/python tests/benchmarks/router_bench.py
	@.venv/bin/python tests/benchmarks/backprop_bench.py

gallery: setup
	@.venv/bin/python tests/gallery/draw_gallery.py

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@rm -rf out/types && mkdir -p out/types/analoom
	@for part in pdk cells generators flows flows/front/*.py; do ln -s "$(CURDIR)/$$part" out/types/analoom/; done
	@MYPYPATH=out/types .venv/bin/mypy --namespace-packages --explicit-package-bases -p analoom

clean:
	@find out -mindepth 1 ! -path out/README.md ! -path 'out/gallery*' -delete
