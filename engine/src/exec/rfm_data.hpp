// What the public classes RfmResult and Generation hold.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "quintile/catalogue.hpp"
#include "quintile/engine.hpp"
#include "quintile/generation.hpp"
#include "storage/aligned_buffer.hpp"
#include "storage/id_table.hpp"

namespace quintile {

struct RfmData {
  std::string model;
  std::shared_ptr<const RfmModel> definition;  // as it was then
  std::uint32_t rows = 0;
  bool mean = false;  // monetary is a mean, and so can be empty

  AlignedBuffer<std::uint64_t> member;  // bit: the model is for this contact
  AlignedBuffer<std::uint64_t> listed;  // bit: and it has a line at or before as_of
  std::uint64_t listed_count = 0;

  AlignedBuffer<std::uint16_t> recency;
  AlignedBuffer<std::uint16_t> first;
  AlignedBuffer<std::uint32_t> frequency;
  AlignedBuffer<std::int64_t> monetary;
  // Bit: has a purchase in the monetary window. The steps from the cut points to the segments also
  // take an empty one, for windows that are the same: has a purchase in the frequency window.
  AlignedBuffer<std::uint64_t> monetary_valid;

  std::array<AlignedBuffer<std::uint8_t>, kAxisCount> tiers;
  AlignedBuffer<std::uint8_t> classes;
  std::vector<RowSet> segments;  // by class code; they move on into the generation

  std::array<AxisCuts, kAxisCount> cuts;
  std::vector<ClassInfo> class_infos;
  std::vector<std::string> findings;
  std::array<std::vector<GroupMeasures>, kAxisCount> tier_measures;
  std::vector<GroupMeasures> cell_measures;
  GroupMeasures total;
  std::vector<CrossTab> cross_tabs;
  std::array<PeriodSeries, kAxisCount> tier_series;
  PeriodSeries class_series;
};

// External ids in byte order, sorted once for all generations with the same contacts.
class IdOrder {
 public:
  IdOrder(IdTexts ids, std::shared_ptr<Arena> arena) noexcept
      : ids_(std::move(ids)), arena_(std::move(arena)) {}
  [[nodiscard]] const IdTexts& ids() const noexcept { return ids_; }
  [[nodiscard]] std::span<const RowId> rows() const;

 private:
  IdTexts ids_;
  std::shared_ptr<Arena> arena_;
  mutable std::once_flag once_;
  mutable std::vector<RowId> rows_;
};

class ModelColumns;

// The columns of a generation's models for expressions, made when they are first asked for.
class LazyModelColumns {
 public:
  LazyModelColumns() noexcept;
  ~LazyModelColumns();
  [[nodiscard]] const ModelColumns& get(std::span<const RfmResult> models,
                                        int currency_decimals) const;

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<const ModelColumns> columns_;
};

struct EngineIdentity {};

struct GenerationData {
  std::uint64_t number = 0;
  std::shared_ptr<const EngineIdentity> engine;  // whose it is
  std::uint64_t data_version = 0;                // of the data that it was computed from
  AsOf as_of;
  std::shared_ptr<const IdOrder> contacts;
  std::vector<std::string> model_names;
  std::vector<RfmResult> models;
  std::map<std::string, RowSet, std::less<>> segments;  // without the broken ones
  std::map<std::string, RowSet, std::less<>> lists;     // the static ones among them
  std::map<std::string, SegmentInfo, std::less<>> segment_infos;
  std::shared_ptr<const Catalogue> definitions;  // that the segments were computed from
  LazyModelColumns columns;
};

struct GenerationInternals {
  static const GenerationData& of(const Generation& generation) noexcept {
    return *generation.data_;
  }
  static const RfmData& of(const RfmResult& result) noexcept { return *result.data_; }
};

// Counts what changed from `earlier` to `later`, which has at least as many rows.
RfmComparison compare_results(const RfmData& earlier, const RfmData& later);

}  // namespace quintile
