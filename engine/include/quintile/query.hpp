// Questions about the contacts of one generation: who, how many, which values, and why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "quintile/date_time.hpp"
#include "quintile/export.hpp"
#include "quintile/expression.hpp"
#include "quintile/generation.hpp"
#include "quintile/int128.hpp"
#include "quintile/row_set.hpp"
#include "quintile/selection.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

namespace quintile {

class Engine;  // quintile/engine.hpp

// Limits of one question; past them it is refused with kOutOfRange.
inline constexpr std::size_t kMaxMembershipContacts = 10'000;
inline constexpr std::size_t kMaxAnswerRows = 100'000;  // ids of a page, rows, a sample
inline constexpr std::size_t kMaxAnswerColumns = 64;
inline constexpr std::size_t kMaxOrderKeys = 8;
inline constexpr std::size_t kMaxFacetValues = 65'536;  // distinct whole numbers of a facet
inline constexpr std::size_t kMaxQuantiles = 1'000;
inline constexpr std::size_t kMaxCrossTabCells = 1'000'000;
inline constexpr std::size_t kMaxOverlapSegments = 8;

// One value of a column. By the type of the column: kBool and kConsent bool; kInt64 the number,
// kDecimal units of its decimals, kDate days since 1970-01-01, kTimestamp microseconds since
// 1970-01-01T00:00:00Z; kDouble double; kCategory its text; kTags the texts in byte order.
using Value = std::variant<std::monostate,  // NULL
                           bool, std::int64_t, double, std::string, std::vector<std::string>>;

struct AnswerColumn {
  std::string name;
  DataType type = DataType::kCategory;
  int decimals = 0;  // kDecimal
};

// Return a value as text for a person or a file: numbers with the decimals of the column, dates
// YYYY-MM-DD, timestamps as format_instant() does, tags joined by ';', NULL as empty text.
[[nodiscard]] QUINTILE_API std::string value_text(const Value& value, const AnswerColumn& column,
                                                  const TimeZone& zone);

struct IdPage {
  std::vector<std::string> ids;
  std::string cursor;  // give it to the next call; empty after the last page
};

struct OrderKey {
  std::string column;
  bool descending = false;
};

struct RowsRequest {
  std::vector<std::string> columns;  // `contact` is the external id
  std::vector<OrderKey> order_by;    // the first decides; then by row
  std::size_t limit = 100;
};

struct RowsAnswer {
  std::vector<AnswerColumn> columns;
  std::vector<RowId> rows;
  std::vector<std::vector<Value>> values;  // by row, then column
};

// How many contacts have one value of a column.
struct FacetValue {
  Value value;
  std::uint64_t count = 0;
};
struct Facet {
  AnswerColumn column;
  std::vector<FacetValue> values;  // most frequent first, then by value; without NULL
  std::uint64_t null_count = 0;
  std::uint64_t other_values = 0;  // distinct values past the limit, and what they count together
  std::uint64_t other_count = 0;
};

// A number column over some contacts. Whole numbers and decimals are exact: sum, min, max and
// quantiles in units of the column, mean in units of mean_decimals, half to even.
struct ColumnSummary {
  AnswerColumn column;
  std::uint64_t count = 0;  // that have a value
  std::uint64_t null_count = 0;
  std::variant<Int128, double> sum = Int128{0};
  Value min;  // NULL over nothing, as are max, mean and the quantiles
  Value max;
  std::optional<std::variant<Int128, double>> mean;
  int mean_decimals = 0;         // of a mean of whole numbers
  std::vector<Value> quantiles;  // in the order asked for
};

// Two codes crossed: contacts with value i of `rows` and value j of `columns` are counted at
// position i * columns.size() + j. NULL is the last value of an axis where it occurs.
struct CrossTable {
  AnswerColumn row_column;
  AnswerColumn column_column;
  std::vector<Value> rows;  // ascending: text in byte order, classes by their order in the model
  std::vector<Value> columns;
  std::vector<std::uint64_t> counts;
};

struct OverlapCount {
  std::string name;  // names joined with '&', in the order given
  std::uint64_t count = 0;
};

enum class TruthValue : std::uint8_t { kFalse, kTrue, kUnknown };

// One condition of an expression, for one contact.
struct ExplainedTerm {
  std::string text;  // canonical
  TruthValue truth = TruthValue::kUnknown;
  struct OperandValue {
    std::string text;   // the operand, canonical
    std::string value;  // as value_text(); "NULL" for NULL
  };
  std::vector<OperandValue> operands;  // columns and functions in it, each once; leaves only
  std::vector<std::string> reasons;    // what stands behind a model's columns, a line each
  std::vector<ExplainedTerm> terms;    // of AND, OR, NOT
};

// Contacts that only one term of a conjunction keeps out.
struct NearMiss {
  std::string term;           // canonical
  std::uint64_t count = 0;    // this term is not true, all others are
  std::uint64_t unknown = 0;  // of those, it is NULL
};
struct NearMisses {
  std::uint64_t members = 0;  // all terms are true
  std::vector<NearMiss> terms;
};

// Asks one generation. Cheap to make and to copy; the engine must outlive it. Any number of threads
// may ask at once; a question waits while contacts come in or a generation is computed, and is
// refused (kUnavailable) once the data has changed since the generation was computed. All are given
// up (kCancelled) as `options` say. Columns are those that expressions may name, an operand of the
// segment language without quotes around it (`count(purchase, 90d)`), and `contact`. An unknown
// name is an error with the nearest one: kNotFound for segments and contacts, kInvalidArgument for
// columns.
class QUINTILE_API Questions {
 public:
  Questions(const Engine& engine, std::shared_ptr<const Generation> generation,
            SelectOptions options = {});

