// Counts of combinations of segments.
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

#include "column_file.hpp"
#include "protocol.hpp"
#include "quintile/row_set.hpp"
#include "tasks.hpp"

namespace quintile::peers {
namespace {

class SegmentTasks final : public Tasks {
 public:
  explicit SegmentTasks(const std::string& folder) {
    for (int i = 1; i <= 8; ++i) {
      sets_[i] =
          RowSet::from_words(read_column<std::uint64_t>(folder, "s" + std::to_string(i)).span());
    }
  }

  std::string run(const std::string& task, std::istringstream&) override {
    std::uint64_t found = 0;
    const double seconds = seconds_of([&] { found = count(task); });
    return count_answer(seconds, found);
  }

 private:
  std::uint64_t count(const std::string& task) {
    const RowSet &s1 = sets_[1], &s2 = sets_[2], &s3 = sets_[3];
    if (task == "intersect") return (s1 & s2).and_count(s3);
    if (task == "union") return (s1 | s2).or_count(s3);
    if (task == "difference") return (s1 - s2).andnot_count(s3);
    if (task == "expression") {
      return (((s1 & sets_[4]) - sets_[5]) | ((sets_[6] & sets_[7]) - sets_[8])).or_count(s2 - s3);
    }
    throw std::runtime_error("unknown task: " + task);
  }

  std::map<int, RowSet> sets_;
};

}  // namespace

std::unique_ptr<Tasks> segment_tasks(const std::string& folder, Arena::Executor&) {
  return std::make_unique<SegmentTasks>(folder);
}

}  // namespace quintile::peers
