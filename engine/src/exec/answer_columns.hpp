// Columns that a question reads values of, and their values block by block.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exec/block_tasks.hpp"
#include "exec/scope.hpp"
#include "query/column_access.hpp"
#include "quintile/query.hpp"

namespace quintile {

// What a question names: columns of a scope, operands of the language, the id of the contact.
class AnswerColumns {
 public:
  explicit AnswerColumns(const Scope& scope) noexcept : scope_(scope) {}

  // Finds `text` and returns its position here. Errors: kInvalidArgument with the nearest name, or
  // what is wrong with it as an operand; kOutOfRange past kMaxAnswerColumns.
  Result<std::size_t> add(std::string_view text);

  struct Column {
    AnswerColumn shown;
    bool is_contact = false;                           // the external id
    std::size_t view = 0;                              // among the views of a ScopeReader
    const ExpressionDictionary* dictionary = nullptr;  // of kCategory and kTags
    bool closed = false;
  };
  [[nodiscard]] const Column& operator[](std::size_t i) const noexcept { return columns_[i]; }
  [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
  [[nodiscard]] std::span<const std::uint32_t> used() const noexcept { return used_; }
  [[nodiscard]] std::span<const BoundOperand> operands() const noexcept { return operands_; }
  [[nodiscard]] const Scope& scope() const noexcept { return scope_; }

 private:
  Status add_operand(std::string_view text);
  void add_scope_column(std::string_view name, std::uint32_t place);
  Status unknown(std::string_view text) const;

  const Scope& scope_;
  std::vector<Column> columns_;
  std::vector<std::uint32_t> used_;
  std::vector<BoundOperand> operands_;
};

// The values of answer columns in one block. For one thread.
class AnswerReader {
 public:
  explicit AnswerReader(const AnswerColumns& columns)
      : columns_(columns), reader_(columns.scope(), columns.used(), columns.operands()) {}

  Status read(std::size_t block) {
    block_ = block;
    return reader_.read(block);
  }
  [[nodiscard]] std::size_t block() const noexcept { return block_; }
  [[nodiscard]] bool is_null(std::size_t column, std::size_t i) const noexcept {
    const std::uint64_t* valid = columns_[column].is_contact ? nullptr : view(column).valid;
    return valid != nullptr && ((valid[i / 64] >> (i % 64)) & 1U) == 0;
  }
  // Of kBool and kConsent 0 or 1, of kCategory the code, of others the number. Not for NULL, tags,
  // doubles and ids.
  [[nodiscard]] std::int64_t number(std::size_t column, std::size_t i) const noexcept;
  [[nodiscard]] double real(std::size_t column, std::size_t i) const noexcept {
    return static_cast<const double*>(view(column).values)[i];
  }
  // The codes of the tags of a contact.
  [[nodiscard]] std::span<const std::uint32_t> tags(std::size_t column,
                                                    std::size_t i) const noexcept;
  // Texts come from dictionaries: by one thread at a time.
  [[nodiscard]] Value value(std::size_t column, std::size_t i) const;

 private:
  [[nodiscard]] const ExpressionColumnView& view(std::size_t column) const noexcept {
    return reader_.views()[columns_[column].view];
  }
  const AnswerColumns& columns_;
  ScopeReader reader_;
  std::size_t block_ = 0;
};

// The value that stands for a number(): a bool, a text or the number itself.
[[nodiscard]] Value value_of_number(const AnswerColumns::Column& column, std::int64_t number);

// Reads the blocks of `members` in parallel; use(reader, words, worker) is called once per block
// that has members, `words` are their bits.
using UseBlock = std::function<void(const AnswerReader& reader,
                                    std::span<const std::uint64_t> words, std::size_t worker)>;
[[nodiscard]] Status scan_members(const AnswerColumns& columns, const RowSet& members,
                                  Arena::Executor& executor, const SelectOptions& options,
                                  const UseBlock& use);

// Calls use(i) for every one bit i.
template <class Use>
void for_each_bit(std::span<const std::uint64_t> words, const Use& use) {
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
      use(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
}

}  // namespace quintile
