#include "storage/id_table.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <xxhash.h>

namespace quintile {

namespace {

constexpr std::size_t kMaxIntegerDigits = 18;
constexpr std::size_t kFirstEntries = 64;
constexpr std::size_t kMaxEntries = std::size_t{1} << 32;  // one per tag: more than there are codes
// A prefetch distance that covers a memory access with probes of other keys.
constexpr std::size_t kProbesInFlight = 16;

std::uint64_t hash_integer(std::int64_t value) noexcept {
  // The finaliser of MurmurHash3: every input bit reaches every output bit.
  auto x = static_cast<std::uint64_t>(value) ^ 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDULL;
  x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53ULL;
  return x ^ (x >> 33);
}

std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }

const char* text_of(std::uint64_t slot) noexcept {
  return reinterpret_cast<const char*>(static_cast<std::uintptr_t>(slot & ~std::uint64_t{1}));
}

std::string_view view_of(const char* text) noexcept {
  std::uint16_t length = 0;
  std::memcpy(&length, text, sizeof(length));
  return {text + sizeof(length), length};
}

std::int64_t integer_of(std::uint64_t slot) noexcept {
  return static_cast<std::int64_t>(slot) >> 1;
}

}  // namespace

std::optional<std::int64_t> canonical_integer(std::string_view text) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view digits = negative ? text.substr(1) : text;
  if (digits.empty() || digits.size() > kMaxIntegerDigits) {
    return std::nullopt;
  }
  if (digits.front() == '0' && (digits.size() > 1 || negative)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') {
      return std::nullopt;
    }
    value = value * 10 + (digit - '0');
  }
  return negative ? -value : value;
}

IdKey make_id_key(std::int64_t integer) noexcept {
  return {hash_integer(integer), integer, nullptr, 0};
}

IdKey make_id_key(std::string_view text) noexcept {
  if (const std::optional<std::int64_t> integer = canonical_integer(text)) {
    return make_id_key(*integer);
  }
  return {XXH3_64bits(text.data(), text.size()), 0, text.data(),
          static_cast<std::uint32_t>(text.size())};
}

void IdTexts::append(std::uint32_t code, std::string& out) const {
  std::array<char, 24> scratch{};
  out.append(view(code, scratch));
}

std::string_view IdTexts::view(std::uint32_t code, std::array<char, 24>& scratch) const noexcept {
  const std::uint64_t bits = slot(code);
  if ((bits & 1) != 0) {
    return view_of(text_of(bits));
  }
  const auto end =
      std::to_chars(scratch.data(), scratch.data() + scratch.size(), integer_of(bits)).ptr;
  return {scratch.data(), static_cast<std::size_t>(end - scratch.data())};
}

IdTable::IdTable() { make_entries(kFirstEntries, 0); }

bool IdTable::equals(std::uint32_t code, const IdKey& key) const noexcept {
  const std::uint64_t slot = texts_.slot(code);
  if ((slot & 1) == 0) {
    return key.text == nullptr && integer_of(slot) == key.integer;
  }
  return key.text != nullptr && view_of(text_of(slot)) == std::string_view(key.text, key.length);
}

std::uint32_t IdTable::find(const IdKey& key) const noexcept {
  const std::uint32_t tag = tag_of(key.hash);
  for (std::size_t i = home_of(tag);; i = (i + 1) & mask_) {
    const Entry entry = entries_[i];
    if (entry.code_plus_one == 0) {
      return kNoCode;
    }
    if (entry.tag == tag && equals(entry.code_plus_one - 1, key)) {
      return entry.code_plus_one - 1;
    }
  }
}

std::uint32_t IdTable::insert(const IdKey& key) {
  const std::uint32_t tag = tag_of(key.hash);
  std::size_t i = home_of(tag);
  for (;; i = (i + 1) & mask_) {
    const Entry entry = entries_[i];
    if (entry.code_plus_one == 0) {
      break;
    }
    if (entry.tag == tag && equals(entry.code_plus_one - 1, key)) {
      return entry.code_plus_one - 1;
    }
  }
  const std::uint32_t code = add(key);
  entries_[i] = {code + 1, tag};
  if (entries_.size() < kMaxEntries && std::uint64_t{size()} * 8 > entries_.size() * 5) {
    make_entries(entries_.size() * 2, size());
  }
  return code;
}

