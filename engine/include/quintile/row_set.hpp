// A set of contacts as a compressed bitmap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

namespace quintile {

// A set of rows, held as a Roaring bitmap. A value type: a copy is independent. Reading one object
// from several threads is safe, changing it needs exclusive use; a published set is `const` and so
// never changes.
//
//     RowSet buyers = RowSet::of({to_row(3), to_row(70000)});
//     RowSet both = buyers & subscribers;
//     for (RowId row : both) { ... }  // ascending
class QUINTILE_API RowSet {
 public:
  class Iterator;

  RowSet() noexcept;
  RowSet(const RowSet& other);
  RowSet(RowSet&& other) noexcept;
  RowSet& operator=(const RowSet& other);
  RowSet& operator=(RowSet&& other) noexcept;
  ~RowSet();

  // The set of `rows`, in any order, repetitions allowed.
  static RowSet of(std::span<const RowId> rows);
  static RowSet of(std::initializer_list<RowId> rows);

  // The set of all rows below `count`.
  static RowSet first(std::uint32_t count);

  // The set whose members are the one bits of `words`: bit b of word w is row 64 * w + b. Linear in
  // the words; blocks without a bit cost one scan.
  static RowSet from_words(std::span<const std::uint64_t> words);

  // Adds or removes one row; tells whether the set changed.
  bool add(RowId row);
  bool remove(RowId row);

  [[nodiscard]] bool contains(RowId row) const noexcept;
  [[nodiscard]] bool empty() const noexcept;

  // How many rows are in the set. Linear in the containers (one per non-empty block).
  [[nodiscard]] std::uint64_t count() const noexcept;

  // How many members are at or below `row`.
  [[nodiscard]] std::uint64_t rank(RowId row) const noexcept;

  // The member with `position` members below it; nothing if `position >= count()`.
  [[nodiscard]] std::optional<RowId> select(std::uint64_t position) const noexcept;

  // Set algebra: intersection, union, difference, symmetric difference.
  QUINTILE_API friend RowSet operator&(const RowSet& a, const RowSet& b);
  QUINTILE_API friend RowSet operator|(const RowSet& a, const RowSet& b);
  QUINTILE_API friend RowSet operator-(const RowSet& a, const RowSet& b);
  QUINTILE_API friend RowSet operator^(const RowSet& a, const RowSet& b);
  QUINTILE_API friend bool operator==(const RowSet& a, const RowSet& b) noexcept;
  RowSet& operator&=(const RowSet& other);
  RowSet& operator|=(const RowSet& other);
  RowSet& operator-=(const RowSet& other);
  RowSet& operator^=(const RowSet& other);

  // The sizes of the four results, without building them.
  [[nodiscard]] std::uint64_t and_count(const RowSet& other) const noexcept;
  [[nodiscard]] std::uint64_t or_count(const RowSet& other) const noexcept;
  [[nodiscard]] std::uint64_t andnot_count(const RowSet& other) const noexcept;
  [[nodiscard]] std::uint64_t xor_count(const RowSet& other) const noexcept;

  // All members, ascending.
  [[nodiscard]] std::vector<RowId> to_vector() const;

  // Writes the members of block `block` as bits into `words` (1,024 words, all overwritten).
  void copy_block(std::uint32_t block, std::span<std::uint64_t> words) const;

  // The same without a copy where the set keeps the block as bits: 1,024 words in the set itself,
  // valid until it changes; else in `buffer` (1,024 words), or in constants if the block is empty.
  // A search for the block when nothing is to be written.
  [[nodiscard]] std::span<const std::uint64_t> block_words(std::uint32_t block,
                                                           std::span<std::uint64_t> buffer) const;

  // Ascending iteration; invalidated by any change of the set.
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return std::default_sentinel; }

  // Picks the smallest form for every container. Changes size, never content.
  void compact();

  // The bytes of the set in memory, without the object itself.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  // Writes the set in Roaring's portable format.
  [[nodiscard]] std::vector<std::byte> serialize() const;

  // Reads the portable format. The bytes may come from anywhere: sizes, order and containers are
  // checked before use. Bytes after the bitmap are refused.
  // Errors: kInvalidArgument.
  static Result<RowSet> deserialize(std::span<const std::byte> bytes);

 private:
  friend class RowSetGroup;  // builds sets from whole blocks
  struct Bitmap;
  explicit RowSet(std::unique_ptr<Bitmap> bitmap) noexcept;
  [[nodiscard]] const Bitmap& bitmap() const noexcept;
  Bitmap& own();
  std::unique_ptr<Bitmap> bitmap_;  // null: empty
};

// A forward iterator over a RowSet, ascending; compares equal to the sentinel at the end.
class QUINTILE_API RowSet::Iterator {
 public:
  using value_type = RowId;
  using difference_type = std::ptrdiff_t;

  RowId operator*() const noexcept { return static_cast<RowId>(buffer_[position_]); }
  Iterator& operator++();
  friend bool operator==(const Iterator& iterator, std::default_sentinel_t) noexcept {
    return iterator.position_ == iterator.filled_;
  }

 private:
  friend class RowSet;
  struct Cursor;
  struct CursorDelete {
    void operator()(Cursor* cursor) const noexcept;
  };
  explicit Iterator(std::unique_ptr<Cursor, CursorDelete> cursor);
  void refill();
  static constexpr std::uint32_t kBufferRows = 256;

  std::unique_ptr<Cursor, CursorDelete> cursor_;
  std::vector<std::uint32_t> buffer_;
  std::uint32_t position_ = 0;
  std::uint32_t filled_ = 0;
};

}  // namespace quintile
