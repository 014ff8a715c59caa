#include "summary.hpp"

#include "number_text.hpp"

namespace quintile::cli {
namespace {

enum SummaryColumn : std::size_t {
  kClass,
  kContacts,
  kShare,
  kRevenue,
  kRecencyDays,
  kFrequency,
  kMonetary
};

std::string rounded_mean(const std::optional<Int128>& mean, int decimals) {
  return mean ? grouped(rescale(*mean, kMeanDecimals, decimals), decimals) : "-";
}

std::vector<std::string> cells_for_people(const ClassSummary& row, const Summary& summary) {
  return {row.name,
          grouped(row.contacts),
          percent(row.contacts, summary.total.contacts),
          grouped(row.revenue, summary.currency_decimals),
          percent(row.revenue, summary.total.revenue),
          rounded_mean(row.recency_days, 1),
          rounded_mean(row.frequency, 1),
          rounded_mean(row.monetary, summary.currency_decimals)};
}

}  // namespace

SummaryTable::SummaryTable(const Summary& summary) : summary_(summary) {
  const int money = summary.currency_decimals;
  columns_ = {{"class", Column::Type::kText, 0},
              {"contacts", Column::Type::kNumber, 0},
              {"share", Column::Type::kNumber, kMeanDecimals},
              {"revenue", Column::Type::kNumber, money},
              {"recency_days", Column::Type::kNumber, kMeanDecimals},
              {"frequency", Column::Type::kNumber, kMeanDecimals},
              {"monetary", Column::Type::kNumber, kMeanDecimals}};
}

std::string_view SummaryTable::text(std::uint64_t row, std::size_t) const {
  return summary_.classes[row].name;
}

std::optional<Int128> SummaryTable::number(std::uint64_t row, std::size_t column) const {
  const ClassSummary& values = summary_.classes[row];
  switch (column) {
    case kContacts:
      return values.contacts;
    case kShare:
      return summary_.total.contacts == 0
                 ? Int128{0}
                 : mean_scaled(values.contacts, 0, summary_.total.contacts, kMeanDecimals);
    case kRevenue:
      return values.revenue;
    case kRecencyDays:
      return values.recency_days;
    case kFrequency:
      return values.frequency;
    case kMonetary:
      return values.monetary;
    default:
      return std::nullopt;
  }
}

void write_summary_for_people(const Summary& summary, OutputFile& file) {
  std::vector<std::vector<std::string>> lines = {{"class", "contacts", "share", "revenue",
                                                  "of revenue", "recency days", "frequency",
                                                  "monetary"}};
  for (const ClassSummary& row : summary.classes) {
    lines.push_back(cells_for_people(row, summary));
  }
  lines.push_back(cells_for_people(summary.total, summary));
  write_aligned(lines, file);
}

}  // namespace quintile::cli
