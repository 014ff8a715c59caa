// Conditions over named, typed columns: SQL WHERE syntax and SQL's three-valued logic.
// docs/segment_language.md describes the language.
//
// Three steps: parse (syntax, positions) -> bind (names, types, dictionaries) -> evaluate (one
// chunk of rows at a time). What is not in a column (tags, events, other segments) becomes a
// BoundOperand, which whoever evaluates fills in like a column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

namespace quintile {

inline constexpr std::size_t kMaxExpressionBytes = 64 * 1024;
inline constexpr std::size_t kMaxExpressionJsonBytes = 1024 * 1024;
inline constexpr std::size_t kMaxExpressionDepth = 64;
inline constexpr std::size_t kMaxExpressionNodes = 4096;
inline constexpr std::size_t kMaxExpressionChunkRows = 65536;

// The distinct texts of one column; code i stands for text(i). Used only while binding.
class QUINTILE_API ExpressionDictionary {
 public:
  virtual ~ExpressionDictionary() = default;
  [[nodiscard]] virtual std::uint32_t size() const noexcept = 0;
  // Precondition: code < size(). The view need only live until the next call.
  [[nodiscard]] virtual std::string_view text(std::uint32_t code) const noexcept = 0;
};

// A column that an expression may name.
struct ExpressionColumn {
  std::string name;
  DataType type = DataType::kInt64;
  int decimals = 0;  // kDecimal only: digits after the point, 0 to 18
  // kCategory: required. Codes that are not below size() at bind time match no predicate on text
  // except IS NOT NULL, so bind again when the dictionary has grown.
  const ExpressionDictionary* dictionary = nullptr;
  // kCategory: nothing but the texts of the dictionary is ever in it (the classes of a model), so a
  // comparison with another text is an error, and so is one by order.
  bool closed = false;
  std::string channel = {};  // kConsent: what consent(channel, purpose) asks for
  std::string purpose = {};
};

// A type of events that an expression may name.
struct ExpressionEvent {
  std::string name;
  std::vector<ExpressionColumn> properties;  // the time of the event among them, as `time`
};

// What binding needs beside the columns. What is absent here is refused in expressions, with a
// message that says what can be used instead.
struct ExpressionBinding {
  std::span<const ExpressionColumn> columns;
  // Turn the text of TIMESTAMP '...' into microseconds UTC.
  std::function<Result<std::int64_t>(std::string_view)> timestamp_from_text = {};
  std::optional<std::int32_t> today = {};   // days since 1970-01-01, of the local date of as_of
  std::optional<std::int64_t> now_us = {};  // as_of in microseconds UTC
  bool rows_are_contacts = false;           // tag(), consent() and split() can be asked
  std::optional<std::span<const ExpressionEvent>> events = {};
  std::optional<std::span<const std::string_view>> segments = {};  // their names
  std::optional<std::span<const std::string_view>> lists = {};
  // Why a segment that is not among `segments` is broken; empty text: it is not, but unknown.
  std::function<std::string(std::string_view)> why_segment_broken = {};
};

struct BoundOperand;  // bound_operand.hpp

// One column of one chunk. `values` depends on the type of the column:
//   kBool       bitmap, 64 rows a word, row 0 = lowest bit of word 0
//   kCategory   unsigned codes of value_bytes 1, 2 or 4
//   kInt64, kDecimal   value_bytes 1 or 2: unsigned; 4 or 8: signed
//   kDate       the same, in days since 1970-01-01
//   kTimestamp  the same, in microseconds since 1970-01-01T00:00:00Z
//   kDouble     double, never NaN
// `valid` is a bitmap of the rows that are not NULL; nullptr: none is NULL. Values under a NULL are
// never read as meaning. Columns that the expression does not use may have values == nullptr, tags
// and consents too where only IS NULL is asked of them: a consent is a bitmap, tags have no values.
struct ExpressionColumnView {
  const void* values = nullptr;
  const std::uint64_t* valid = nullptr;
  int value_bytes = 8;
};

// An expression bound to columns: names resolved, types checked, patterns run over dictionaries.
// Immutable; any number of threads may evaluate it at once.
class QUINTILE_API BoundExpression {
 public:
  class Program;
  explicit BoundExpression(std::shared_ptr<const Program> program) noexcept;
  BoundExpression(const BoundExpression&) noexcept;
  BoundExpression(BoundExpression&&) noexcept;
  BoundExpression& operator=(const BoundExpression&) noexcept;
  BoundExpression& operator=(BoundExpression&&) noexcept;
  ~BoundExpression();

