// Evaluation of an expression over the lines of a block.
#include <algorithm>
#include <vector>

#include "storage/order_store.hpp"

namespace quintile {

namespace {

constexpr std::size_t kFixedColumns = 3;  // time, amount, order: see expression_columns()

std::size_t words_for(std::size_t rows) noexcept { return (rows + 63) / 64; }

// The columns of one chunk of lines in the form that expressions read. One per thread.
class ChunkColumns {
 public:
  ChunkColumns(const BoundExpression& expression, const OrderBlock& block,
               std::span<const LineColumn> columns)
      : block_(block), columns_(columns), views_(kFixedColumns + columns.size()) {
    for (const std::uint32_t column : expression.used_columns()) {
      used_.push_back(column);
    }
    bits_.resize(views_.size());
    valid_.resize(views_.size());
    if (std::find(used_.begin(), used_.end(), 2U) != used_.end()) {
      spread_order_codes();
    }
  }

  std::span<const ExpressionColumnView> chunk(std::size_t begin, std::size_t rows) {
    for (const std::uint32_t column : used_) {
      switch (column) {
        case 0:
          views_[0] = {block_.line_time.data() + begin, nullptr, 8};
          break;
        case 1:
          views_[1] = {block_.line_amount.data() + begin, nullptr, 8};
          break;
        case 2:
          views_[2] = codes(2, line_order_.data() + begin, rows);
          break;
        default:
          views_[column] = value(column, begin, rows);
      }
    }
    return views_;
  }

 private:
  void spread_order_codes() {
    line_order_.resize(block_.lines());
    for (std::size_t o = 0; o < block_.orders(); ++o) {
      std::fill(line_order_.begin() + block_.order_lines[o],
                line_order_.begin() + block_.order_lines[o + 1], block_.order_code[o]);
    }
  }

  ExpressionColumnView codes(std::size_t column, const std::uint32_t* values, std::size_t rows) {
    std::vector<std::uint64_t>& valid = valid_[column];
    valid.assign(words_for(rows), 0);
    for (std::size_t i = 0; i < rows; ++i) {
      valid[i / 64] |= std::uint64_t{values[i] != kNoCode} << (i % 64);
    }
    return {values, valid.data(), 4};
  }

  ExpressionColumnView value(std::size_t column, std::size_t begin, std::size_t rows) {
    const LineValues& values = block_.values[column - kFixedColumns];
    switch (columns_[column - kFixedColumns].type) {
      case DataType::kCategory:
        return codes(column, values.codes.data() + begin, rows);
      case DataType::kBool: {
        ExpressionColumnView view = codes(column, values.codes.data() + begin, rows);
        std::vector<std::uint64_t>& bits = bits_[column];
        bits.assign(words_for(rows), 0);
        for (std::size_t i = 0; i < rows; ++i) {
          bits[i / 64] |= std::uint64_t{values.codes[begin + i] == 1} << (i % 64);
        }
        view.values = bits.data();
        return view;
      }
      case DataType::kInt64: {
        std::vector<std::uint64_t>& valid = valid_[column];
        valid.assign(words_for(rows), 0);
        for (std::size_t i = 0; i < rows; ++i) {
          valid[i / 64] |= std::uint64_t{values.valid[begin + i]} << (i % 64);
        }
        return {values.integers.data() + begin, valid.data(), 8};
      }
      default:
        return {values.integers.data() + begin, nullptr, 8};
    }
  }

  const OrderBlock& block_;
  std::span<const LineColumn> columns_;
  std::vector<ExpressionColumnView> views_;
  std::vector<std::uint32_t> used_;
  std::vector<std::vector<std::uint64_t>> bits_;
  std::vector<std::vector<std::uint64_t>> valid_;
  std::vector<std::uint32_t> line_order_;
};

}  // namespace

Status OrderStore::evaluate(const BoundExpression& expression, const OrderBlock& block,
                            std::span<const LineColumn> columns, std::span<std::uint64_t> words) {
  ChunkColumns chunks(expression, block, columns);
  for (std::size_t begin = 0; begin < block.lines(); begin += kMaxExpressionChunkRows) {
    const std::size_t rows = std::min(kMaxExpressionChunkRows, block.lines() - begin);
    Status status = expression.evaluate(chunks.chunk(begin, rows), rows,
                                        words.subspan(begin / 64, words_for(rows)));
    if (!status.ok()) {
      return status;
    }
  }
  return {};
}

}  // namespace quintile
