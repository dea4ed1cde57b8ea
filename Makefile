# What people type. Everything else is CMake's: see CMakePresets.json.
.DEFAULT_GOAL := help
SHELL := /bin/bash
JOBS ?= $(shell nproc)
RELEASE := build/release
CALLFLOW := $(RELEASE)/callflow

.PHONY: help demo study test fuzz build bench validation format check asan coverage reference pages packages clean

help:
	@echo "make demo      run the example scenario: UDP open against TCP 443 only"
	@echo "make study     run the study of UDP and TCP over losses and round trips"
	@echo "make test      build and run the whole test suite"
	@echo "make fuzz      damage inputs and make up networks for FUZZ_SECONDS seconds (default 300)"
	@echo "make build     build $(CALLFLOW) and the tests"
	@echo "make bench     measure speed; writes build/bench.json"
	@echo "make validation hold callflow against measurements; writes pages in docs/validation"
	@echo "make asan      the test suite under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make coverage  the test suite with line coverage"
	@echo "make check     format, layers, documents"
	@echo "make format    format the sources in place"
	@echo "make reference write docs/reference anew from the parameter tables"
	@echo "make pages     run what the documents show; write their pages and pictures anew"
	@echo "make clean     remove build/"

# Installs what debian-packages.txt lists and is missing; instant when nothing is.
packages:
	@tools/install-packages

# Configured once; after that ninja itself sees when CMake must run again.
build/%/build.ninja: | packages
	cmake --preset $*

demo: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target callflow -j $(JOBS)
	@$(CALLFLOW) run scenarios/office-firewall.yaml

study: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target callflow -j $(JOBS)
	@$(CALLFLOW) run scenarios/udp-vs-tcp.yaml
	@$(CALLFLOW) compare scenarios/udp-vs-tcp.yaml --baseline turn-udp

build: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release -j $(JOBS)

test: build
	@ctest --preset release -j 2

# Each for a third of the time, in turn. CALLFLOW_FUZZ_SEED=N repeats what a run printed.
FUZZ_SECONDS ?= 300
fuzz: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target test_fuzz_bytes test_fuzz_structure test_fuzz_networks -j $(JOBS)
	@tools/fuzz $(RELEASE)/tests/fuzz $(FUZZ_SECONDS)

bench: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target bench_macro bench_micro callflow -j $(JOBS)
	@$(RELEASE)/bench/bench_micro
	@$(RELEASE)/bench/bench_macro --json build/bench.json
	@bench/many_calls $(CALLFLOW)
	@bench/large_group $(CALLFLOW)

# Exit code 1 of a program says that a bar is missed, which its page tells.
validation: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target linux_tcp chromium_audio chromium_video chromium_ice tunnels wifi -j $(JOBS)
	@$(RELEASE)/validation/linux_tcp --out build/linux-tcp.csv --page docs/validation/linux-tcp.md \
	  --plots docs/validation/pictures || [ $$? -eq 1 ]
	@$(RELEASE)/validation/chromium_audio --page docs/validation/chromium-audio.md || [ $$? -eq 1 ]
	@$(RELEASE)/validation/chromium_video --page docs/validation/chromium-video.md || [ $$? -eq 1 ]
	@$(RELEASE)/validation/chromium_ice --page docs/validation/chromium-ice.md || [ $$? -eq 1 ]
	@$(RELEASE)/validation/tunnels --page docs/validation/tunnels.md || [ $$? -eq 1 ]
	@$(RELEASE)/validation/wifi --page docs/validation/wifi.md || [ $$? -eq 1 ]

asan: build/asan/build.ninja | packages
	@cmake --build --preset asan -j $(JOBS)
	@ctest --preset asan -j 2

coverage: build/coverage/build.ninja | packages
	@cmake --build --preset coverage -j $(JOBS)
	@ctest --preset coverage -j 2
	@gcovr --root . --filter 'src/' --filter 'models/' --object-directory build/coverage \
	  --html-details build/coverage/coverage.html --txt

SOURCES = git ls-files -z '*.cc' '*.h'

format: | packages
	@$(SOURCES) | xargs -0 clang-format-14 -i

check: build
	@tools/check-format
	@tools/check-layers
	@tools/check-docs $(CALLFLOW)

pages: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target callflow -j $(JOBS)
	@tools/write-page $(CALLFLOW) docs/pages/*.md.in
	@tools/write-pictures $(CALLFLOW)

reference: $(RELEASE)/build.ninja | packages
	@cmake --build --preset release --target callflow -j $(JOBS)
	@tools/check-docs --write-reference $(CALLFLOW)

clean:
	rm -rf build
