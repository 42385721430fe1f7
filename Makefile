# make run    serve Majlis at http://127.0.0.1:8000 (PORT=8001 for another port)
# make demo   serve a made-up story of three years at http://127.0.0.1:8001, in a database of its own beside the real one
# make test   run the tests (ARGS="-k claims" for some of them)
# make test-fast  run what is quick of them: no browser, no canary, no campaign, nothing that takes long
# make test-next  run them on the next Django, with Python 3.12 or newer (PYTHON=python3.12)
# make lint   run every check that CI runs
# make fmt    format code and templates
# make drill  dump a filled database, restore it in every supported way, and compare
# make fuzz   ask every address for what nobody would ask, for SECONDS=600 (SEED=… to ask the same again)
# make kill-worker  kill the background worker at 200 random moments, and see that all is done once (ARGS="--kills 20")
# make freshness  read 10,000 answers of 4 processes during 1,000 writes, and see that none is stale (ARGS="--valkey")
# make bench  measure what first pages cost in a base of 100,000 recommendations (ARGS="--short" for less)
# make bench-role  measure what it costs that the public reads as a role of its own (ARGS="--requests 2000")
# make bench-ledger  measure what a partnership costs among 200,000 claims (ARGS="--requests 200")

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
SECONDS ?= 600
# One more than most machines of ours have processors: tests wait for processes, browsers and locks.
WORKERS ?= 3
SEED ?= $(shell date +%s)

IN := .venv/bin
MODULES = $(shell find config events partnerships publishing recommendations tests -name '*.py')
TEMPLATES = $(shell find templates -name '*.html' 2>/dev/null)
LOCK := $(CURDIR)/$(IN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --python-version 3.11
# Production's settings with nothing secret in them, for the checks that only production passes.
AS_IN_PRODUCTION := MAJLIS_MODE=production SECRET_KEY=checked-only-$$($(PYTHON) -c 'import secrets; print(secrets.token_hex(32))') \
	ALLOWED_HOSTS=majlis.example DATABASE_URL=postgresql://majlis@localhost/majlis

.PHONY: help run test test-fast test-next lint fmt drill bench bench-role bench-ledger messages lock installed installed-dev fuzz kill-worker freshness demo
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# make/make/p' Makefile

installed:
	@$(PYTHON) requirements/install.py run

installed-dev:
	@$(PYTHON) requirements/install.py dev

run: installed
	@exec $(IN)/python manage.py serve --port $(PORT)

demo: PORT = 8001
demo: installed
	@MAJLIS_DEMO=1 exec $(IN)/python manage.py serve --port $(PORT)

test: installed-dev
	@$(IN)/python requirements/install_debian.py chromium fonts-noto-core redis-server
	@exec $(IN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

test-fast: installed-dev
	@exec $(IN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not browser and not long" $(ARGS)

# What Django drops only after the next one is told at the end, and fails nothing yet.
test-next:
	@$(PYTHON) requirements/install.py next
	@.venv-next/bin/python requirements/install_debian.py chromium fonts-noto-core redis-server
	@MAJLIS_FETCH=raise exec .venv-next/bin/python -m pytest -n $(WORKERS) --dist loadfile -W default::PendingDeprecationWarning $(ARGS)

fuzz: installed-dev
	@MAJLIS_FUZZ_SECONDS=$(SECONDS) MAJLIS_FUZZ_SEED=$(SEED) exec $(IN)/python -m pytest -q tests/fuzz $(ARGS)

CHECKS := code format django templates imports types migrations deployment
.PHONY: $(CHECKS:%=check-%)
lint: $(CHECKS:%=check-%)

check-code: installed-dev
	$(IN)/ruff check .

check-format: installed-dev
	$(IN)/ruff format --check .

# Not request.headers for request.META: it is a copy made at the first look, and our middleware changes what others read.
check-django: installed-dev
	@echo "django-upgrade --target-version 5.2 --skip request_headers --check"
	@$(IN)/django-upgrade --target-version 5.2 --skip request_headers --check manage.py $(MODULES)

check-templates: installed-dev
	$(IN)/djade --target-version 5.2 --check $(TEMPLATES)

check-imports: installed-dev
	$(IN)/lint-imports

check-types: installed-dev
	MAJLIS_MODE=development $(IN)/mypy .

check-migrations: installed-dev
	MAJLIS_MODE=development $(IN)/python manage.py makemigrations --check --dry-run

check-deployment: installed-dev
	@echo "manage.py check --deploy, with production's settings"
	@$(AS_IN_PRODUCTION) $(IN)/python manage.py check --deploy --fail-level WARNING

fmt: installed-dev
	$(IN)/ruff check --fix-only .
	$(IN)/ruff format .
	$(IN)/djade --target-version 5.2 $(TEMPLATES)

drill: installed-dev
	@exec $(IN)/python -m tests.drill.restore $(ARGS)
kill-worker: installed-dev
	@exec $(IN)/python -m tests.killing.campaign $(ARGS)

freshness: installed-dev
	@$(IN)/python requirements/install_debian.py redis-server
	@exec $(IN)/python -m tests.freshness.campaign $(ARGS)

bench: installed-dev
	@exec $(IN)/python -m tests.bench.follow_up $(ARGS)

bench-role: installed-dev
	@exec $(IN)/python -m tests.bench.role_switch $(ARGS)

bench-ledger: installed-dev
	@exec $(IN)/python -m tests.bench.ledger $(ARGS)

# Collects what is to be translated into config/locale; needs Debian's gettext.
messages: installed-dev
	@$(IN)/python requirements/install_debian.py gettext
	MAJLIS_MODE=development $(IN)/python manage.py makemessages --locale tr --locale ar --no-wrap --add-location file \
		--ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'

# Takes the newest versions that requirements/*.in allow.
lock: installed-dev
	cd requirements && $(LOCK) --upgrade bootstrap.in -o bootstrap.txt
	cd requirements && $(LOCK) --upgrade run.in -o run.txt
	cd requirements && $(LOCK) --upgrade -c run.txt dev.in -o dev.txt
	cd requirements && $(LOCK:3.11=3.12) --upgrade next.in -o next.txt