void IdTable::insert_all(std::span<const IdKey> keys, std::span<std::uint32_t> codes) {
  for (std::size_t begin = 0; begin < keys.size(); begin += kProbesInFlight) {
    const std::size_t end = std::min(begin + kProbesInFlight, keys.size());
    for (std::size_t i = begin; i < end; ++i) {
      __builtin_prefetch(&entries_[home_of(tag_of(keys[i].hash))]);
    }
    for (std::size_t i = begin; i < end; ++i) {
      const Entry entry = entries_[home_of(tag_of(keys[i].hash))];
      if (entry.code_plus_one != 0) {
        const std::uint32_t code = entry.code_plus_one - 1;
        const auto& block = *texts_.blocks_[code / IdTexts::kBlockSlots];
        __builtin_prefetch(&block.slots[code % IdTexts::kBlockSlots]);
      }
    }
    for (std::size_t i = begin; i < end; ++i) {
      codes[i] = i > 0 && keys[i] == keys[i - 1] ? codes[i - 1] : insert(keys[i]);
    }
  }
}

std::uint32_t IdTable::add(const IdKey& key) {
  const std::uint32_t code = texts_.size_;
  if (code == kNoCode - 1) {
    throw std::length_error("too many distinct ids");
  }
  if (code / IdTexts::kBlockSlots == texts_.blocks_.size()) {
    texts_.blocks_.push_back(std::make_shared<IdTexts::Block>());
  }
  IdTexts::Block& block = *texts_.blocks_[code / IdTexts::kBlockSlots];
  std::uint64_t slot = static_cast<std::uint64_t>(key.integer) << 1;
  if (key.text != nullptr) {
    const std::size_t bytes =
        (sizeof(std::uint16_t) + key.length + 1) / 2 * 2;  // addresses stay even
    if (bytes > block.chunk_left) {
      const std::size_t chunk = std::max(block.chunks.empty() ? 1024 : IdTexts::kChunkBytes, bytes);
      block.chunks.push_back(std::make_unique<char[]>(chunk));
      block.chunk_next = block.chunks.back().get();
      block.chunk_left = chunk;
      block.text_bytes += chunk;
    }
    const auto length = static_cast<std::uint16_t>(key.length);
    std::memcpy(block.chunk_next, &length, sizeof(length));
    std::memcpy(block.chunk_next + sizeof(length), key.text, key.length);
    slot = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(block.chunk_next)) | 1;
    block.chunk_next += bytes;
    block.chunk_left -= bytes;
  }
  block.slots[code % IdTexts::kBlockSlots] = slot;
  ++texts_.size_;
  return code;
}

void IdTable::truncate(std::uint32_t size) {
  if (size >= texts_.size_) {
    return;
  }
  texts_.size_ = size;  // texts of forgotten codes stay where they are until the table goes
  make_entries(entries_.size(), size);
}

// Moves the entries of the codes below `codes` to a table of `entries`, a power of two.
void IdTable::make_entries(std::size_t entries, std::uint32_t codes) {
  constexpr unsigned kTagBits = 32;
  const AlignedBuffer<Entry> old = std::exchange(entries_, AlignedBuffer<Entry>(entries));
  mask_ = entries - 1;
  shift_ = kTagBits - static_cast<unsigned>(std::countr_zero(entries));
  for (const Entry& entry : old) {
    if (entry.code_plus_one == 0 || entry.code_plus_one > codes) {
      continue;
    }
    std::size_t i = home_of(entry.tag);
    while (entries_[i].code_plus_one != 0) {
      i = (i + 1) & mask_;
    }
    entries_[i] = entry;
  }
}

std::size_t IdTable::memory_bytes() const noexcept {
  std::size_t bytes = entries_.memory_bytes();
  for (const auto& block : texts_.blocks_) {
    bytes += IdTexts::kBlockSlots * sizeof(std::uint64_t) + block->text_bytes;
  }
  return bytes;
}

}  // namespace quintile
