// Counts of combinations of segments: bitmaps by block, a whole expression in one pass.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "column_file.hpp"
#include "protocol.hpp"
#include "quintile/kernels/block.hpp"
#include "quintile/kernels/boolean.hpp"
#include "tasks.hpp"

namespace quintile::peers {
namespace {

using kernels::BooleanOp;
using kernels::BooleanStep;
using kernels::kFromStack;

constexpr std::size_t kSegments = 8;

// Terms count from 0: s1 is term 0.
const std::map<std::string, std::vector<BooleanStep>> kPrograms = {
    {"intersect", {{BooleanOp::kPush, 0}, {BooleanOp::kAnd, 1}, {BooleanOp::kAnd, 2}}},
    {"union", {{BooleanOp::kPush, 0}, {BooleanOp::kOr, 1}, {BooleanOp::kOr, 2}}},
    {"difference", {{BooleanOp::kPush, 0}, {BooleanOp::kAndNot, 1}, {BooleanOp::kAndNot, 2}}},
    {"expression",
     {{BooleanOp::kPush, 0},
      {BooleanOp::kAnd, 3},
      {BooleanOp::kAndNot, 4},
      {BooleanOp::kPush, 5},
      {BooleanOp::kAnd, 6},
      {BooleanOp::kAndNot, 7},
      {BooleanOp::kOr, kFromStack},
      {BooleanOp::kPush, 1},
      {BooleanOp::kAndNot, 2},
      {BooleanOp::kOr, kFromStack}}},
};

class SegmentTasks final : public Tasks {
 public:
  SegmentTasks(const std::string& folder, Arena::Executor& executor)
      : executor_(executor), contacts_(contacts_of(folder)) {
    for (std::size_t i = 0; i < kSegments; ++i) {
      bitmaps_.push_back(read_column<std::uint64_t>(folder, "s" + std::to_string(i + 1)));
    }
  }

  std::string run(const std::string& task, const std::string&, std::istringstream&) override {
    const std::vector<BooleanStep>& program = kPrograms.at(task);
    std::uint64_t found = 0;
    const double seconds = seconds_of([&] { found = count(program); });
    return count_answer(seconds, found);
  }

 private:
  // A block is less work than handing it out costs, so that each thread gets a few runs of them.
  std::uint64_t count(const std::vector<BooleanStep>& program) {
    const std::size_t blocks = (contacts_ + kernels::kBlockRows - 1) / kernels::kBlockRows;
    const std::size_t parts =
        std::min<std::size_t>(blocks, 4 * static_cast<std::size_t>(executor_.thread_count()));
    counts_.assign(parts, 0);
    executor_.run(parts, [&](std::size_t part, int) {
      std::uint64_t count = 0;
      for (std::size_t b = blocks * part / parts; b < blocks * (part + 1) / parts; ++b)
        count += count_block(program, b);
      counts_[part] = count;
    });
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts_)
      total += count;
    return total;
  }

  [[nodiscard]] std::uint64_t count_block(const std::vector<BooleanStep>& program,
                                          std::size_t block) const {
    const std::size_t first = block * kernels::kBlockRows;
    const std::size_t rows = std::min(kernels::kBlockRows, contacts_ - first);
    std::array<kernels::BooleanTerm, kSegments> terms;
    for (std::size_t i = 0; i < kSegments; ++i)
      terms[i].is_true = bitmaps_[i].span().subspan(first / 64, kernels::words_for(rows));
    return kernels::evaluate_boolean(program, terms, rows, {}).is_true;
  }

  Arena::Executor& executor_;
  std::size_t contacts_;
  std::vector<AlignedBuffer<std::uint64_t>> bitmaps_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

std::unique_ptr<Tasks> segment_tasks(const std::string& folder, Arena::Executor& executor) {
  return std::make_unique<SegmentTasks>(folder, executor);
}

}  // namespace quintile::peers
