// One complete, immutable state of an engine's models and segments, for one instant.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/date_time.hpp"
#include "quintile/export.hpp"
#include "quintile/int128.hpp"
#include "quintile/row_set.hpp"
#include "quintile/segment.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

namespace quintile {

// What is summed over a group of contacts: a tier, a cell, a class. All sums are exact.
//
// Revenue, orders, purchases and units are over the model's monetary window, whatever the monetary
// measure, of the lines that the model sees: revenue is net (returns lower it), orders are
// purchases and returns. Under `returns: match` a matched pair is in neither orders, purchases nor
// units (its revenue is 0 anyway). The three sums at the end serve means over the columns of the
// same name.
struct GroupMeasures {
  std::uint64_t contacts = 0;
  Int128 revenue = 0;  // minor units
  std::uint64_t orders = 0;
  std::uint64_t purchases = 0;
  Int128 units = 0;                    // thousandths
  std::uint64_t recency_contacts = 0;  // contacts that have a recency
  std::uint64_t recency_days_sum = 0;  // over those
  std::uint64_t frequency_sum = 0;
  std::uint64_t monetary_contacts = 0;  // contacts whose monetary is not empty
  Int128 monetary_sum = 0;              // over those
};

// How one axis of a model was cut.
struct AxisCuts {
  int tiers = 0;                   // k
  std::vector<std::string> names;  // of tiers 1 (worst) to k (best); empty if unnamed
  // quantile: k-1 cut points, ascending; fixed: the bounds as defined; ntile: empty.
  std::vector<std::int64_t> cuts;
  // The values of contacts with a purchase in the axis' window and in the model's population.
  std::uint64_t population = 0;
  std::int64_t min = 0;  // of those values; 0 if there are none
  std::int64_t max = 0;
  // fixed: how many of the values lie beyond the bound of the worst tier and are in it
  // nevertheless.
  std::uint64_t beyond_worst_bound = 0;
  // Tiers (1 to k) that no value can have because cut points coincide or the best one is the best
  // value: heavy ties. Ascending. Always empty for ntile and fixed.
  std::vector<int> collapsed_tiers;
};

// One class of a model.
struct ClassInfo {
  std::string name;
  bool reachable = true;      // some combination of tiers and conditions leads to it
  bool reachable_now = true;  // the same without the collapsed tiers
  GroupMeasures measures;
};

// A grid of two axes. Cell (i, j) is tier i of `rows` and tier j of `columns`, both from 0, at
// position i * (column_tiers + 1) + j.
struct CrossTab {
  Axis rows = Axis::kRecency;
  Axis columns = Axis::kFrequency;
  int row_tiers = 0;
  int column_tiers = 0;
  std::vector<std::uint64_t> contacts;
  std::vector<Int128> revenue;  // as in GroupMeasures
};

// Revenue and purchases over time of the contacts grouped by what they are at `as_of`. Runs over
// all orders that the model sees up to `as_of`, windows ignored. Group g and period p are at
// position g * periods.size() + p.
struct Series {
  std::vector<std::uint16_t> periods;  // first day of each period (a Monday, or the 1st), ascending
  int groups = 0;                      // k+1 tiers from 0, or the classes in code order
  std::vector<Int128> revenue;
  std::vector<std::uint64_t> purchases;
};

// Weeks (Monday to Sunday) and months of one grouping.
struct PeriodSeries {
  Series weeks;
  Series months;
};

// How many contacts went from code i to code j. Rows are codes of the earlier result, columns of
// the later one, at position i * columns + j; the last row and the last column stand for "not in
// it": a contact that was unknown then, or is outside of the population. The corner of both is 0.
struct TransitionMatrix {
  std::vector<std::string> row_names;     // without the last
  std::vector<std::string> column_names;  // without the last
  std::size_t rows = 0;                   // row_names.size() + 1
  std::size_t columns = 0;
  std::vector<std::uint64_t> counts;
};

// The change between two results: per axis tiers 0 to k, and classes.
struct RfmComparison {
  std::array<TransitionMatrix, kAxisCount> tiers;
  TransitionMatrix classes;
};

struct RfmData;
struct GenerationData;
struct GenerationInternals;

// The result of one RFM model for all contacts. Immutable; any number of threads may read it. Spans
// live as long as the Generation that holds the result. Column position i is row i.
class QUINTILE_API RfmResult {
 public:
  explicit RfmResult(std::unique_ptr<const RfmData> data) noexcept;
  RfmResult(RfmResult&&) noexcept;
  RfmResult& operator=(RfmResult&&) noexcept;
  ~RfmResult();

  [[nodiscard]] const std::string& model() const noexcept;

  // How many rows every column has: the generation's contact count.
  [[nodiscard]] std::uint32_t row_count() const noexcept;