  [[nodiscard]] const Generation& generation() const noexcept { return *generation_; }

  // See Engine::select.
  [[nodiscard]] Result<Selection> select(const Expression& expression) const;
  // The members of a segment of the generation. Errors: kNotFound, kUnavailable for a broken one.
  [[nodiscard]] Result<const RowSet*> segment(std::string_view name) const;

  // For each contact (an external id) the positions, in `segments`, of those it is in. An unknown
  // contact is simply in none. Looks at bitmaps of the generation, so it is answered when the data
  // has changed, too; waits for a writer at most while that resolves the ids of one batch. Errors:
  // kInvalidArgument for a generation of another engine.
  [[nodiscard]] Result<std::vector<std::vector<std::uint32_t>>> membership(
      std::span<const std::string> contacts, std::span<const std::string> segments) const;

  // External ids in order of rows, which is that in which contacts were first seen: new contacts
  // come behind old ones, so a cursor stays good in later generations. `limit` from 1.
  [[nodiscard]] Result<IdPage> ids(const RowSet& members, std::size_t limit,
                                   std::string_view cursor = {}) const;

  // The first `limit` members by order_by, with their values. NULLs come last whatever the
  // direction; text and tags-free columns only can be ordered by; ties by row. Cost: one pass over
  // the columns of order_by, and a heap of `limit`.
  [[nodiscard]] Result<RowsAnswer> rows(const RowSet& members, const RowsRequest& request) const;

  // Exactly min(size, members.count()) members, each equally likely, in row order: those with the
  // smallest XXH3-64 of `seed NUL external id`, which are the same on every machine and however
  // contacts were loaded. A smaller sample of one seed is part of a larger one.
  [[nodiscard]] Result<std::vector<RowId>> sample(const RowSet& members, std::size_t size,
                                                  std::string_view seed) const;

  // Contacts per value of a category, class, bool, consent, tags or whole number column. Of tags a
  // contact counts once for each.
  [[nodiscard]] Result<Facet> facet(const RowSet& members, std::string_view column,
                                    std::size_t limit = 100) const;

  // Sum, min, max, mean and quantiles of a number, date (no sum, no mean) or timestamp column.
  // `quantiles` are in millionths (500,000 is the median): PERCENTILE_DISC, the value at rank
  // ceil(q * n), at least 1. Sums of doubles are added by row within a block, then block by block.
  [[nodiscard]] Result<ColumnSummary> summarize(
      const RowSet& members, std::string_view column,
      std::span<const std::uint32_t> quantiles = {}) const;

  // Contacts by the values of two columns that facet() takes, tags left out.
  [[nodiscard]] Result<CrossTable> cross_table(const RowSet& members, std::string_view rows,
                                               std::string_view columns) const;

  // All 2^n - 1 inclusive intersections: "a" counts the members of a, "a&b" those of both. The
  // order is that of the bits of 1, 2, 3, ...: a, b, a&b, c, a&c, ...
  [[nodiscard]] Result<std::vector<OverlapCount>> overlap(
      std::span<const std::string> segments) const;

  // Why a contact (an external id) is or is not where `expression` is true.
  [[nodiscard]] Result<ExplainedTerm> explain(const Expression& expression,
                                              std::string_view contact) const;

  // For each term of the AND at the top, the contacts that fail it alone.
  [[nodiscard]] Result<NearMisses> near_misses(const Expression& expression) const;

 private:
  const Engine* engine_;
  std::shared_ptr<const Generation> generation_;
  SelectOptions options_;
};

}  // namespace quintile
