// Cells that no rule takes, in words.
#include <algorithm>
#include <string>
#include <vector>

#include "models/class_map.hpp"
#include "models/describe.hpp"

namespace quintile::models {
namespace {

constexpr std::size_t kMaxParts = 20;

// A stretch of neighbouring tiers of one axis.
struct Stretch {
  unsigned low;
  unsigned high;
};

std::string stretch_text(const RfmModel& model, Axis axis, const Stretch& stretch) {
  constexpr std::array<std::string_view, kAxisCount> kLetters = {"r", "f", "m"};
  const RfmTiers& tiers = model.axis(axis);
  std::string text(kLetters[to_index(axis)]);
  text.append(" ").append(tiers.tier_name(static_cast<int>(stretch.low)));
  if (stretch.high != stretch.low) {
    text.append(tiers.names.empty() ? "-" : " to ");
    text.append(tiers.tier_name(static_cast<int>(stretch.high)));
  }
  return text;
}

// What is left over, cell by cell.
class Leftovers {
 public:
  Leftovers(const RfmModel& model, const CellWinners& winners)
      : model_(model), winners_(winners), space_(make_value_space(model, nullptr)) {}

  std::string describe() {
    std::vector<std::string> rows;
    for (unsigned r = 1; r <= count(Axis::kRecency); ++r) {
      rows.push_back(row_text(r));
    }
    std::string text;
    for (unsigned r = 1; r <= rows.size();) {
      Stretch stretch{r, r};
      while (stretch.high < rows.size() && rows[stretch.high] == rows[r - 1]) {
        ++stretch.high;
      }
      if (!rows[r - 1].empty()) {
        text.append(text.empty() ? "" : "; ");
        text.append(stretch_text(model_, Axis::kRecency, stretch)).append(": ");
        text.append(rows[r - 1]);
      }
      r = stretch.high + 1;
    }
    for (std::size_t i = 0; i < std::min(parts_.size(), kMaxParts); ++i) {
      text.append(text.empty() ? "" : "; ").append(parts_[i]);
    }
    if (parts_.size() > kMaxParts) {
      text.append("; and parts of ").append(std::to_string(parts_.size() - kMaxParts));
      text.append(" more cells");
    }
    return text;
  }

 private:
  unsigned count(Axis axis) const { return static_cast<unsigned>(model_.axis(axis).count); }

  // The cells of one r that are left over entirely: "f 1-2 m 1-5, f 3 m 1". Notes parts.
  std::string row_text(unsigned r) {
    std::vector<std::string> columns;
    for (unsigned f = 1; f <= count(Axis::kFrequency); ++f) {
      columns.push_back(column_text(r, f));
    }
    std::string text;
    for (unsigned f = 1; f <= columns.size();) {
      Stretch stretch{f, f};
      while (stretch.high < columns.size() && columns[stretch.high] == columns[f - 1]) {
        ++stretch.high;
      }
      if (!columns[f - 1].empty()) {
        text.append(text.empty() ? "" : ", ");
        text.append(stretch_text(model_, Axis::kFrequency, stretch)).append(" ");
        text.append(columns[f - 1]);
      }
      f = stretch.high + 1;
    }
    return text;
  }

  std::string column_text(unsigned r, unsigned f) {
    std::string text;
    const unsigned last = count(Axis::kMonetary);
    for (unsigned m = 1; m <= last; ++m) {
      if (!left_over(r, f, m)) {
        continue;
      }
      Stretch stretch{m, m};
      while (stretch.high < last && left_over(r, f, stretch.high + 1)) {
        ++stretch.high;
      }
      text.append(text.empty() ? "" : " and ");
      text.append(stretch_text(model_, Axis::kMonetary, stretch));
      m = stretch.high + 1;
    }
    return text;
  }

  // Whether a whole cell is left over; a part of one is noted.
  bool left_over(unsigned r, unsigned f, unsigned m) {
    std::uint64_t varying_low = ~std::uint64_t{0};
    std::uint64_t varying_high = 0;
    std::size_t taken = 0;
    std::optional<std::uint64_t> missed;
    for (const std::uint64_t flags : feasible_flags(space_, r, f, m)) {
      varying_low &= flags;
      varying_high |= flags;
      if (winners_.at(r, f, m, flags) != kNoRule) {
        ++taken;
      } else if (!missed) {
        missed = flags;
      }
    }
    if (missed && taken > 0) {
      note_part({r, f, m}, *missed, varying_high & ~varying_low);
    }
    return missed && taken == 0;
  }

  void note_part(const std::array<unsigned, kAxisCount>& cell, std::uint64_t flags,
                 std::uint64_t varying) {
    std::string text;
    for (std::size_t i = 0; i < kAxisCount; ++i) {
      text.append(i == 0 ? "" : " ");
      text.append(stretch_text(model_, static_cast<Axis>(i), {cell[i], cell[i]}));
    }
    std::string_view joint = " when ";
    for (std::size_t i = 0; i < model_.conditions.size(); ++i) {
      if ((varying >> i & 1U) != 0) {
        text.append(joint).append((flags >> i & 1U) != 0 ? "" : "not ");
        text.append(condition_text(model_.conditions[i], model_.currency_decimals));
        joint = " and ";
      }
    }
    if (std::find(parts_.begin(), parts_.end(), text) == parts_.end()) {
      parts_.push_back(std::move(text));
    }
  }

  const RfmModel& model_;
  const CellWinners& winners_;
  const ValueSpace space_;
  std::vector<std::string> parts_;
};

}  // namespace

std::string describe_uncovered(const RfmModel& model, const CellWinners& winners) {
  return Leftovers(model, winners).describe();
}

}  // namespace quintile::models
