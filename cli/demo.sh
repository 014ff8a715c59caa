#!/usr/bin/env bash
# Shows the main job: makes up a shop, segments it, prints what came out and where the page is.
#
#   cli/demo.sh BUILD_DIR
#
# DEMO_CONTACTS is the size of the shop, one million unless set. Files go to BUILD_DIR/demo.
set -euo pipefail

build=${1:?usage: cli/demo.sh BUILD_DIR}
contacts=${DEMO_CONTACTS:-1000000}
program="$build/quintile"
out="$build/demo"
mkdir -p "$out"

say() { printf '%s\n' "$*" >&2; }

say "1. A made-up shop (what its visitors do on the site is left out: this takes orders only)"
"$program" generate --contacts "$contacts" --seed 7 --events off --out "$out/shop" --force

say ""
say "2. Tiers and classes of every customer as of 2025-12-31, by the model retail"
"$program" rfm --orders "$out/shop/orders.parquet" --as-of 2025-12-31 --compare-as-of 2025-09-30 \
  --model retail --currency EUR --out "$out/scores.csv" --report "$out/report.html" \
  --summary --grid --timings

say ""
say "3. What there is now"
say "   $out/report.html   open it in a browser: everything above, and more"
say "   $out/scores.csv    one line per customer"
say "   $out/shop          the orders it was made from"
