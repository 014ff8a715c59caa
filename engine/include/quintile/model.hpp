// RFM models: how recency, frequency and monetary are measured, cut into tiers and named as
// classes. Everything here is plain checked data: an RfmModel from parse_rfm_model() or
// rfm_preset() holds what its comments say, and the engine relies on it. docs/models.md describes
// the YAML.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/expression.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

namespace quintile {

inline constexpr int kMinTiers = 2;
inline constexpr int kMaxTiers = 10;
inline constexpr std::size_t kMaxClasses = 250;
inline constexpr std::size_t kMaxConditions = 64;
// With more conditions than this there is no table of all combinations.
inline constexpr std::size_t kMaxTableConditions = 8;
// The bounds of the conditions cut each column into stretches; the product of their numbers.
inline constexpr std::size_t kMaxStretches = 4096;
inline constexpr std::size_t kMaxModelBytes = 64 * 1024;
// The largest recency or age in days; 0xFFFF in such a column means none.
inline constexpr std::int64_t kMaxDays = 0xFFFE;

enum class TierMethod : std::uint8_t { kQuantile, kNtile, kFixed };
enum class MonetaryMeasure : std::uint8_t { kNet, kGross, kMean };
enum class ReturnsRule : std::uint8_t { kNet, kMatch };

// Return "recency", "frequency" or "monetary".
[[nodiscard]] QUINTILE_API std::string_view axis_name(Axis axis) noexcept;

// One dimension of a model.
struct RfmTiers {
  TierMethod method = TierMethod::kQuantile;
  int count = 5;                   // k: kMinTiers to kMaxTiers
  std::vector<std::string> names;  // best (k) to worst (1); empty: unnamed
  // kFixed only: k - 1 strictly ascending cut points that read as those of the other methods do:
  // with n = number of cuts below the value, tier = 1 + n; recency k - n. Monetary: minor units.
  std::vector<std::int64_t> fixed_cuts;
  // kFixed only: the bound of the worst tier as written, if it was not `any`: recency values above
  // it, others below it, lie beyond; they belong to the worst tier and are counted for the report.
  std::optional<std::int64_t> worst_bound;
  std::optional<Window> window;  // none: all time up to as_of

  // The name of a tier, or its number as text. Precondition: 1 <= tier <= count.
  [[nodiscard]] QUINTILE_API std::string tier_name(int tier) const;
};

// The columns that conditions of a class map may test.
enum class ValueColumn : std::uint8_t { kRecencyDays, kFirstDays, kFrequency, kMonetary };
inline constexpr std::size_t kValueColumns = 4;

// Return "recency_days", "first_days", "frequency" or "monetary".
[[nodiscard]] QUINTILE_API std::string_view value_column_name(ValueColumn column) noexcept;

// low <= value <= high. A contact that has no value (0xFFFF days) meets no condition.
struct ValueCondition {
  ValueColumn column = ValueColumn::kRecencyDays;
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  friend bool operator==(const ValueCondition&, const ValueCondition&) = default;
};

// From and to, both included.
struct TierRange {
  std::uint8_t low = 1;
  std::uint8_t high = kMaxTiers;
  friend bool operator==(const TierRange&, const TierRange&) = default;
};

// One line of a class map: all of it must hold.
struct ClassRule {
  std::uint8_t code = 0;
  TierRange r;
  TierRange f;
  TierRange m;
  TierRange fm;                  // on (f + m + 1) / 2
  std::uint64_t conditions = 0;  // bit i: RfmModel::conditions[i] must hold
  std::uint32_t line = 0;        // in the YAML, from 1; 0 for classes made from tier names
};

// From cell and flags to class: code = codes[cell * 2^condition_count + flags] where
// cell = (r * (kf + 1) + f) * (km + 1) + m and bit i of flags says that condition i holds.
// Cells with a 0 in them give prospect or lapsed, so the table answers for every contact. With more
// than kMaxTableConditions conditions `codes` is empty and condition_count 0: see
// RfmModel::class_code.
struct ClassTable {
  std::size_t condition_count = 0;
  std::uint32_t stride_r = 0;  // (kf + 1) * (km + 1)
  std::uint32_t stride_f = 0;  // km + 1
  std::vector<std::uint8_t> codes;

  [[nodiscard]] std::size_t index(unsigned r, unsigned f, unsigned m,
                                  unsigned flags) const noexcept {
    return ((r * stride_r + f * stride_f + m) << condition_count) | flags;
  }
};

struct RfmModel {
  std::string name;  // [a-z0-9][a-z0-9_-]{0,63}
  std::array<RfmTiers, kAxisCount> tiers;
  MonetaryMeasure monetary = MonetaryMeasure::kNet;
  ReturnsRule returns = ReturnsRule::kNet;
  bool zero_is_purchase = false;
  int currency_decimals = 2;  // with which its monetary bounds were read; must be the engine's
  std::optional<Expression> where;       // over line columns: the lines the model sees
  std::optional<Expression> population;  // over attributes: the contacts it is for

  // Class names by code: the map's in its order (best first), `otherwise` if it is not among them,
  // then "prospect" and "lapsed". Names match [a-z0-9][a-z0-9_-]{0,63}; NAME.CLASS has at most 64
  // bytes.
  std::vector<std::string> classes;
  std::vector<ClassRule> rules;  // first match wins
  std::optional<std::uint8_t> otherwise;
  // The distinct conditions of the rules; table flags follow this order. When the recency window is
  // bounded, one more may stand at the end, that the contact ever bought (first_days 0 to
  // kMaxDays), which tells lapsed from prospect; evaluate it like any other.
  std::vector<ValueCondition> conditions;
  ClassTable table;
  // What it was read from: Engine::save() keeps a model as this text and its name. Empty for one
  // that was put together otherwise, which cannot be saved.
  std::string yaml;

