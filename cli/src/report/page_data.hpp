// Everything the report page shows, as plain values: the page knows nothing of the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../summary.hpp"
#include <quintile/int128.hpp>

namespace quintile::cli::report {

// One tier of one dimension. Tiers run from 1 (worst) to k (best).
struct TierRow {
  std::string name;   // as the model names it, else its number
  std::string range;  // in words: "31 to 90 days"
  std::uint64_t contacts = 0;
  Int128 revenue = 0;
  bool collapsed = false;  // no contact can be in it
};

struct DimensionPart {
  std::string title;   // "Recency"
  std::string letter;  // "R"
  std::string method;  // how it was cut, in words
  std::vector<TierRow> tiers;
};

// Tier i + 1 of the row dimension by tier j + 1 of the column dimension, at i * columns + j.
struct GridPart {
  std::size_t row_dimension = 0;  // positions in PageData::dimensions
  std::size_t column_dimension = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::uint64_t> contacts;
  std::vector<Int128> revenue;
};

// The curve is cut finer than percents, because most happens at its start.
inline constexpr std::size_t kParetoPartsPerPercent = 10;
inline constexpr std::size_t kParetoParts = 100 * kParetoPartsPerPercent;

// The revenue that the best `contacts` of all contacts brought; the first point is (0, 0), the
// last, at kParetoParts, is everybody.
struct ParetoPoint {
  std::uint64_t contacts = 0;
  Int128 revenue = 0;
};

struct Period {
  std::string label;  // "2011-12"
  std::uint64_t purchases = 0;
  std::vector<Int128> revenue_by_tier;  // of the frequency tiers, from 0
};

struct TransitionPart {
  std::string earlier_as_of;
  std::vector<std::string> from;      // the last is "not yet a customer"
  std::vector<std::string> to;        // map order; no column for those not in it
  std::vector<std::uint64_t> counts;  // at from * to.size() + to
};

struct QualityRow {
  std::string name;
  std::string value;
};

struct PageData {
  std::string model;
  bool is_preset = false;  // class names have the meanings that this program gives them
  std::string as_of;
  std::string time_zone;
  std::string currency;  // may be empty
  std::string generated_by;
  std::string generated_at;
  std::vector<std::string> files;
  std::string window;         // "the last 365 days", "the window"; empty if there is none
  std::string buyers_window;  // that of frequency, "365 days"; empty if there is none

  Summary summary;
  std::uint64_t buyers = 0;           // contacts with a purchase in the window
  std::uint64_t one_time_buyers = 0;  // those with exactly one
  std::uint64_t purchases = 0;
  std::vector<DimensionPart> dimensions;
  std::vector<GridPart> grids;
  std::vector<ParetoPoint> pareto;  // empty: the measure does not add up to revenue
  std::vector<Period> months;
  std::optional<TransitionPart> transition;
  std::vector<std::string> warnings;
  std::vector<QualityRow> quality;
  std::vector<std::string> method_notes;
};

}  // namespace quintile::cli::report
