# Every target only calls scripts/project.py, which also runs without make.
PYTHON ?= python3

.PHONY: help dev demo serve test check bench docs lexicon

help: ## say what each target does
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

dev: ## create .venv with everything for development, and install the git hooks
	$(PYTHON) scripts/project.py dev

demo: ## augment, train, kill the server and resume: the whole product in a few minutes
	$(PYTHON) scripts/project.py demo

serve: ## run the service on http://127.0.0.1:8000
	$(PYTHON) scripts/project.py serve

test: ## run every check and test
	$(PYTHON) scripts/project.py test

check: ## run the linters, the type checker and the layering rules
	$(PYTHON) scripts/project.py check

bench: ## print speed, loading, quality, tagging and verb forms beside other tools
	$(PYTHON) scripts/project.py bench

docs: ## run the code in the README and docs
	$(PYTHON) scripts/project.py docs

lexicon: ## rebuild the lexicon pack from its sources
	$(PYTHON) scripts/project.py lexicon
