// The parts of the page that are words, numbers and tables.
#include <algorithm>

#include "../number_text.hpp"
#include "class_meanings.hpp"
#include "page.hpp"

namespace quintile::cli::report {
namespace {

constexpr std::size_t kMostWarningsInView = 6;

void add_tile(Html& html, std::string_view name, const std::string& value,
              const std::string& detail, const std::string& unit = {}) {
  html.markup("<div class=\"tile\">").element("dt", name).markup("<dd>").text(value);
  if (!unit.empty()) {
    html.markup(" ").element("span class=\"unit\"", unit);
  }
  if (!detail.empty()) {
    html.element("small", detail);
  }
  html.markup("</dd></div>\n");
}

std::string mean_text(const std::optional<Int128>& mean, int decimals) {
  return mean ? grouped(rescale(*mean, kMeanDecimals, decimals), decimals) : "-";
}

// A bar with its percentage; the bar is decoration, the number says it all.
void add_share(Html& html, std::string_view label, Int128 part, Int128 whole, const char* kind) {
  const Int128 tenths =
      whole > 0 && part > 0 ? divide_half_even(std::min(part, whole) * 1000, whole) : Int128{0};
  html.markup("<td data-label=\"").text(label).markup("\"><span class=\"share ").markup(kind);
  html.markup("\"><i aria-hidden=\"true\"><b style=\"width:");
  html.markup(number_text(tenths, 1)).markup("%\"></b></i><span>");
  html.text(percent(part, whole)).markup("</span></span></td>");
}

void add_number(Html& html, std::string_view label, const std::string& value) {
  html.markup("<td role=\"cell\" data-label=\"").text(label).markup("\">");
  html.markup("<span>").text(value).markup("</span></td>");
}

void add_class_cells(const PageData& data, const ClassSummary& row, Html& html) {
  const Summary& summary = data.summary;
  add_number(html, "Customers", grouped(row.contacts));
  add_share(html, "Share of customers", row.contacts, summary.total.contacts, "people");
  add_number(html, "Revenue", grouped(row.revenue, summary.currency_decimals));
  add_share(html, "Share of revenue", row.revenue, summary.total.revenue, "money");
  add_number(html, "Days since last purchase", mean_text(row.recency_days, 0));
  add_number(html, "Purchases each", mean_text(row.frequency, 1));
  add_number(html, "Spent each", mean_text(row.monetary, std::min(summary.currency_decimals, 2)));
}

void add_class_row(const PageData& data, const ClassSummary& row, Html& html) {
  html.markup("<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">");
  html.text(spoken_class(row.name));
  std::string detail(data.is_preset ? class_meaning(row.name) : std::string_view());
  if (!row.reachable) {
    detail += (detail.empty() ? "" : " ") + std::string("Nobody can be in it at these cut points.");
  }
  if (!detail.empty()) {
    html.element("small", detail);
  }
  html.markup("</th>");
  add_class_cells(data, row, html);
  html.markup("</tr>\n");
}

void add_tier_rows(const PageData& data, const DimensionPart& dimension, Html& html) {
  for (std::size_t i = dimension.tiers.size(); i > 0; --i) {
    const TierRow& tier = dimension.tiers[i - 1];
    html.markup("<tr>").element("th scope=\"row\"", tier_label(dimension, tier));
    html.markup("<td>").text(tier.range);
    html.markup("</td><td>").text(tier.collapsed ? "none" : grouped(tier.contacts));
    html.markup("</td><td>").text(percent(tier.revenue, data.summary.total.revenue));
    html.markup("</td></tr>\n");
  }
}

}  // namespace

void add_headline(const PageData& data, Html& html) {
  const Summary& summary = data.summary;
  html.markup("<section class=\"plain\" aria-label=\"Headline numbers\"><dl class=\"tiles\">\n");
  add_tile(html, "Customers", grouped(summary.total.contacts),
           grouped(data.buyers) + " of them buyers" +
               (data.buyers_window.empty() ? "" : " in the last " + data.buyers_window));
  add_tile(html, "Revenue", short_amount(summary.total.revenue, summary.currency_decimals),
           "returns deducted", data.currency);
  add_tile(html, "Purchases", grouped(data.purchases),
           data.buyers == 0
               ? ""
               : number_text(mean_scaled(data.purchases, 0, data.buyers, 1), 1) + " per buyer");
  if (data.purchases > 0) {
    add_tile(
        html, "Average purchase",
        grouped(divide_half_even(summary.total.revenue, data.purchases), summary.currency_decimals),
        "returns deducted", data.currency);
  }
  if (data.buyers > 0) {
    add_tile(html, "Bought only once", percent(data.one_time_buyers, data.buyers),
             grouped(data.one_time_buyers) + " buyers");
  }
  if (data.pareto.size() == kParetoParts + 1 && summary.total.revenue > 0) {
    add_tile(html, "Best 20% bring",
             percent(data.pareto[20 * kParetoPartsPerPercent].revenue, data.pareto.back().revenue),
             "of all revenue");
  }
  html.markup("</dl></section>\n");
}

void add_findings(const PageData& data, Html& html) {
  const std::vector<std::string> sentences = findings(data);
  if (sentences.empty()) {
    return;
  }
  html.markup("<section class=\"first\"><h2>What to look at first</h2><ol>\n");
  for (const std::string& sentence : sentences) {
    html.element("li", sentence).markup("\n");
  }
  html.markup("</ol></section>\n");
}

void add_warnings(const PageData& data, Html& html) {
  if (data.warnings.empty()) {
    return;
  }
  html.markup("<section class=\"warn\"><h2>Read with care</h2><ul>\n");
  const std::size_t shown = std::min(data.warnings.size(), kMostWarningsInView);
  for (std::size_t i = 0; i < shown; ++i) {
    html.element("li", data.warnings[i]).markup("\n");
  }
  html.markup("</ul>");
  if (shown < data.warnings.size()) {
    html.markup("<details>")
        .element("summary", "and " + std::to_string(data.warnings.size() - shown) + " more");
    html.markup("<ul>\n");
    for (std::size_t i = shown; i < data.warnings.size(); ++i) {
      html.element("li", data.warnings[i]).markup("\n");
    }
    html.markup("</ul></details>");
  }
  html.markup("</section>\n");
}

void add_classes(const PageData& data, Html& html) {
  html.markup("<section><h2>Classes</h2>\n<table class=\"classes\" role=\"table\">");
  html.element(
      "caption",
      "Best first. Averages are over the customers of the class" +
          std::string(data.currency.empty() ? "." : "; amounts in " + data.currency + "."));
  html.markup("<thead><tr role=\"row\">");
  for (const char* heading : {"Class", "Customers", "Share", "Revenue", "Share of revenue",
                              "Days since last", "Purchases", "Spent each"}) {
    html.element("th scope=\"col\" role=\"columnheader\"", heading);
  }
  html.markup("</tr></thead>\n<tbody>\n");
  // With many classes those without anybody only make the page longer; they are named below.
  const bool many = data.summary.classes.size() > 20;
  std::string empty_classes;
  for (const ClassSummary& row : data.summary.classes) {
    if (many && row.contacts == 0) {
      empty_classes += (empty_classes.empty() ? "" : ", ") + spoken_class(row.name);
    } else {
      add_class_row(data, row, html);
    }
  }
  html.markup("</tbody>\n<tfoot><tr role=\"row\"><th scope=\"row\" role=\"rowheader\">All</th>");
  add_class_cells(data, data.summary.total, html);
  html.markup("</tr></tfoot></table>\n");
  if (!empty_classes.empty()) {
    html.element("p class=\"soft small\"", "Nobody is in: " + empty_classes + ".");
  }
  html.markup("</section>\n");
}

void add_tiers(const PageData& data, Html& html) {
  html.markup("<section><h2>Where the tiers begin</h2><div class=\"cards\">\n");
  for (const DimensionPart& dimension : data.dimensions) {
    html.markup("<div>").element("h3", dimension.title);
    html.markup("<table class=\"tiers\">").element("caption", dimension.method);
    html.markup("<thead><tr><th scope=\"col\">Tier</th><th scope=\"col\">Values</th>");
    html.markup("<th scope=\"col\">Customers</th><th scope=\"col\">Revenue</th></tr></thead>");
    html.markup("<tbody>\n");
    add_tier_rows(data, dimension, html);
    html.markup("</tbody></table></div>\n");
  }
  html.markup("</div></section>\n");
}

void add_quality(const PageData& data, Html& html) {
  html.markup("<section><h2>The data behind this page</h2><dl class=\"facts\">\n");
  for (const QualityRow& row : data.quality) {
    html.element("dt", row.name).element("dd", row.value).markup("\n");
  }
  html.markup("</dl></section>\n");
}

}  // namespace quintile::cli::report
