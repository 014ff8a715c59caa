// visits: the contacts with at least three visits in the window, from the events of one type stored
// by contact.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "column_file.hpp"
#include "protocol.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "quintile/kernels/event_window.hpp"
#include "tasks.hpp"

namespace quintile::peers {
namespace {

constexpr std::uint8_t kVisit = 0;  // the first of work.EVENT_TYPES

class EventTasks final : public Tasks {
 public:
  EventTasks(const std::string& folder, Arena::Executor& executor)
      : executor_(executor), contacts_(contacts_of(folder)), offsets_(contacts_ + 1) {
    const auto contact = read_column<std::uint32_t>(folder, "contact");
    const auto type = read_column<std::uint8_t>(folder, "type");
    const auto day = read_column<std::uint16_t>(folder, "day");
    for (std::size_t i = 0; i < contact.size(); ++i) {
      if (type[i] != kVisit) continue;
      ++offsets_[contact[i] + 1];
      days_.push_back(day[i]);
    }
    std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  }

  // The arguments: how many visits at least, first and last day.
  std::string run(const std::string&, const std::string&, std::istringstream& words) override {
    std::uint32_t least = 0;
    kernels::EventFilter filter;
    filter.day = days_;
    if (!(words >> least >> filter.first_day >> filter.last_day))
      throw std::runtime_error("expected a number of visits and two days");
    std::uint64_t found = 0;
    const double seconds = seconds_of([&] { found = count(filter, least); });
    return count_answer(seconds, found);
  }

 private:
  std::uint64_t count(const kernels::EventFilter& filter, std::uint32_t least) {
    const std::size_t blocks = (contacts_ + kernels::kBlockRows - 1) / kernels::kBlockRows;
    const kernels::Interval<std::uint32_t> wanted{
        .low = least, .high = std::numeric_limits<std::uint32_t>::max(), .negated = false};
    counts_.assign(blocks, 0);
    executor_.run(blocks, [&](std::size_t block, int) {
      const std::size_t first = block * kernels::kBlockRows;
      const std::size_t rows = std::min(kernels::kBlockRows, contacts_ - first);
      std::array<std::uint64_t, kernels::kBlockWords> words;
      const auto used = std::span(words).first(kernels::words_for(rows));
      kernels::mark_event_counts(std::span(offsets_).subspan(first, rows + 1), filter, wanted,
                                 used);
      counts_[block] = kernels::count_bits(used);
    });
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  }

  Arena::Executor& executor_;
  std::size_t contacts_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint16_t> days_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

std::unique_ptr<Tasks> event_tasks(const std::string& folder, Arena::Executor& executor) {
  return std::make_unique<EventTasks>(folder, executor);
}

}  // namespace quintile::peers
