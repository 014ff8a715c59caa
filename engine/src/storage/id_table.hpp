// Texts to dense codes and back: external ids, identifiers, order ids, categories.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/expression.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile {

// A text ready to be looked up. Text that is the canonical decimal form of an integer is kept as
// that integer: eight bytes and no pointer to follow.
struct IdKey {
  std::uint64_t hash = 0;
  std::int64_t integer = 0;    // if text is null
  const char* text = nullptr;  // not owned
  std::uint32_t length = 0;

  friend bool operator==(const IdKey& a, const IdKey& b) noexcept {
    return a.hash == b.hash && a.integer == b.integer && a.length == b.length &&
           (a.text == nullptr) == (b.text == nullptr) &&
           std::string_view(a.text, a.length) == std::string_view(b.text, b.length);
  }
};

// Returns the integer that `text` is the canonical decimal form of: no sign but `-`, no leading
// zero, no `-0`, magnitude below 10^18.
std::optional<std::int64_t> canonical_integer(std::string_view text) noexcept;

// Whether the integer is the canonical_integer() of its text; one that is not is kept as that text.
constexpr bool is_kept_as_integer(std::int64_t integer) noexcept {
  constexpr std::int64_t kLimit = 1'000'000'000'000'000'000;
  return integer > -kLimit && integer < kLimit;
}

IdKey make_id_key(std::string_view text) noexcept;
// The integer must be kept as one.
IdKey make_id_key(std::int64_t integer) noexcept;

inline constexpr std::uint32_t kNoCode = 0xFFFFFFFFU;

// The texts of codes 0 to size-1, readable while the table that they come from goes on growing:
// slots and texts never move. Copies share the texts.
class IdTexts {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  // Appends text `code`; it must be below size().
  void append(std::uint32_t code, std::string& out) const;
  // The text, in `scratch` if it is not stored as text.
  [[nodiscard]] std::string_view view(std::uint32_t code,
                                      std::array<char, 24>& scratch) const noexcept;

 private:
  friend class IdTable;
  friend class SnapshotWalk;
  static constexpr std::uint32_t kBlockSlots = 65536;
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 16;

  // Slot: integer << 1, or the address of a text | 1. A text is its length in 2 bytes, then bytes.
  struct Block {
    // Not cleared: pages that no code has reached cost no memory.
    std::unique_ptr<std::uint64_t[]> slots =
        std::make_unique_for_overwrite<std::uint64_t[]>(kBlockSlots);
    std::vector<std::unique_ptr<char[]>> chunks;
    std::size_t chunk_left = 0;
    char* chunk_next = nullptr;
    std::size_t text_bytes = 0;
  };
  [[nodiscard]] std::uint64_t slot(std::uint32_t code) const noexcept {
    return blocks_[code / kBlockSlots]->slots[code % kBlockSlots];
  }

  std::vector<std::shared_ptr<Block>> blocks_;
  std::uint32_t size_ = 0;
};

// A set of texts, each with the code it got when first inserted: 0, 1, 2, ... Equality is that of
// the whole text; the hash only finds candidates. One writer; reading beside a writer needs a lock,
// except through texts().
class IdTable {
 public:
  IdTable();

  [[nodiscard]] std::uint32_t size() const noexcept { return texts_.size(); }
  // The code of `key`, or kNoCode.
  [[nodiscard]] std::uint32_t find(const IdKey& key) const noexcept;
  // The code of `key`, new if it was unknown. Throws std::bad_alloc, std::length_error when full.
  std::uint32_t insert(const IdKey& key);
  // The same for many keys; probes overlap their cache misses.
  void insert_all(std::span<const IdKey> keys, std::span<std::uint32_t> codes);
  // Forgets all codes from `size` on: they were inserted last.
  void truncate(std::uint32_t size);

  [[nodiscard]] const IdTexts& texts() const noexcept { return texts_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  friend class SnapshotWalk;
  struct Entry {
    std::uint32_t code_plus_one = 0;  // 0: free
    std::uint32_t tag = 0;            // the high half of the hash
  };
  // Where the probes of a tag begin: at its high bits. So entries lie nearly in the order of their
  // tags, and a larger table is filled front to back from the smaller one alone.
  [[nodiscard]] std::size_t home_of(std::uint32_t tag) const noexcept { return tag >> shift_; }
  [[nodiscard]] bool equals(std::uint32_t code, const IdKey& key) const noexcept;
  std::uint32_t add(const IdKey& key);
  void make_entries(std::size_t entries, std::uint32_t codes);

  IdTexts texts_;
  AlignedBuffer<Entry> entries_;
  std::size_t mask_ = 0;
  unsigned shift_ = 0;
};

// The view of an IdTable that expressions bind to.
class IdTableDictionary final : public ExpressionDictionary {
 public:
  explicit IdTableDictionary(const IdTexts& texts) noexcept : texts_(texts) {}
  [[nodiscard]] std::uint32_t size() const noexcept override { return texts_.size(); }
  [[nodiscard]] std::string_view text(std::uint32_t code) const noexcept override {
    return texts_.view(code, scratch_);
  }
  [[nodiscard]] const IdTexts& texts() const noexcept { return texts_; }

 private:
  const IdTexts& texts_;
  mutable std::array<char, 24> scratch_{};
};

}  // namespace quintile
