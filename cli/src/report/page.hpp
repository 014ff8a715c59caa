// The report: one HTML page that needs no network, no script and no other file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "html.hpp"
#include "page_data.hpp"

namespace quintile::cli::report {

// The whole page.
[[nodiscard]] std::string report_page(const PageData& data);

// Its parts, in the order of the page. Each adds one section, or nothing if it has no data.
void add_headline(const PageData& data, Html& html);
void add_findings(const PageData& data, Html& html);
void add_warnings(const PageData& data, Html& html);
void add_classes(const PageData& data, Html& html);
void add_grids(const PageData& data, Html& html);
void add_tiers(const PageData& data, Html& html);
void add_pareto(const PageData& data, Html& html);
void add_months(const PageData& data, Html& html);
void add_transition(const PageData& data, Html& html);
void add_quality(const PageData& data, Html& html);

// The sentences of "what to look at first", at most five.
[[nodiscard]] std::vector<std::string> findings(const PageData& data);

// The style sheet.
[[nodiscard]] std::string_view style_sheet();

// An amount with its currency: in full, or short for headlines.
[[nodiscard]] std::string money(const PageData& data, Int128 minor_units);
[[nodiscard]] std::string short_money(const PageData& data, Int128 minor_units);
// The colour step, 0 to 7, of `value` where `largest` is the darkest; by square root, so that small
// values can still be told apart.
[[nodiscard]] int heat_step(std::uint64_t value, std::uint64_t largest);
// "R 5", unbreakable, or a name that speaks for itself, "often".
[[nodiscard]] std::string tier_label(const DimensionPart& dimension, const TierRow& tier);
// "potential loyalist" for "potential_loyalist".
[[nodiscard]] std::string spoken_class(std::string_view name);

}  // namespace quintile::cli::report
