// Heat maps: they are tables, so that they can be read without seeing the colours.
#include <algorithm>

#include "../number_text.hpp"
#include "page.hpp"

namespace quintile::cli::report {
namespace {

// More columns than this do not fit beside each other.
constexpr std::size_t kMostNarrowColumns = 6;

std::string heat_class(int step) { return "h" + std::to_string(step); }

std::uint64_t largest_of(const std::vector<std::uint64_t>& values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

// Small enough for a cell on a phone; the table of tiers has the digits.
std::string cell_count(std::uint64_t count) {
  if (count < 10'000) {
    return grouped(count);
  }
  if (count < 1'000'000) {
    return number_text(mean_scaled(count, 0, 1'000, count < 100'000 ? 1 : 0),
                       count < 100'000 ? 1 : 0) +
           "k";
  }
  return number_text(mean_scaled(count, 0, 1'000'000, 1), 1) + "M";
}

bool has_long_names(const DimensionPart& dimension) {
  return std::any_of(dimension.tiers.begin(), dimension.tiers.end(),
                     [](const TierRow& tier) { return tier.name.size() > 3; });
}

void add_grid(const PageData& data, const GridPart& grid, Html& html) {
  const DimensionPart& rows = data.dimensions[grid.row_dimension];
  const DimensionPart& columns = data.dimensions[grid.column_dimension];
  const std::uint64_t largest = largest_of(grid.contacts);
  html.markup("<div class=\"scroll\">").element("h3", rows.title + " by " + columns.title);
  const bool named = has_long_names(rows) || has_long_names(columns);
  html.markup("<table class=\"heat").markup(named ? " named" : "");
  html.markup(grid.columns > kMostNarrowColumns ? " many\">" : "\">");
  html.element("caption", "Rows " + rows.letter + ", columns " + columns.letter +
                              ": customers, and their share of revenue.");
  html.markup("<thead><tr><td></td>");
  for (std::size_t j = 0; j < grid.columns; ++j) {
    html.element("th scope=\"col\"", tier_label(columns, columns.tiers[j]));
  }
  html.markup("</tr></thead><tbody>\n");
  for (std::size_t i = grid.rows; i > 0; --i) {
    html.markup("<tr>").element("th scope=\"row\"", tier_label(rows, rows.tiers[i - 1]));
    for (std::size_t j = 0; j < grid.columns; ++j) {
      const std::size_t cell = (i - 1) * grid.columns + j;
      html.markup("<td class=\"" + heat_class(heat_step(grid.contacts[cell], largest)) + "\">");
      html.text(cell_count(grid.contacts[cell]));
      html.element("small", percent(grid.revenue[cell], data.summary.total.revenue));
      html.markup("</td>");
    }
    html.markup("</tr>\n");
  }
  html.markup("</tbody></table></div>\n");
}

// A class in which nobody was and nobody is would only widen the matrix.
std::vector<bool> used_columns(const TransitionPart& part) {
  std::vector<bool> used(part.to.size(), false);
  for (std::size_t i = 0; i < part.from.size(); ++i) {
    for (std::size_t j = 0; j < part.to.size(); ++j) {
      if (part.counts[i * part.to.size() + j] > 0) {
        used[j] = true;
      }
    }
  }
  return used;
}

void add_transition_row(const TransitionPart& part, std::size_t from, const std::vector<bool>& used,
                        Html& html) {
  std::vector<std::uint64_t> counts;
  std::uint64_t total = 0;
  for (std::size_t j = 0; j < part.to.size(); ++j) {
    counts.push_back(part.counts[from * part.to.size() + j]);
    total += counts.back();
  }
  if (total == 0) {
    return;
  }
  html.markup("<tr>").element("th scope=\"row\"", spoken_class(part.from[from]));
  for (std::size_t j = 0; j < part.to.size(); ++j) {
    if (used[j]) {
      const bool stays = part.from[from] == part.to[j];
      html.markup("<td class=\"" + heat_class(heat_step(counts[j], total)));
      html.markup(stays ? " stays\">" : "\">");
      html.text(counts[j] == 0 ? std::string("-") : grouped(counts[j])).markup("</td>");
    }
  }
  html.markup("<td>").text(grouped(total)).markup("</td></tr>\n");
}

}  // namespace

void add_grids(const PageData& data, Html& html) {
  if (data.grids.empty()) {
    return;
  }
  html.markup("<section><h2>How the tiers meet</h2>");
  html.element("p class=\"soft\"",
               "Tiers run from 1 (worst) to " +
                   std::to_string(data.dimensions.front().tiers.size()) +
                   " (best) for recency; the stronger the colour, the more customers.");
  const bool wide = std::any_of(data.grids.begin(), data.grids.end(), [](const GridPart& grid) {
    return grid.columns > kMostNarrowColumns;
  });
  html.markup(wide ? "<div class=\"cards wide\">\n" : "<div class=\"cards\">\n");
  for (const GridPart& grid : data.grids) {
    add_grid(data, grid, html);
  }
  html.markup("</div></section>\n");
}

void add_transition(const PageData& data, Html& html) {
  if (!data.transition) {
    return;
  }
  const TransitionPart& part = *data.transition;
  html.markup("<section><h2>Who moved since ").text(part.earlier_as_of).markup("</h2>");
  html.element("p class=\"soft small\"",
               "Rows: the class on " + part.earlier_as_of + ". Columns: the class on " +
                   data.as_of +
                   ". The stronger the colour, the larger the part of the row; framed: stayed.");
  html.markup("<div class=\"scroll\" tabindex=\"0\"><table class=\"heat moves\">");
  html.markup("<thead><tr><td></td>");
  const std::vector<bool> used = used_columns(part);
  for (std::size_t j = 0; j < part.to.size(); ++j) {
    if (used[j]) {
      html.element("th scope=\"col\"", spoken_class(part.to[j]));
    }
  }
  html.markup("<th scope=\"col\">all</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < part.from.size(); ++i) {
    add_transition_row(part, i, used, html);
  }
  html.markup("</tbody></table></div></section>\n");
}

}  // namespace quintile::cli::report
