// What becomes of the rows of a slice while its columns are converted one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "reject.hpp"

namespace quintile::loader {

// Every row is accepted until a column says otherwise; the first that does so decides.
class Rows {
 public:
  explicit Rows(std::size_t count) : fates_(count, Fate::kAccepted) {}

  [[nodiscard]] std::size_t count() const { return fates_.size(); }
  [[nodiscard]] bool is_accepted(std::size_t row) const { return fates_[row] == Fate::kAccepted; }
  [[nodiscard]] std::size_t anonymous() const { return anonymous_; }
  [[nodiscard]] std::size_t other_types() const { return other_types_; }
  [[nodiscard]] std::size_t accepted() const {
    return fates_.size() - anonymous_ - other_types_ - rejects_.size();
  }

  void skip_anonymous(std::size_t row) {
    fates_[row] = Fate::kAnonymous;
    ++anonymous_;
  }
  void skip_other_type(std::size_t row) {
    fates_[row] = Fate::kOtherType;
    ++other_types_;
  }
  void reject(std::size_t row, Reason reason, std::string_view value) {
    fates_[row] = Fate::kRejected;
    rejects_.push_back({row, reason, printable(value)});
  }

  // The rejects so far, `record` being the row; not sorted.
  [[nodiscard]] const std::vector<Reject>& rejects() const { return rejects_; }

  // Keep the values of accepted rows only.
  template <class T>
  void keep_accepted(std::vector<T>& values) const {
    if (accepted() == count() || values.empty()) {
      return;
    }
    std::size_t kept = 0;
    for (std::size_t row = 0; row < fates_.size(); ++row) {
      if (is_accepted(row)) {
        values[kept] = values[row];
        ++kept;
      }
    }
    values.resize(kept);
  }

 private:
  enum class Fate : std::uint8_t { kAccepted, kAnonymous, kOtherType, kRejected };

  std::vector<Fate> fates_;
  std::size_t anonymous_ = 0;
  std::size_t other_types_ = 0;
  std::vector<Reject> rejects_;
};

}  // namespace quintile::loader
