#include "page.hpp"

#include <algorithm>
#include <cmath>

#include "../number_text.hpp"

namespace quintile::cli::report {
namespace {

void add_header(const PageData& data, Html& html) {
  html.markup("<header>").element("h1", "Customer segments as of " + data.as_of);
  html.markup("<p class=\"soft\">");
  html.text(counted(data.summary.total.contacts, "customer", "customers") +
            " by how recently, how often and for how much they bought. Model: " + data.model + ".");
  html.markup("</p></header>\n");
}

void add_footer(const PageData& data, Html& html) {
  html.markup("<footer>");
  for (const std::string& note : data.method_notes) {
    html.element("p", note);
  }
  html.element("p", "Made by " + data.generated_by + " on " + data.generated_at + ".");
  html.markup("</footer>\n");
}

}  // namespace

std::string money(const PageData& data, Int128 minor_units) {
  const std::string amount = grouped(minor_units, data.summary.currency_decimals);
  return data.currency.empty() ? amount : amount + " " + data.currency;
}

std::string short_money(const PageData& data, Int128 minor_units) {
  const std::string amount = short_amount(minor_units, data.summary.currency_decimals);
  return data.currency.empty() ? amount : amount + " " + data.currency;
}

int heat_step(std::uint64_t value, std::uint64_t largest) {
  if (value == 0 || largest == 0) {
    return 0;
  }
  const double part = std::sqrt(static_cast<double>(value) / static_cast<double>(largest));
  return std::clamp(static_cast<int>(std::ceil(part * 7.0)), 1, 7);
}

std::string tier_label(const DimensionPart& dimension, const TierRow& tier) {
  constexpr std::size_t kShortName = 3;
  constexpr const char* kNoBreakSpace = "\xC2\xA0";
  return tier.name.size() <= kShortName ? dimension.letter + kNoBreakSpace + tier.name : tier.name;
}

std::string spoken_class(std::string_view name) {
  if (name == "cant_lose") {
    return "can't lose";
  }
  std::string spoken(name);
  std::replace(spoken.begin(), spoken.end(), '_', ' ');
  return spoken;
}

std::string report_page(const PageData& data) {
  Html html;
  html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  html.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
  html.markup("<meta name=\"color-scheme\" content=\"light dark\">\n");
  html.element("title", "Customer segments as of " + data.as_of);
  html.markup("\n<style>").markup(style_sheet()).markup("</style>\n</head>\n<body>\n");
  add_header(data, html);
  html.markup("<main>\n");
  add_headline(data, html);
  add_findings(data, html);
  add_warnings(data, html);
  add_classes(data, html);
  add_transition(data, html);
  add_grids(data, html);
  add_tiers(data, html);
  add_pareto(data, html);
  add_months(data, html);
  add_quality(data, html);
  html.markup("</main>\n");
  add_footer(data, html);
  html.markup("</body>\n</html>\n");
  return html.page();
}

}  // namespace quintile::cli::report
