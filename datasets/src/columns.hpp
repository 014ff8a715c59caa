// Columns that grow row by row and are then handed over as an Arrow record batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ArrowArray;
struct ArrowSchema;

namespace quintile::datasets {

enum class ColumnType : std::uint8_t { kInt64, kMoney, kTimestamp, kDate, kText, kBool };

struct ColumnSpec {
  const char* name;
  ColumnType type;
  bool nullable;
};

// The format string of the Arrow C data interface.
[[nodiscard]] const char* arrow_format(ColumnType type) noexcept;

class Column {
 public:
  explicit Column(ColumnType type);

  // int64, microseconds of a timestamp.
  void add_number(std::int64_t value);
  // Hundredths, kept as a 128-bit decimal.
  void add_money(std::int64_t hundredths);
  // Days since 1970-01-01.
  void add_date(std::int32_t days);
  void add_text(std::string_view text);
  void add_bool(bool value);
  void add_null();

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

  // Move the column into an ArrowArray that owns it.
  static void hand_over(Column&& column, ArrowArray* out);

 private:
  void mark(bool valid);

  ColumnType type_;
  std::size_t rows_ = 0;
  std::size_t nulls_ = 0;
  std::vector<std::uint8_t> validity_;  // empty while there is no null
  std::vector<std::int64_t> wide_;
  std::vector<std::int32_t> narrow_;  // dates, or the offsets of texts
  std::vector<std::uint8_t> bits_;
  std::string text_;
};

// All columns have the same number of rows.
using Batch = std::vector<Column>;

[[nodiscard]] Batch empty_batch(std::span<const ColumnSpec> specs);

// The columns become the children of a struct array, as Arrow passes record batches.
void hand_over(Batch&& batch, ArrowArray* out);
void describe(std::span<const ColumnSpec> specs, ArrowSchema* out);

}  // namespace quintile::datasets
