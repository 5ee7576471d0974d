# Đôn Đốc. `make` alone lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
WORKERS ?= 2
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore

PO := $(wildcard tracker/translations/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)

.PHONY: help install run demo-reset test score gains tools translations \
	bench-extraction bench-hostile bench-workbook bench-reminders

help: ## List the commands
	@echo "Đôn Đốc · các lệnh / commands"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name about; do \
		printf '  make %-16s %s\n' "$$name" "$$about"; done
	@echo "  PORT=5001 make run   serves on another port"

install: $(VENV)/.run-ready $(MO) ## Make .venv with everything the application runs with, and compile the translations

run: install ## Run the demo on http://127.0.0.1:5000 (PORT=… changes the port); the data are kept
	@TRACKER_DEMO=on exec $(BIN)/flask --app app demo run

demo-reset: install ## Throw the demo's data away and start over (asks first; CONFIRM=yes does not)
	@TRACKER_DEMO=on exec $(BIN)/flask --app app demo reset $(if $(filter yes,$(CONFIRM)),--yes)

test: $(VENV)/.test-ready $(MO) tools ## Check everything: ruff, mypy, imports, tests on SQLite, PostgreSQL, SMTP, IMAP, Chromium, Tesseract, LibreOffice
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .import_linter_cache
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile </dev/null

score: $(VENV)/.run-ready ## Judge the reading of the real plans in ../shared, where they lie beside the project
	@if [ -d ../shared/extraction/gold ]; then $(BIN)/python -m bench.score; \
	else echo "../shared/extraction/gold không có ở đây. / There are no labelled plans in ../shared."; fi

gains: $(VENV)/.test-ready ## What the rules in the working tree gain and lose on our labelled plans against REV (HEAD)
	@$(BIN)/python -m bench.gains $(or $(REV),HEAD)

bench-extraction: $(VENV)/.run-ready ## Time and memory of reading duties, beside python-docx reading the same file
	@$(BIN)/python -m bench.extraction

bench-hostile: $(VENV)/.test-ready ## Time of looking at hostile texts and files, and of making forty letters
	@$(BIN)/python -m bench.hostile

bench-workbook: $(VENV)/.test-ready ## Time and statements of a filled workbook of 2,000 rows, on SQLite and PostgreSQL
	@$(BIN)/python -m bench.workbook

bench-reminders: $(VENV)/.test-ready ## Deciding a morning's reminders beside a bare select, sending them beside a bare smtplib loop
	@$(BIN)/python -m bench.deciding
	@$(BIN)/python -m bench.sending

# The steps below are used by those above.

$(BIN)/python:
	@found=""; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Cần Python 3.11 trở lên. / Python 3.11 or newer is needed (PYTHON=… names it)." >&2; exit 1; fi; \
	if ! $$found -m venv $(VENV) >/dev/null 2>&1; then \
		rm -rf $(VENV); \
		if ! $$found -m pip --version >/dev/null 2>&1 || ! $$found -m venv --without-pip $(VENV) >/dev/null 2>&1; then \
			rm -rf $(VENV); \
			echo "Không tạo được .venv; trên Debian/Ubuntu hãy chạy: apt-get install python3-venv" >&2; \
			echo "Cannot make .venv; on Debian/Ubuntu run: apt-get install python3-venv" >&2; exit 1; fi; \
		$$found -m pip --python $(VENV)/bin/python install --quiet pip || { rm -rf $(VENV); exit 1; }; fi

$(VENV)/.run-ready: requirements.txt | $(BIN)/python
	@echo "Cài đặt các gói cần dùng… / Installing what it needs…"
	@$(BIN)/python -m pip install --quiet -r requirements.txt </dev/null
	@touch $@

$(VENV)/.test-ready: requirements.txt requirements-dev.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet -r requirements-dev.txt </dev/null
	@touch $@ $(VENV)/.run-ready

translations: $(MO)

%.mo: %.po $(VENV)/.run-ready
	@$(BIN)/pybabel --quiet compile -i $< -o $@

# What tests drive beside Python. Debian's root gets it in one go; tests whose tool stays missing are skipped.
tools:
	@missing() { \
		{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || echo chromium; \
		tesseract --list-langs 2>/dev/null | grep -qx vie || echo tesseract-ocr tesseract-ocr-vie; \
		{ command -v soffice || command -v libreoffice; } >/dev/null || echo libreoffice-writer-nogui; \
		[ -e "$$(dirname "$$(readlink -f "$$(command -v soffice || command -v libreoffice)")")/libsclo.so" ] || \
			echo libreoffice-calc-nogui; \
		{ command -v dovecot || [ -x /usr/sbin/dovecot ]; } >/dev/null || echo dovecot-imapd; }; \
	packages="$$(missing | xargs)"; [ -n "$$packages" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing for the tests: $$packages"; export DEBIAN_FRONTEND=noninteractive; \
		get() { apt-get install -y -qq --no-install-recommends "$$@" fonts-dejavu-core </dev/null >/dev/null 2>&1; }; \
		: "The mail server is for the tests alone: it is not started, now or at the next boot."; \
		deny=/usr/sbin/policy-rc.d; \
		[ -e $$deny ] || { trap "rm -f $$deny" EXIT; printf '#!/bin/sh\nexit 101\n' >$$deny; chmod 755 $$deny; }; \
		apt-get update -qq </dev/null >/dev/null 2>&1; \
		get $$packages || for package in $$packages; do get $$package || true; done; \
		case "$$packages" in *dovecot*) [ ! -d /run/systemd/system ] || \
			systemctl disable --quiet dovecot.service dovecot.socket >/dev/null 2>&1 || true;; esac; \
	fi; \
	packages="$$(missing | xargs)"; [ -z "$$packages" ] || \
		echo "Tests of browsers, scans, old Word files or mailboxes are skipped; run as root: apt-get install $$packages"
