// Who: membership, ids, samples, overlaps.
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <xxhash.h>

#include "exec/questions.hpp"
#include "query/name_hint.hpp"

namespace quintile {

namespace {

constexpr std::size_t kBlockWords = kRowsPerBlock / 64;
using BlockWords = std::array<std::uint64_t, kBlockWords>;

Status out_of_range(std::string_view what, std::size_t most, std::size_t got) {
  return {StatusCode::kOutOfRange, "expected 1 to " + std::to_string(most) + " " +
                                       std::string(what) + ", got " + std::to_string(got)};
}

// Counts what is in all sets of a choice, for every choice (bit i: set i), block by block.
class OverlapCounter {
 public:
  explicit OverlapCounter(std::span<const RowSet* const> sets)
      : counts_(std::size_t{1} << sets.size()), words_(sets.size()), both_(sets.size()) {}

  void add_block(std::span<const RowSet* const> sets, std::uint32_t block) {
    for (std::size_t i = 0; i < sets.size(); ++i) {
      sets[i]->copy_block(block, words_[i]);
    }
    for (std::size_t i = 0; i < sets.size(); ++i) {
      descend(words_[i], i, std::size_t{1} << i, 0);
    }
  }
  [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept { return counts_; }

 private:
  // `words` are in all sets of `choice`. Sets below its lowest one are added to it in turn, so
  // every choice is met once.
  void descend(const BlockWords& words, std::size_t lowest, std::size_t choice, std::size_t depth) {
    std::uint64_t count = 0;
    for (const std::uint64_t word : words) {
      count += static_cast<std::uint64_t>(std::popcount(word));
    }
    counts_[choice] += count;
    for (std::size_t i = 0; i < lowest && count != 0; ++i) {
      BlockWords& both = both_[depth];
      for (std::size_t w = 0; w < kBlockWords; ++w) {
        both[w] = words[w] & words_[i][w];
      }
      descend(both, i, choice | (std::size_t{1} << i), depth + 1);
    }
  }

  std::vector<std::uint64_t> counts_;  // by choice
  std::vector<BlockWords> words_;      // by set
  std::vector<BlockWords> both_;       // by depth
};

struct HashedRow {
  std::uint64_t hash = 0;
  std::uint32_t row = 0;
  friend bool operator<(const HashedRow& a, const HashedRow& b) noexcept {
    return a.hash != b.hash ? a.hash < b.hash : a.row < b.row;
  }
};

// Keeps the `size` smallest.
void keep_smallest(std::vector<HashedRow>& rows, std::size_t size) {
  if (rows.size() > size) {
    std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(size), rows.end());
    rows.resize(size);
  }
}

}  // namespace

Questions::Questions(const Engine& engine, std::shared_ptr<const Generation> generation,
                     SelectOptions options)
    : engine_(&engine), generation_(std::move(generation)), options_(std::move(options)) {}

Result<Selection> Questions::select(const Expression& expression) const {
  return engine_->select(expression, *generation_, options_);
}

Result<const RowSet*> Questions::segment(std::string_view name) const {
  return guarded([&]() -> Result<const RowSet*> {
    if (const RowSet* const found = generation_->segment(name)) {
      return found;
    }
    if (const SegmentInfo* const info = generation_->segment_info(name);
        info != nullptr && !info->broken.empty()) {
      return Status(StatusCode::kUnavailable,
                    "segment " + quoted_for_message(name) + " is broken: " + info->broken);
    }
    const std::vector<std::string> names = generation_->segment_names();
    const std::vector<std::string_view> known(names.begin(), names.end());
    return Status(StatusCode::kNotFound,
                  "unknown segment " + quoted_for_message(name) + known_names_hint(name, known));
  });
}

Result<std::vector<std::vector<std::uint32_t>>> Questions::membership(
    std::span<const std::string> contacts, std::span<const std::string> segments) const {
  return guarded([&]() -> Result<std::vector<std::vector<std::uint32_t>>> {
    if (contacts.size() > kMaxMembershipContacts) {
      return out_of_range("contacts", kMaxMembershipContacts, contacts.size());
    }
    if (GenerationInternals::of(*generation_).engine != EngineInternals::of(*engine_).identity) {
      return Status(StatusCode::kInvalidArgument,
                    "expected a generation of this engine, got another one's");
    }
    std::vector<const RowSet*> sets;
    for (const std::string& name : segments) {
      QUINTILE_ASSIGN_OR_RETURN(const RowSet* set, segment(name));
      sets.push_back(set);
    }
    std::vector<std::vector<std::uint32_t>> members(contacts.size());
    for (std::size_t c = 0; c < contacts.size(); ++c) {
      QUINTILE_TRY(check_not_given_up(options_));
      const std::optional<RowId> row = engine_->find_contact("id:" + contacts[c]);
      for (std::uint32_t s = 0; row && s < sets.size(); ++s) {
        if (sets[s]->contains(*row)) {
          members[c].push_back(s);
        }
      }
    }
    return members;
  });
}

Result<IdPage> Questions::ids(const RowSet& members, std::size_t limit,
                              std::string_view cursor) const {
  return guarded([&]() -> Result<IdPage> {
    if (limit == 0 || limit > kMaxAnswerRows) {
      return out_of_range("ids of a page", kMaxAnswerRows, limit);
    }
    std::uint32_t last = 0;
    if (!cursor.empty()) {
      const auto read = std::from_chars(cursor.data(), cursor.data() + cursor.size(), last);
      if (read.ec != std::errc() || read.ptr != cursor.data() + cursor.size()) {
        return Status(StatusCode::kInvalidArgument,
                      "expected the cursor of a page before, got " + quoted_for_message(cursor));
      }
    }
    IdPage page;
    std::uint64_t position = cursor.empty() ? 0 : members.rank(static_cast<RowId>(last));
    while (const std::optional<RowId> row = members.select(position)) {
      if (to_index(*row) >= generation_->contact_count()) {
        break;
      }
      if (page.ids.size() == limit) {
        page.cursor = std::to_string(last);
        break;
      }
      page.ids.push_back(generation_->contact_id(*row));
      last = static_cast<std::uint32_t>(*row);
      ++position;
    }
    return page;
  });
}

Result<std::vector<RowId>> Questions::sample(const RowSet& members, std::size_t size,
                                             std::string_view seed) const {
  const auto ask = [&](const Asked& asked) -> Result<std::vector<RowId>> {
    if (size == 0 || size > kMaxAnswerRows) {
      return out_of_range("contacts of a sample", kMaxAnswerRows, size);
    }
    std::vector<std::vector<HashedRow>> kept(
        static_cast<std::size_t>(asked.executor.thread_count()));
    const AnswerColumns none(asked.scope);
    const UseBlock hash_block = [&](const AnswerReader& reader,
                                    std::span<const std::uint64_t> words, std::size_t worker) {
      std::string text(seed);
      text.push_back('\0');
      const std::size_t prefix = text.size();
      for_each_bit(words, [&](std::size_t i) {
        const auto row = static_cast<std::uint32_t>(reader.block() * kRowsPerBlock + i);
        text.resize(prefix);
        asked.scope.source().ids.append(row, text);
        kept[worker].push_back({XXH3_64bits(text.data(), text.size()), row});
      });
      keep_smallest(kept[worker], size);
    };
    QUINTILE_TRY(scan_members(none, members, asked.executor, asked.options, hash_block));
    std::vector<HashedRow> all;
    for (const std::vector<HashedRow>& rows : kept) {
      all.insert(all.end(), rows.begin(), rows.end());
    }
    keep_smallest(all, size);
    std::vector<RowId> rows;
    for (const HashedRow& each : all) {
      rows.push_back(static_cast<RowId>(each.row));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

Result<std::vector<OverlapCount>> Questions::overlap(std::span<const std::string> segments) const {
  return guarded([&]() -> Result<std::vector<OverlapCount>> {
    if (segments.empty() || segments.size() > kMaxOverlapSegments) {
      return out_of_range("segments", kMaxOverlapSegments, segments.size());
    }
    std::vector<const RowSet*> sets;
    for (const std::string& name : segments) {
      QUINTILE_ASSIGN_OR_RETURN(const RowSet* set, segment(name));
      sets.push_back(set);
    }
    const auto& impl = EngineInternals::of(*engine_);
    Arena::Executor& executor = impl.options.arena->executor();
    std::vector<OverlapCounter> counters(static_cast<std::size_t>(executor.thread_count()),
                                         OverlapCounter(sets));
    const std::size_t blocks =
        (std::size_t{generation_->contact_count()} + kRowsPerBlock - 1) / kRowsPerBlock;
    const auto count = [&](std::size_t block, int worker) -> Status {
      counters[static_cast<std::size_t>(worker)].add_block(sets, static_cast<std::uint32_t>(block));
      return {};
    };
    QUINTILE_TRY(run_blocks(blocks, executor, options_, count));
    std::vector<OverlapCount> answer;
    for (std::size_t choice = 1; choice < std::size_t{1} << sets.size(); ++choice) {
      OverlapCount& entry = answer.emplace_back();
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if ((choice >> i & 1U) != 0) {
          entry.name.append(entry.name.empty() ? "" : "&").append(segments[i]);
        }
      }
      for (const OverlapCounter& counter : counters) {
        entry.count += counter.counts()[choice];
      }
    }
    return answer;
  });
}

}  // namespace quintile
