#include "quintile/row_set.hpp"

#include <algorithm>
#include <new>
#include <string>

#include <roaring/roaring.h>

#include "index/row_set_bitmap.hpp"
#include "index/row_set_group.hpp"

namespace quintile {

namespace {

constexpr std::size_t kBlockWords = kRowsPerBlock / 64;

std::uint32_t value_of(RowId row) noexcept { return static_cast<std::uint32_t>(row); }

}  // namespace

// A null pointer stands for the empty set, so that making and moving one cannot fail.
const RowSet::Bitmap& RowSet::bitmap() const noexcept {
  static roaring_bitmap_t nothing{};
  static const Bitmap kEmpty(&nothing, false);
  return bitmap_ ? *bitmap_ : kEmpty;
}

RowSet::Bitmap& RowSet::own() {
  if (!bitmap_) {
    bitmap_ = std::make_unique<Bitmap>(roaring_bitmap_create());
  }
  return *bitmap_;
}

struct RowSet::Iterator::Cursor {
  roaring_uint32_iterator_t iterator;
};

void RowSet::Iterator::CursorDelete::operator()(Cursor* cursor) const noexcept { delete cursor; }

RowSet::RowSet() noexcept = default;
RowSet::RowSet(std::unique_ptr<Bitmap> bitmap) noexcept : bitmap_(std::move(bitmap)) {}
RowSet::RowSet(const RowSet& other)
    : bitmap_(std::make_unique<Bitmap>(roaring_bitmap_copy(other.bitmap().roaring))) {}
RowSet::RowSet(RowSet&& other) noexcept = default;
RowSet::~RowSet() = default;

RowSet& RowSet::operator=(const RowSet& other) {
  if (this != &other) {
    bitmap_ = std::make_unique<Bitmap>(roaring_bitmap_copy(other.bitmap().roaring));
  }
  return *this;
}

RowSet& RowSet::operator=(RowSet&& other) noexcept = default;

RowSet RowSet::of(std::span<const RowId> rows) {
  static_assert(sizeof(RowId) == sizeof(std::uint32_t));
  RowSet set;
  roaring_bitmap_add_many(set.own().roaring, rows.size(),
                          reinterpret_cast<const std::uint32_t*>(rows.data()));
  return set;
}

RowSet RowSet::of(std::initializer_list<RowId> rows) {
  return of(std::span<const RowId>(rows.begin(), rows.size()));
}

RowSet RowSet::first(std::uint32_t count) {
  return RowSet(std::make_unique<Bitmap>(roaring_bitmap_from_range(0, count, 1)));
}

RowSet RowSet::from_words(std::span<const std::uint64_t> words) {
  RowSetGroup group(1, (words.size() + kBlockWords - 1) / kBlockWords);
  for (std::size_t begin = 0; begin < words.size(); begin += kBlockWords) {
    group.put(0, begin / kBlockWords,
              words.subspan(begin, std::min(kBlockWords, words.size() - begin)));
  }
  return std::move(group.finish().front());
}

bool RowSet::add(RowId row) { return roaring_bitmap_add_checked(own().roaring, value_of(row)); }

bool RowSet::remove(RowId row) {
  return roaring_bitmap_remove_checked(own().roaring, value_of(row));
}

bool RowSet::contains(RowId row) const noexcept {
  return roaring_bitmap_contains(bitmap().roaring, value_of(row));
}

bool RowSet::empty() const noexcept { return roaring_bitmap_is_empty(bitmap().roaring); }

std::uint64_t RowSet::count() const noexcept {
  return roaring_bitmap_get_cardinality(bitmap().roaring);
}

std::uint64_t RowSet::rank(RowId row) const noexcept {
  return roaring_bitmap_rank(bitmap().roaring, value_of(row));
}

std::optional<RowId> RowSet::select(std::uint64_t position) const noexcept {
  std::uint32_t row = 0;
  if (position > 0xFFFFFFFFULL ||
      !roaring_bitmap_select(bitmap().roaring, static_cast<std::uint32_t>(position), &row)) {
    return std::nullopt;
  }
  return to_row(row);
}

RowSet operator&(const RowSet& a, const RowSet& b) {
  return RowSet(
      std::make_unique<RowSet::Bitmap>(roaring_bitmap_and(a.bitmap().roaring, b.bitmap().roaring)));
}

RowSet operator|(const RowSet& a, const RowSet& b) {
  return RowSet(
      std::make_unique<RowSet::Bitmap>(roaring_bitmap_or(a.bitmap().roaring, b.bitmap().roaring)));
}

RowSet operator-(const RowSet& a, const RowSet& b) {
  return RowSet(std::make_unique<RowSet::Bitmap>(
      roaring_bitmap_andnot(a.bitmap().roaring, b.bitmap().roaring)));
}

RowSet operator^(const RowSet& a, const RowSet& b) {
  return RowSet(
      std::make_unique<RowSet::Bitmap>(roaring_bitmap_xor(a.bitmap().roaring, b.bitmap().roaring)));
}

bool operator==(const RowSet& a, const RowSet& b) noexcept {
  return roaring_bitmap_equals(a.bitmap().roaring, b.bitmap().roaring);
}

RowSet& RowSet::operator&=(const RowSet& other) {
  roaring_bitmap_and_inplace(own().roaring, other.bitmap().roaring);
  return *this;
}

RowSet& RowSet::operator|=(const RowSet& other) {
  roaring_bitmap_or_inplace(own().roaring, other.bitmap().roaring);
  return *this;
}

RowSet& RowSet::operator-=(const RowSet& other) {
  if (this == &other) {
    return *this = RowSet();  // CRoaring's in-place difference wants two objects
  }
  roaring_bitmap_andnot_inplace(own().roaring, other.bitmap().roaring);
  return *this;
}

RowSet& RowSet::operator^=(const RowSet& other) {
  if (this == &other) {
    return *this = RowSet();
  }
  roaring_bitmap_xor_inplace(own().roaring, other.bitmap().roaring);
  return *this;
}

std::uint64_t RowSet::and_count(const RowSet& other) const noexcept {
  return roaring_bitmap_and_cardinality(bitmap().roaring, other.bitmap().roaring);
}

std::uint64_t RowSet::or_count(const RowSet& other) const noexcept {
  return roaring_bitmap_or_cardinality(bitmap().roaring, other.bitmap().roaring);
}

std::uint64_t RowSet::andnot_count(const RowSet& other) const noexcept {
  return roaring_bitmap_andnot_cardinality(bitmap().roaring, other.bitmap().roaring);
}

std::uint64_t RowSet::xor_count(const RowSet& other) const noexcept {
  return roaring_bitmap_xor_cardinality(bitmap().roaring, other.bitmap().roaring);
}

std::vector<RowId> RowSet::to_vector() const {
  std::vector<RowId> rows(count());
  roaring_bitmap_to_uint32_array(bitmap().roaring, reinterpret_cast<std::uint32_t*>(rows.data()));
  return rows;
}

void RowSet::compact() {
  roaring_bitmap_run_optimize(own().roaring);
  roaring_bitmap_shrink_to_fit(own().roaring);
}

std::size_t RowSet::memory_bytes() const noexcept {
  return roaring_bitmap_portable_size_in_bytes(bitmap().roaring);
}

std::vector<std::byte> RowSet::serialize() const {
  std::vector<std::byte> bytes(roaring_bitmap_portable_size_in_bytes(bitmap().roaring));
  roaring_bitmap_portable_serialize(bitmap().roaring, reinterpret_cast<char*>(bytes.data()));
  return bytes;
}

Result<RowSet> RowSet::deserialize(std::span<const std::byte> bytes) {
  const char* data = reinterpret_cast<const char*>(bytes.data());
  const std::size_t size = roaring_bitmap_portable_deserialize_size(data, bytes.size());
  if (size == 0 || size != bytes.size()) {
    return Status(StatusCode::kInvalidArgument,
                  "expected a bitmap in Roaring's portable format, got " +
                      std::to_string(bytes.size()) + " bytes of which " + std::to_string(size) +
                      " are one");
  }
  roaring_bitmap_t* bitmap = roaring_bitmap_portable_deserialize_safe(data, bytes.size());
  if (bitmap == nullptr) {
    return Status(StatusCode::kInvalidArgument,
                  "expected a bitmap in Roaring's portable format, got one that cannot be read");
  }
  RowSet set(std::make_unique<Bitmap>(bitmap));
  const char* reason = nullptr;
  if (!roaring_bitmap_internal_validate(bitmap, &reason)) {
    return Status(
        StatusCode::kInvalidArgument,
        std::string("expected a bitmap in Roaring's portable format, got a broken one: ") +
            (reason != nullptr ? reason : "unknown"));
  }
  return set;
}

RowSet::Iterator::Iterator(std::unique_ptr<Cursor, CursorDelete> cursor)
    : cursor_(std::move(cursor)), buffer_(kBufferRows) {
  refill();
}

void RowSet::Iterator::refill() {
  filled_ = roaring_uint32_iterator_read(&cursor_->iterator, buffer_.data(), kBufferRows);
  position_ = 0;
}

RowSet::Iterator& RowSet::Iterator::operator++() {
  if (++position_ == filled_) {
    refill();
  }
  return *this;
}

RowSet::Iterator RowSet::begin() const {
  std::unique_ptr<Iterator::Cursor, Iterator::CursorDelete> cursor(new Iterator::Cursor{});
  roaring_iterator_init(bitmap().roaring, &cursor->iterator);
  return Iterator(std::move(cursor));
}

}  // namespace quintile
