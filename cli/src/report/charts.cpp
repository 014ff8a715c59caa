// The two charts: shapes in SVG that stretch with the page, labels in HTML that keep their size,
// and a table for whoever cannot see them.
#include <algorithm>
#include <array>
#include <cstdio>

#include "../number_text.hpp"
#include "page.hpp"

namespace quintile::cli::report {
namespace {

constexpr std::size_t kMostMonths = 36;
constexpr double kChartUnits = 1000.0;

double as_double(Int128 value) { return static_cast<double>(value); }

std::string unit_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string percent_place(double part) { return unit_text(part * 100.0) + "%"; }

// A scale from a round number at or below zero to just above all values, with lines at round
// numbers.
struct Scale {
  double low = 0;
  double high = 1;
  double step = 1;
  [[nodiscard]] double place(double value) const { return (value - low) / (high - low); }
};

Scale round_scale(double low, double high) {
  Scale scale;
  const double span = std::max(high - low, 1e-9);
  double step = 1;
  while (step * 10 <= span) {
    step *= 10;
  }
  while (step > span) {
    step /= 10;
  }
  // Three to six lines.
  step = span / step > 5 ? step * 2 : (span / step < 2.5 ? step / 2 : step);
  scale.step = step;
  while (scale.low > low) {
    scale.low -= step;
  }
  // A little air above the highest bar; lines stay at round numbers.
  scale.high = std::max(high * 1.04, scale.low + step);
  return scale;
}

void add_grid_line(Html& html, double part, bool zero) {
  const std::string y = unit_text((1 - part) * kChartUnits);
  html.markup("<line class=\"")
      .markup(zero ? "zero" : "grid")
      .markup("\" x1=\"0\" x2=\"1000\" y1=\"");
  html.markup(y).markup("\" y2=\"").markup(y).markup("\"/>");
}

void add_y_label(Html& html, double part, const std::string& label) {
  html.markup("<span class=\"y\" aria-hidden=\"true\" style=\"top:" + percent_place(1 - part) +
              "\">");
  html.text(label).markup("</span>");
}

void add_x_label(Html& html, double part, const std::string& label, const char* kind) {
  html.markup(std::string("<span aria-hidden=\"true\" class=\"x ") + kind +
              "\" style=\"left:" + percent_place(part) + "\">");
  html.text(label).markup("</span>");
}

void open_chart(Html& html, const char* kind, const std::string& title) {
  html.markup(std::string("<div class=\"chart ") + kind +
              "\"><svg role=\"img\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">");
  html.element("title", title);
}

std::string pareto_path(const PageData& data, const Scale& scale) {
  const double all_contacts = static_cast<double>(data.pareto.back().contacts);
  const double all_revenue = as_double(data.pareto.back().revenue);
  std::string path;
  for (const ParetoPoint& point : data.pareto) {
    const double x = static_cast<double>(point.contacts) / all_contacts * kChartUnits;
    const double share = as_double(point.revenue) / all_revenue;
    path += (path.empty() ? "M" : "L") + unit_text(x) + " " +
            unit_text((1 - scale.place(share)) * kChartUnits);
  }
  return path;
}

void add_pareto_chart(const PageData& data, Html& html) {
  double highest = 1;
  double lowest = 0;
  for (const ParetoPoint& point : data.pareto) {
    const double share = as_double(point.revenue) / as_double(data.pareto.back().revenue);
    highest = std::max(highest, share);
    lowest = std::min(lowest, share);
  }
  const Scale scale{lowest, highest, 0.25};
  open_chart(html, "pareto", "Share of revenue brought by the best customers");
  const std::string path = pareto_path(data, scale);
  const std::string base = unit_text((1 - scale.place(0)) * kChartUnits);
  html.markup("<path class=\"area\" d=\"" + path + "L1000 " + base + "L0 " + base + "Z\"/>");
  for (int quarter = 0; quarter <= 4; ++quarter) {
    add_grid_line(html, scale.place(quarter * 0.25), quarter == 0);
  }
  html.markup("<line class=\"equal\" x1=\"0\" x2=\"1000\" y1=\"" + base + "\" y2=\"" +
              unit_text((1 - scale.place(1)) * kChartUnits) + "\"/>");
  html.markup("<path class=\"curve\" d=\"" + path + "\"/></svg>");
  for (int quarter = 0; quarter <= 4; ++quarter) {
    add_y_label(html, scale.place(quarter * 0.25), std::to_string(quarter * 25) + "%");
    add_x_label(html, quarter * 0.25, std::to_string(quarter * 25) + "%", "");
  }
  const double twenty = as_double(data.pareto[20 * kParetoPartsPerPercent].revenue) /
                        as_double(data.pareto.back().revenue);
  html.markup("<span class=\"note\" style=\"left:20%;top:" +
              percent_place(1 - scale.place(twenty)) + "\">");
  html.text("20% bring " +
            percent(data.pareto[20 * kParetoPartsPerPercent].revenue, data.pareto.back().revenue));
  html.markup("</span></div>\n");
}

void add_pareto_table(const PageData& data, Html& html) {
  html.markup("<details><summary>As a table</summary><table><thead><tr>");
  html.markup("<th scope=\"col\">Best customers</th><th scope=\"col\">Number</th>");
  html.markup("<th scope=\"col\">Their revenue</th><th scope=\"col\">Share</th></tr></thead>");
  html.markup("<tbody>\n");
  for (const std::size_t share : {1U, 5U, 10U, 20U, 30U, 40U, 50U, 60U, 70U, 80U, 90U, 100U}) {
    const ParetoPoint& point = data.pareto[share * kParetoPartsPerPercent];
    html.markup("<tr>").element("th scope=\"row\"", std::to_string(share) + "%");
    html.element("td", grouped(point.contacts));
    html.element("td", grouped(point.revenue, data.summary.currency_decimals));
    html.element("td", percent(point.revenue, data.pareto.back().revenue)).markup("</tr>\n");
  }
  html.markup("</tbody></table></details>\n");
}

Int128 total_of(const Period& period) {
  Int128 total = 0;
  for (const Int128 revenue : period.revenue_by_tier) {
    total += revenue;
  }
  return total;
}

// The colour of tier i of k, from the second lightest step to the darkest.
int tier_step(std::size_t tier, std::size_t tiers) {
  return tier == 0 || tiers < 2
             ? 1
             : 2 + static_cast<int>((tier - 1) * 5 / std::max<std::size_t>(1, tiers - 1));
}

Scale month_scale(const std::vector<Period>& months) {
  double high = 0;
  double low = 0;
  for (const Period& month : months) {
    double up = 0;
    double down = 0;
    for (const Int128 revenue : month.revenue_by_tier) {
      (revenue > 0 ? up : down) += as_double(revenue);
    }
    high = std::max(high, up);
    low = std::min(low, down);
  }
  // A few returns of people who never bought do not deserve a quarter of the chart.
  return round_scale(low > -0.05 * high ? 0 : low, high);
}

// One month: what tiers brought is stacked upwards, what they took back downwards.
void add_bar(const Period& month, std::size_t position, std::size_t count, const Scale& scale,
             Html& html) {
  const double width = kChartUnits / static_cast<double>(count);
  double up = 0;
  double down = 0;
  for (std::size_t tier = 0; tier < month.revenue_by_tier.size(); ++tier) {
    const double revenue = as_double(month.revenue_by_tier[tier]);
    double& edge = revenue > 0 ? up : down;
    const double from = scale.place(edge);
    edge += revenue;
    const double to = scale.place(edge);
    if (revenue == 0) {
      continue;
    }
    html.markup(
        "<rect class=\"f" + std::to_string(tier_step(tier, month.revenue_by_tier.size() - 1)) +
        "\" x=\"" + unit_text((static_cast<double>(position) + 0.12) * width) + "\" width=\"" +
        unit_text(width * 0.76) + "\" y=\"" + unit_text((1 - std::max(from, to)) * kChartUnits) +
        "\" height=\"" +
        unit_text(std::max(from, to) * kChartUnits - std::min(from, to) * kChartUnits) + "\"/>");
  }
}

void add_month_labels(const std::vector<Period>& months, Html& html) {
  const std::size_t wide_every = (months.size() + 12) / 13;
  const std::size_t narrow_every = wide_every * 3;
  for (std::size_t i = 0; i < months.size(); ++i) {
    const std::size_t from_last = months.size() - 1 - i;
    const char* kind = from_last % narrow_every == 0 ? ""
                       : from_last % wide_every == 0 ? "often"
                                                     : "minor";
    add_x_label(html, (static_cast<double>(i) + 0.5) / static_cast<double>(months.size()),
                months[i].label, kind);
  }
}

void add_month_key(const PageData& data, std::size_t tiers, Html& html) {
  const DimensionPart& frequency = data.dimensions[1];
  html.markup("<ul class=\"key\" aria-label=\"Colours\">");
  for (std::size_t tier = tiers; tier + 1 > 0; --tier) {
    const std::string step = std::to_string(tier_step(tier, tiers));
    html.markup("<li><i style=\"background:var(--h" + step + ")\"></i>");
    html.text(tier == 0
                  ? std::string(data.window.empty() ? "no purchase" : "no purchase in the window")
                  : tier_label(frequency, frequency.tiers[tier - 1]) + ": " +
                        frequency.tiers[tier - 1].range);
    html.markup("</li>");
    if (tier == 0) {
      break;
    }
  }
  html.markup("</ul>\n");
}

void add_month_table(const PageData& data, Html& html) {
  html.markup("<details><summary>As a table</summary><table><thead><tr>");
  html.markup("<th scope=\"col\">Month</th><th scope=\"col\">Purchases</th>");
  html.markup("<th scope=\"col\">Revenue</th></tr></thead><tbody>\n");
  for (const Period& month : data.months) {
    html.markup("<tr>").element("th scope=\"row\"", month.label);
    html.element("td", grouped(month.purchases));
    html.element("td", grouped(total_of(month), data.summary.currency_decimals));
    html.markup("</tr>\n");
  }
  html.markup("</tbody></table></details>\n");
}

}  // namespace

void add_pareto(const PageData& data, Html& html) {
  if (data.pareto.size() != kParetoParts + 1 || data.pareto.back().revenue <= 0) {
    return;
  }
  html.markup("<section><h2>How much hangs on how few</h2>");
  html.element("p class=\"soft\"",
               "Customers from the one who spent most to the one who spent least (across), and the "
               "share of revenue they bring together (up). Dashed: if all spent the same.");
  add_pareto_chart(data, html);
  add_pareto_table(data, html);
  html.markup("</section>\n");
}

void add_months(const PageData& data, Html& html) {
  if (data.months.size() < 2) {
    return;
  }
  const std::size_t shown = std::min(data.months.size(), kMostMonths);
  const std::vector<Period> months(data.months.end() - static_cast<std::ptrdiff_t>(shown),
                                   data.months.end());
  const Scale scale = month_scale(months);
  html.markup("<section><h2>Revenue by month</h2>");
  html.element("p class=\"soft\"",
               std::string("Coloured by how often these customers buy, as of today's tiers. ") +
                   (shown < data.months.size() ? "The last 36 months. " : "") +
                   "The last month ends on " + data.as_of + ".");
  open_chart(html, "months", "Revenue by month, by frequency tier");
  for (double line = scale.low; line <= scale.high; line += scale.step) {
    add_grid_line(html, scale.place(line), line > -scale.step / 2 && line < scale.step / 2);
  }
  for (std::size_t i = 0; i < months.size(); ++i) {
    add_bar(months[i], i, months.size(), scale, html);
  }
  html.markup("</svg>");
  for (double line = scale.low; line <= scale.high; line += scale.step) {
    add_y_label(html, scale.place(line),
                line > -scale.step / 2 && line < scale.step / 2
                    ? std::string("0")
                    : short_amount(static_cast<Int128>(line), data.summary.currency_decimals));
  }
  add_month_labels(months, html);
  html.markup("</div>\n");
  add_month_key(data, months.front().revenue_by_tier.size() - 1, html);
  add_month_table(data, html);
  html.markup("</section>\n");
}

}  // namespace quintile::cli::report
