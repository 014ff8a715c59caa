// A model's classes as numbers: what `rfm --summary` prints and the report shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "table.hpp"
#include <quintile/int128.hpp>

namespace quintile::cli {

// Digits after the point of shares and means.
inline constexpr int kMeanDecimals = 6;

struct ClassSummary {
  std::string name;
  std::uint64_t contacts = 0;
  Int128 revenue = 0;  // in minor units
  // Means over the contacts of the class that have the value; nothing if none has.
  std::optional<Int128> recency_days;
  std::optional<Int128> frequency;
  std::optional<Int128> monetary;  // in major units
  bool reachable = true;           // false: no contact could ever be in it
};

struct Summary {
  std::vector<ClassSummary> classes;  // in the order of the map, then prospect, lapsed
  ClassSummary total;
  int currency_decimals = 2;
};

// Columns class, contacts, share, revenue, recency_days, frequency, monetary; a row per class.
class SummaryTable final : public Table {
 public:
  explicit SummaryTable(const Summary& summary);
  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }
  [[nodiscard]] std::uint64_t row_count() const override { return summary_.classes.size(); }
  [[nodiscard]] std::string_view text(std::uint64_t row, std::size_t column) const override;
  [[nodiscard]] std::optional<Int128> number(std::uint64_t row, std::size_t column) const override;

 private:
  const Summary& summary_;
  std::vector<Column> columns_;
};

// The same for people: rounded, grouped, with a line of totals.
void write_summary_for_people(const Summary& summary, OutputFile& file);

}  // namespace quintile::cli
