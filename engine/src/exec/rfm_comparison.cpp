// Changes of tiers and classes between two results.
#include "exec/rfm_data.hpp"

namespace quintile {

namespace {

TransitionMatrix make_matrix(std::vector<std::string> rows, std::vector<std::string> columns) {
  TransitionMatrix matrix;
  matrix.rows = rows.size() + 1;
  matrix.columns = columns.size() + 1;
  matrix.row_names = std::move(rows);
  matrix.column_names = std::move(columns);
  matrix.counts.resize(matrix.rows * matrix.columns);
  return matrix;
}

std::vector<std::string> tier_names(const AxisCuts& cuts) {
  std::vector<std::string> names{"0"};
  for (int tier = 1; tier <= cuts.tiers; ++tier) {
    names.push_back(cuts.names.empty() ? std::to_string(tier)
                                       : cuts.names[static_cast<std::size_t>(tier) - 1]);
  }
  return names;
}

std::vector<std::string> class_names(const RfmData& data) {
  std::vector<std::string> names;
  for (const ClassInfo& info : data.class_infos) {
    names.push_back(info.name);
  }
  return names;
}

// Counts code pairs; a row without a class, or beyond the earlier result, counts as "not in it".
void count_changes(const RfmData& earlier, std::span<const std::uint8_t> earlier_codes,
                   const RfmData& later, std::span<const std::uint8_t> later_codes,
                   TransitionMatrix& matrix) noexcept {
  for (std::size_t row = 0; row < later.rows; ++row) {
    const bool was_in = row < earlier.rows && earlier.classes[row] != kNoClass;
    const bool is_in = later.classes[row] != kNoClass;
    if (was_in || is_in) {
      const std::size_t from = was_in ? earlier_codes[row] : matrix.rows - 1;
      const std::size_t to = is_in ? later_codes[row] : matrix.columns - 1;
      ++matrix.counts[from * matrix.columns + to];
    }
  }
}

}  // namespace

RfmComparison compare_results(const RfmData& earlier, const RfmData& later) {
  RfmComparison comparison;
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    comparison.tiers[axis] =
        make_matrix(tier_names(earlier.cuts[axis]), tier_names(later.cuts[axis]));
    count_changes(earlier, earlier.tiers[axis].span(), later, later.tiers[axis].span(),
                  comparison.tiers[axis]);
  }
  comparison.classes = make_matrix(class_names(earlier), class_names(later));
  count_changes(earlier, earlier.classes.span(), later, later.classes.span(), comparison.classes);
  return comparison;
}

}  // namespace quintile
