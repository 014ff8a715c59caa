#!/usr/bin/env bash
# Shows the main job: makes up a shop, segments it, asks it questions, prints what came out and where
# the page is.
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
say "3. The same shop as a store, and a segment by its condition: how many, who first, and why"
"$program" load --config "$out/shop/quintile.yaml" --store "$out/store"
where="rfm.class = 'champions' AND country = 'PL' AND sum(purchase.amount, 90d) > 500.00"
ask() { "$program" query --store "$out/store" --as-of 2025-12-31 "$where" "$@"; }
say "   $where"
ask --count
ask --rows "contact, rfm.monetary, days_since(purchase)" --order-by "rfm.monetary desc" --limit 5
ask --near-misses
ask --explain 1

say ""
say "4. What there is now"
say "   $out/report.html   open it in a browser: everything above, and more"
say "   $out/scores.csv    one line per customer"
say "   $out/store         the store: build/quintile query --store ... asks it more"
say "   $out/shop          the orders it was made from"
