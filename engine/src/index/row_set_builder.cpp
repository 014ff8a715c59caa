#include "index/row_set_builder.hpp"

#include <bit>
#include <cstring>

namespace quintile {

namespace {

constexpr std::size_t kBlockWords = kRowsPerBlock / 64;
constexpr std::size_t kMaxArrayRows = 4096;          // more are kept as bits
constexpr std::uint32_t kCookieWithoutRuns = 12346;  // of the portable format
static_assert(std::endian::native == std::endian::little, "the portable format is little endian");

template <class T>
void put(std::vector<std::byte>& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof(T));
  std::memcpy(out.data() + at, &value, sizeof(T));
}

}  // namespace

void RowSetBuilder::append_block(std::uint32_t block, std::span<const std::uint64_t> words) {
  std::size_t rows = 0;
  for (const std::uint64_t word : words) {
    rows += static_cast<std::size_t>(std::popcount(word));
  }
  if (rows == 0) {
    return;
  }
  const std::size_t at = payload_.size();
  containers_.push_back(
      {static_cast<std::uint16_t>(block), static_cast<std::uint16_t>(rows - 1), at});
  if (rows > kMaxArrayRows) {
    payload_.resize(at + kBlockWords * sizeof(std::uint64_t));
    std::memcpy(payload_.data() + at, words.data(), words.size_bytes());
    return;
  }
  payload_.resize(at + rows * sizeof(std::uint16_t));
  std::byte* out = payload_.data() + at;
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
      const auto row =
          static_cast<std::uint16_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      std::memcpy(out, &row, sizeof(row));
      out += sizeof(row);
    }
  }
}

RowSet RowSetBuilder::finish() const {
  std::vector<std::byte> bytes;
  const std::size_t header = 8 + containers_.size() * 8;
  bytes.reserve(header + payload_.size());
  put(bytes, kCookieWithoutRuns);
  put(bytes, static_cast<std::uint32_t>(containers_.size()));
  for (const Container& container : containers_) {
    put(bytes, container.key);
    put(bytes, container.count_minus_one);
  }
  for (const Container& container : containers_) {
    put(bytes, static_cast<std::uint32_t>(header + container.offset));
  }
  bytes.insert(bytes.end(), payload_.begin(), payload_.end());
  Result<RowSet> set = RowSet::deserialize(bytes);
  return std::move(set).value();  // cannot fail: the bytes are ours
}

}  // namespace quintile