  // The positions, in ExpressionBinding::columns, of the columns that are read; ascending.
  [[nodiscard]] std::span<const std::uint32_t> used_columns() const noexcept;

  // What is to be evaluated beside the columns, each once.
  [[nodiscard]] std::span<const BoundOperand> operands() const noexcept;

  // Set bit i of `true_rows` exactly where the expression is true for row i, and, where `null_rows`
  // is not empty, its bit i exactly where it is unknown (NULL). Bits past `rows` in the last word
  // are cleared. Preconditions: rows <= kMaxExpressionChunkRows; `columns` has one view per bound
  // column, then one per operand; the bitmaps hold at least (rows + 63) / 64 words. Cost: one pass
  // per term; scratch of at most 16 KiB per level of nesting. Fails only for want of memory.
  [[nodiscard]] Status evaluate(std::span<const ExpressionColumnView> columns, std::size_t rows,
                                std::span<std::uint64_t> true_rows,
                                std::span<std::uint64_t> null_rows = {}) const noexcept;

  // What it is made of; for the engine, which evaluates many expressions together.
  [[nodiscard]] const Program& program() const noexcept { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

// What an expression names beside columns and events; each name once, in order of appearance.
struct ExpressionReferences {
  std::vector<std::string> segments;  // of segment()
  std::vector<std::string> lists;     // of in_list()
};

// A parsed expression. Cheap to copy; immutable.
//
//   Result<Expression> where = Expression::parse("category <> 'postage' AND quantity >= 2");
//   Result<BoundExpression> bound = where->bind({.columns = columns});
class QUINTILE_API Expression {
 public:
  class Tree;
  explicit Expression(std::shared_ptr<const Tree> tree) noexcept;
  Expression(const Expression&) noexcept;
  Expression(Expression&&) noexcept;
  Expression& operator=(const Expression&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  // Errors are kInvalidArgument, or kOutOfRange past a limit above, and read
  // "LINE:COLUMN: expected ..., got ..."; lines and columns count from 1, columns in bytes.
  [[nodiscard]] static Result<Expression> parse(std::string_view text) noexcept;

  // Resolve names and check types. Names are matched exactly; an unknown one is an error with the
  // nearest known name. Comparisons need operands of one kind: numbers with numbers (by
  // value, exactly; beside a double the other one is turned into the nearest double), text with
  // text, dates with dates, timestamps with timestamps, durations with durations. Arithmetic is
  // exact up to 38 digits; what could need more for some value of its columns is refused. What
  // comes of a double is a double; if that is no number, it is NULL.
  [[nodiscard]] Result<BoundExpression> bind(const ExpressionBinding& binding) const noexcept;

  // The canonical text: parse(to_string()) has the same tree, and so the same text.
  [[nodiscard]] std::string to_string() const;

  // The same tree as JSON, and back; docs/segment_language.md has the form. from_json() has the
  // limits of parse() (kMaxExpressionBytes for the canonical text, kMaxExpressionJsonBytes for the
  // JSON), and its errors begin with the JSON pointer of the place instead of line and column:
  // "/and/0/in/2: expected ..., got ...".
  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] static Result<Expression> from_json(std::string_view json) noexcept;

  // The names of columns it mentions, each once, in order of appearance; not those of events.
  [[nodiscard]] std::vector<std::string> column_names() const;

  // The names of segments and lists that it uses.
  [[nodiscard]] ExpressionReferences references() const;

  // The same with segment('from') and in_list('from') naming `to` instead.
  [[nodiscard]] Expression with_name_replaced(std::string_view from, std::string_view to) const;

  // Equal trees; positions and spelling do not count.
  [[nodiscard]] bool operator==(const Expression& other) const noexcept;

 private:
  std::shared_ptr<const Tree> tree_;
};

}  // namespace quintile