  // Contacts with a line at or before `as_of` that are in the population: the rows of `rfm`.
  // Bit b of word w is row 64 * w + b.
  [[nodiscard]] std::span<const std::uint64_t> listed() const noexcept;
  [[nodiscard]] bool is_listed(RowId row) const noexcept;
  [[nodiscard]] std::uint64_t listed_count() const noexcept;

  // Days since the last purchase in the recency window; kNoRecency where there is none.
  [[nodiscard]] std::span<const std::uint16_t> recency_days() const noexcept;
  // Days since the first purchase ever; kNoRecency where there is none.
  [[nodiscard]] std::span<const std::uint16_t> first_days() const noexcept;
  [[nodiscard]] std::span<const std::uint32_t> frequency() const noexcept;
  // Minor units; undefined where `monetary_empty`.
  [[nodiscard]] std::span<const std::int64_t> monetary() const noexcept;
  // Tells whether the contact's monetary is empty: a mean over no purchase.
  [[nodiscard]] bool monetary_empty(RowId row) const noexcept;

  // Tier codes, 0 to k.
  [[nodiscard]] std::span<const std::uint8_t> tiers(Axis axis) const noexcept;
  // Class codes: 0 to C-1 in the order of the map, C prospect, C+1 lapsed, kNoClass.
  [[nodiscard]] std::span<const std::uint8_t> classes() const noexcept;

  [[nodiscard]] const AxisCuts& cuts(Axis axis) const noexcept;
  // By class code; prospect and lapsed are the last two.
  [[nodiscard]] std::span<const ClassInfo> class_infos() const noexcept;
  // What the model can say about nobody (collapsed cut points, empty tiers, classes that no contact
  // can reach), one line each for a person; empty when there is none.
  [[nodiscard]] std::span<const std::string> findings() const noexcept;
  // Measures of tiers 0 to k.
  [[nodiscard]] std::span<const GroupMeasures> tier_measures(Axis axis) const noexcept;
  // Measures of cell (r, f, m), tiers from 0, at (r * (kf + 1) + f) * (km + 1) + m.
  [[nodiscard]] std::span<const GroupMeasures> cell_measures() const noexcept;
  // Measures over all contacts that have a class.
  [[nodiscard]] const GroupMeasures& total() const noexcept;
  // RxF, FxM, RxM in this order.
  [[nodiscard]] std::span<const CrossTab> cross_tabs() const noexcept;
  // Empty (no periods) unless RecomputeOptions::series was set.
  [[nodiscard]] const PeriodSeries& tier_series(Axis axis) const noexcept;
  [[nodiscard]] const PeriodSeries& class_series() const noexcept;

  // Counts the changes from `earlier`, a result of the same engine (of the same model or another)
  // that has at most as many rows. Rows that `earlier` lacks count as unknown to it. Linear in
  // rows. Errors: kInvalidArgument if `earlier` has more rows.
  [[nodiscard]] Result<RfmComparison> compare(const RfmResult& earlier) const;

 private:
  friend struct GenerationInternals;
  std::unique_ptr<const RfmData> data_;
};

// All results of an engine for one `as_of`, under one number. Immutable: any number of threads may
// read it, and it keeps what it needs of its engine, which may go on or go away meanwhile.
class QUINTILE_API Generation {
 public:
  explicit Generation(std::unique_ptr<const GenerationData> data) noexcept;
  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  // 1, 2, 3, ... in order of publication; 0 for one that was evaluated but not published.
  [[nodiscard]] std::uint64_t number() const noexcept;
  [[nodiscard]] const AsOf& as_of() const noexcept;

  // Contacts that the engine knew then, whether or not a model has them.
  [[nodiscard]] std::uint32_t contact_count() const noexcept;

  // The external id (the bare value of the canonical identifier). `row` must be below the contact
  // count. The second form appends to `out` and so can reuse its memory.
  [[nodiscard]] std::string contact_id(RowId row) const;
  void append_contact_id(RowId row, std::string& out) const;

  // All rows in byte order of external id. Sorted at the first call and kept.
  [[nodiscard]] std::span<const RowId> rows_in_id_order() const;

  // Names of the models, in order of definition.
  [[nodiscard]] std::span<const std::string> model_names() const noexcept;
  // The result of one model, or null.
  [[nodiscard]] const RfmResult* rfm(std::string_view model) const noexcept;

  // Names of the segments that were computed, ascending: dynamic and static ones, and `MODEL.CLASS`
  // for every class.
  [[nodiscard]] std::vector<std::string> segment_names() const;
  // The members of one segment, or null if there is none of that name.
  [[nodiscard]] const RowSet* segment(std::string_view name) const noexcept;
  // What it came to, or null if there is none of that name; broken ones, which have no members to
  // ask for, are there too.
  [[nodiscard]] const SegmentInfo* segment_info(std::string_view name) const noexcept;
  // Names of the segments that are broken, ascending.
  [[nodiscard]] std::vector<std::string> broken_segment_names() const;

 private:
  friend struct GenerationInternals;
  std::unique_ptr<const GenerationData> data_;
};

}  // namespace quintile
