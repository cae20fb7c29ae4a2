# Everything a newcomer, a developer or a CI machine does here. `make` prints this list.
SHELL := /bin/bash
.DEFAULT_GOAL := help
RUN := .venv/bin
DEMO ?=
ARGS ?=

.PHONY: help demo serve test check bench scale format setup messages

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: ## the main job: sandbox, app and worker; creators consent, figures are read and shown (DEMO=--once: print and exit)
	@scripts/setup.sh runtime
	@$(RUN)/greenroom demo $(DEMO)

serve: ## run Greenroom with its worker on this machine
	@scripts/setup.sh runtime
	@$(RUN)/greenroom init
	@$(RUN)/greenroom serve --with-worker $(ARGS)

setup: ## make the development environment
	@scripts/setup.sh dev

test: setup ## all tests: SQLite, PostgreSQL, browser (ARGS="-k word" for some)
	@scripts/test.sh $(ARGS)

check: setup ## the one gate: format, lint, types, layers, migrations, then all tests
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/python manage.py makemigrations --check --dry-run
	@$(MAKE) --no-print-directory test

format: setup ## format the code and fix what the linter can
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

messages: setup ## after texts changed: renew the German catalogue, then translate what is empty and run it again (needs gettext)
	$(RUN)/python manage.py makemessages -l de --no-obsolete --no-wrap --add-location file
	cd greenroom/locale/de/LC_MESSAGES && msgfmt --check-format -o django.mo django.po

bench: setup ## measure: sync speed beside dlt, the Creators page, a saturated worker, webhooks (three minutes)
	@for one in sync_speed creators_page saturate webhooks; do echo "== $$one"; $(RUN)/python bench/$$one.py || exit 1; done

scale: setup ## measure 14.4 million readings (over ten minutes; ARGS="--creators 50 --days 10" for a quick look)
	@$(RUN)/python bench/scale.py $(ARGS)