  [[nodiscard]] const RfmTiers& axis(Axis axis) const noexcept { return tiers[to_index(axis)]; }
  // The conditions that values meet (bit i: conditions[i]); days of 0xFFFF meet none.
  [[nodiscard]] QUINTILE_API std::uint64_t condition_flags(std::int64_t recency_days,
                                                           std::int64_t first_days,
                                                           std::int64_t frequency,
                                                           std::int64_t money) const noexcept;
  // The class of a contact: what the table says, or would say. kNoClass for a cell that nothing
  // covers. Without a table the cost is that of trying the rules in their order.
  [[nodiscard]] QUINTILE_API std::uint8_t class_code(unsigned r, unsigned f, unsigned m,
                                                     std::uint64_t flags) const noexcept;
  [[nodiscard]] std::size_t map_class_count() const noexcept { return classes.size() - 2; }
  [[nodiscard]] std::uint8_t prospect_code() const noexcept {
    return static_cast<std::uint8_t>(classes.size() - 2);
  }
  [[nodiscard]] std::uint8_t lapsed_code() const noexcept {
    return static_cast<std::uint8_t>(classes.size() - 1);
  }
};

// Parse and check a model. `source_name` starts every message ("retail.yaml:7:12: expected ...,
// got ..."; columns in bytes, from 1). Monetary bounds are read in major units, exactly, with
// `currency_decimals` (0 to 18) digits. Unknown keys are refused with the nearest known one;
// anchors, aliases and tags are refused; a map that leaves cells over without `otherwise` is
// refused with those cells. kInvalidArgument, or kOutOfRange past a size limit. Cost: well under a
// second with up to kMaxTableConditions conditions, seconds at the limits.
[[nodiscard]] QUINTILE_API Result<RfmModel> parse_rfm_model(std::string_view yaml,
                                                            std::string_view source_name,
                                                            int currency_decimals) noexcept;

// The models that come with the engine: "retail" (the default) first.
[[nodiscard]] QUINTILE_API std::span<const std::string_view> rfm_preset_names() noexcept;
// Return the YAML of a preset, comments and all. kNotFound with the nearest name.
[[nodiscard]] QUINTILE_API Result<std::string_view> rfm_preset_yaml(std::string_view name) noexcept;
// Return a preset, parsed. kNotFound with the nearest name.
[[nodiscard]] QUINTILE_API Result<RfmModel> rfm_preset(std::string_view name,
                                                       int currency_decimals) noexcept;

// The cut points that a dimension had at one as_of.
struct AxisCutPoints {
  // Quantile and fixed: k - 1, ascending, equal ones kept; tier = 1 + number of cuts below the
  // value, recency k minus it. ntile: empty, because tiers do not follow from values.
  std::vector<std::int64_t> cuts;
  // The highest value in the population, if it is known and not empty: it tells whether anybody
  // lies above the last cut.
  std::optional<std::int64_t> highest;
};
using RfmCuts = std::array<AxisCutPoints, kAxisCount>;

// Equal neighbours among the cuts: cuts first_cut .. first_cut + cut_count - 1 (from 0) share
// `value`.
struct CollapsedCuts {
  Axis axis = Axis::kRecency;
  std::uint32_t first_cut = 0;
  std::uint32_t cut_count = 0;
  std::int64_t value = 0;
};

enum class ClassReach : std::uint8_t {
  kReachable,
  kImpossible,  // its own ranges and conditions exclude each other
  kShadowed,    // earlier lines of the map take everything it could match
  // Only by the cut points of one generation:
  kCollapsed,         // every cell it could match has an empty tier
  kImpossibleByCuts,  // its ranges, conditions and windows exclude each other
  kShadowedByCuts,    // earlier lines of the map take everything it could match
};

// Return "reachable", "impossible", "shadowed", "collapsed", "impossible_by_cuts" or
// "shadowed_by_cuts".
[[nodiscard]] QUINTILE_API std::string_view class_reach_name(ClassReach reach) noexcept;

// What a model can say about nobody. Never hidden: every report shows it.
struct RfmReachability {
  std::vector<CollapsedCuts> collapsed;
  // Per dimension, the tiers 1 .. k that no value of its own window falls in, ascending. (A lapsed
  // contact can have one that no contact with a class has.)
  std::array<std::vector<std::uint8_t>, kAxisCount> empty_tiers;
  // Per map class code, prospect and lapsed included (prospect always reachable; lapsed impossible
  // when no dimension has a window).
  std::vector<ClassReach> classes;

  [[nodiscard]] QUINTILE_API bool everything_reachable() const noexcept;
  // One line per finding, for a person; empty when there is none.
  [[nodiscard]] QUINTILE_API std::vector<std::string> describe(const RfmModel& model) const;
};

// Find what no contact can reach by the model's own text alone (fixed cuts included).
[[nodiscard]] QUINTILE_API RfmReachability rfm_reachability(const RfmModel& model);
// The same given the cut points of one generation. Cuts of fixed dimensions are the model's; those
// given for them count only for `highest`. Reasoning is exact over whole numbers, with these facts:
// first_days >= recency_days; without a frequency window, frequency = 1 means first_days =
// recency_days; gross and mean are positive (not negative, with zero_is_purchase).
[[nodiscard]] QUINTILE_API RfmReachability rfm_reachability(const RfmModel& model,
                                                            const RfmCuts& cuts);

}  // namespace quintile
