// The attribute columns of contacts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quintile/expression.hpp"
#include "quintile/schema.hpp"
#include "quintile/status.hpp"
#include "storage/aligned_buffer.hpp"
#include "storage/arrow_reader.hpp"
#include "storage/id_table.hpp"

namespace quintile {

// One column per attribute of the schema, by row, with a validity bitmap. Rows that no contacts
// stream has named have nulls everywhere. Not synchronised: the engine's writer lock covers it.
class AttributeStore {
 public:
  explicit AttributeStore(const Schema& schema);

  // Finds the fields of the attributes in a stream; refuses fields that are neither attributes nor
  // `contact` nor `identifiers`. Result: by attribute, the field that fills it.
  Result<std::vector<std::optional<std::size_t>>> bind(const ArrowReader& reader) const;
  // Checks the values of the current batch without taking anything of it.
  Status check(const ArrowReader& reader, std::span<const std::optional<std::size_t>> fields) const;
  // Takes the non-null values of a checked batch; `rows` are the rows of its contacts.
  void apply(const ArrowReader& reader, std::span<const std::optional<std::size_t>> fields,
             std::span<const std::uint32_t> rows, std::uint32_t contacts);

  // Bit of row r: a contacts stream has named it.
  [[nodiscard]] std::span<const std::uint64_t> introduced() const noexcept {
    return introduced_.span();
  }

  // What a `population` may name; see OrderStore::expression_columns.
  [[nodiscard]] std::vector<ExpressionColumn> expression_columns(
      std::vector<IdTableDictionary>& dictionaries) const;
  // The values of attribute `attribute` from row `begin` (a multiple of 64) on.
  [[nodiscard]] ExpressionColumnView view(std::size_t attribute, std::size_t begin) const noexcept;
  // Sets bit i of `words`, which are 0, where contact begin + i has the tag; `attribute` is kTags.
  void find_tag(std::size_t attribute, std::string_view tag, std::size_t begin, std::size_t rows,
                std::span<std::uint64_t> words) const noexcept;
  // The codes, ascending, of the tags of one contact; `attribute` is kTags.
  [[nodiscard]] std::span<const std::uint32_t> tags(std::size_t attribute,
                                                    std::size_t row) const noexcept {
    return columns_[attribute].tags[row];
  }
  // The texts of codes; null unless `attribute` is kCategory or kTags.
  [[nodiscard]] const IdTexts* texts(std::size_t attribute) const noexcept {
    const Column& column = columns_[attribute];
    return column.dictionary ? &column.dictionary->texts() : nullptr;
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  // Gives every column a value (or null) for each of `contacts` rows.
  void extend(std::uint32_t contacts);

 private:
  friend class SnapshotWalk;
  struct Column {
    DataType type = DataType::kCategory;
    std::unique_ptr<IdTable> dictionary;           // kCategory, kTags
    AlignedBuffer<std::uint64_t> valid;            // bitmap
    AlignedBuffer<std::uint64_t> bits;             // kBool, kConsent
    AlignedBuffer<std::int64_t> integers;          // kInt64, kDecimal, kTimestamp
    AlignedBuffer<double> reals;                   // kDouble
    AlignedBuffer<std::uint32_t> codes;            // kCategory
    AlignedBuffer<std::int32_t> days;              // kDate
    std::vector<std::vector<std::uint32_t>> tags;  // kTags: ascending codes
  };
  static void set(Column& column, const ArrowColumn& source, std::int64_t i, std::size_t row);

  Schema schema_;
  std::vector<Column> columns_;
  AlignedBuffer<std::uint64_t> introduced_;
  std::uint32_t rows_ = 0;
};

}  // namespace quintile
