// Any bytes as a bitmap in Roaring's portable format: a sound set that writes itself as bytes which
// read back as the same set, or an error with a message. A few bytes must not become much memory.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "quintile/row_set.hpp"
#include "require.hpp"

namespace {

using quintile::fuzz::require;

constexpr std::uint64_t kRowsWalked = 200'000;

void walk(const quintile::RowSet& set, std::string_view input) {
  std::uint64_t rows = 0;
  std::uint32_t before = 0;
  for (const quintile::RowId row : set) {
    require(rows == 0 || static_cast<std::uint32_t>(row) > before, "rows ascend", input);
    before = static_cast<std::uint32_t>(row);
    ++rows;
    if (rows <= 64) {
      require(set.contains(row) && set.rank(row) == rows && set.select(rows - 1) == row,
              "a row is where it is found", input);
    }
  }
  require(rows == set.count(), "as many rows as counted", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const quintile::Result<quintile::RowSet> set =
      quintile::RowSet::deserialize(std::as_bytes(std::span(data, size)));
  if (!set.ok()) {
    require(!set.status().message().empty() &&
                set.status().code() == quintile::StatusCode::kInvalidArgument,
            "a refusal says why", input);
    return 0;
  }
  require(set->memory_bytes() <= size + 16, "no more memory than bytes", input);
  const quintile::Result<quintile::RowSet> again = quintile::RowSet::deserialize(set->serialize());
  require(again.ok() && *again == *set && again->count() == set->count(),
          "what is written reads back", input);
  quintile::RowSet compact = *set;
  compact.compact();
  require(compact == *set && (compact ^ *set).empty() && (compact & *set) == *set,
          "the form of containers does not count", input);
  std::vector<std::uint64_t> words(1024);
  set->copy_block(0, words);
  if (set->count() <= kRowsWalked) {
    walk(*set, input);
  }
  return 0;
}
