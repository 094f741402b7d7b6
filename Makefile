# Envoi. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help run demo stop test check tests soak chaos bench package clean

# What Python compiles is kept, whatever the environment says: else each of many processes compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
RUN := .venv/ready-to-run
DEV := .venv/ready-to-develop

help:
	@echo "make run      the whole of Envoi on this machine: local AWS, a demo audience, a real broadcast; stays up"
	@echo "              RECIPIENTS=20000 more of them   PORT=15000 other ports   FRESH=1 forget what was kept"
	@echo "make stop     stops it cleanly; the next make run goes on from what was kept"
	@echo "make demo     the same once, on ports of its own: succeeds only if what must hold held"
	@echo "make test     everything that tests it: lint, types, tests (about thirteen minutes on two cores)"
	@echo "make check    lint, types, architecture"
	@echo "make soak     the simulator of faults: up to a million seeds, an hour at most"
	@echo "              SEEDS=20000 fewer   MINUTES=5 shorter   FROM=7000 others   SEED=42 one, with its trace"
	@echo "make chaos    20,000 recipients by every transport in turn, workers killed, calls going wrong: nobody gets two"
	@echo "              RECIPIENTS=2000 fewer   TRANSPORTS=ses,smtp some   SEED=2 other chances"
	@echo "make bench    speed, cost and scale, each beside what one would pick instead (SIZES='--rows 10000': a smaller one)"
	@echo "make package  build/: the Lambda zip and the CloudFormation template"
	@echo "make clean    removes what was built (not .local, which make run FRESH=1 forgets, and not .venv)"

run: $(RUN)
	@$(PY) -m local.run $(if $(RECIPIENTS),--recipients $(RECIPIENTS)) $(if $(PORT),--port $(PORT)) $(if $(FRESH),--fresh)

demo: $(RUN)
	@$(PY) -m local.run --demo $(if $(RECIPIENTS),--recipients $(RECIPIENTS)) $(if $(PORT),--port $(PORT))

stop: $(RUN)
	@$(PY) -m local.stop

# Side by side, and the tests three at a time: on two cores, for they wait for browsers, queues and clocks.
test: $(DEV)
	@$(MAKE) --no-print-directory -j 2 check tests

tests: $(DEV)
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(DEV)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m pytest tests/test_architecture.py

soak: $(DEV)
	@$(PY) -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(FROM),--from $(FROM)) $(if $(MINUTES),--minutes $(MINUTES))

chaos: $(DEV)
	@$(PY) -m local.chaos $(if $(RECIPIENTS),--recipients $(RECIPIENTS)) $(if $(TRANSPORTS),--transports $(TRANSPORTS)) $(if $(SEED),--seed $(SEED)) $(if $(PORT),--port $(PORT))

bench: $(DEV)
	@$(PY) -m bench $(SIZES)

package: $(DEV)
	@$(PY) -m infra.package

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

$(RUN): requirements.txt requirements-local.txt requirements-ministack.txt
	@sh local/environment.sh requirements-local.txt $@

$(DEV): requirements.txt requirements-local.txt requirements-ministack.txt requirements-dev.txt
	@sh local/environment.sh requirements-dev.txt $@
