// Which values: facets, sums and quantiles, cross tables.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "exec/questions.hpp"
#include "query/name_hint.hpp"

namespace quintile {

namespace {

// Digits of a mean beyond those of the column.
constexpr int kMeanDigits = 6;

Status wrong_type(std::string_view expected, const AnswerColumn& column) {
  return {StatusCode::kInvalidArgument,
          "expected " + std::string(expected) + ", got column " + quoted_for_message(column.name)};
}

bool has_codes(const AnswerColumns::Column& column) noexcept {
  return column.dictionary != nullptr || column.shown.type == DataType::kBool ||
         column.shown.type == DataType::kConsent;
}

Status check_countable(const AnswerColumns::Column& column) {
  switch (column.shown.type) {
    case DataType::kDecimal:
    case DataType::kDouble:
    case DataType::kTimestamp:
      break;
    default:
      if (!column.is_contact) {
        return {};
      }
  }
  return wrong_type("a column of few values (category, bool, consent, tags, whole number, date)",
                    column.shown);
}

// Counts of one worker: by code where there are few, else by number.
struct Counts {
  std::vector<std::uint64_t> by_code;
  std::unordered_map<std::int64_t, std::uint64_t> by_number;
  std::uint64_t null_count = 0;
};

// Counts the members of a block. Past the limit of distinct numbers it stops adding new ones; the
// caller refuses then.
void count_block(const AnswerColumns::Column& column, std::size_t place, const AnswerReader& reader,
                 std::span<const std::uint64_t> words, Counts& counts) {
  const bool coded = has_codes(column);
  for_each_bit(words, [&](std::size_t i) {
    if (reader.is_null(place, i)) {
      ++counts.null_count;
    } else if (column.shown.type == DataType::kTags) {
      for (const std::uint32_t code : reader.tags(place, i)) {
        ++counts.by_code[code];
      }
    } else if (coded) {
      ++counts.by_code[static_cast<std::size_t>(reader.number(place, i))];
    } else if (counts.by_number.size() <= kMaxFacetValues) {
      ++counts.by_number[reader.number(place, i)];
    }
  });
}

// Numbers of one worker.
struct Numbers {
  Int128 sum = 0;
  std::uint64_t count = 0;
  std::uint64_t null_count = 0;
  std::vector<std::int64_t> numbers;  // kept where there are quantiles to find
  std::vector<double> reals;
  std::int64_t min = std::numeric_limits<std::int64_t>::max();
  std::int64_t max = std::numeric_limits<std::int64_t>::min();
  double real_min = std::numeric_limits<double>::infinity();
  double real_max = -std::numeric_limits<double>::infinity();
};

void add_number(Numbers& into, std::int64_t number, bool keep) {
  into.sum += number;
  into.min = std::min(into.min, number);
  into.max = std::max(into.max, number);
  if (keep) {
    into.numbers.push_back(number);
  }
}

void add_real(Numbers& into, double real, double& sum, bool keep) {
  sum += real;
  into.real_min = std::min(into.real_min, real);
  into.real_max = std::max(into.real_max, real);
  if (keep) {
    into.reals.push_back(real);
  }
}

Numbers merge(std::vector<Numbers> workers) {
  Numbers all = std::move(workers.front());
  for (std::size_t w = 1; w < workers.size(); ++w) {
    const Numbers& more = workers[w];
    all.sum += more.sum;
    all.count += more.count;
    all.null_count += more.null_count;
    all.numbers.insert(all.numbers.end(), more.numbers.begin(), more.numbers.end());
    all.reals.insert(all.reals.end(), more.reals.begin(), more.reals.end());
    all.min = std::min(all.min, more.min);
    all.max = std::max(all.max, more.max);
    all.real_min = std::min(all.real_min, more.real_min);
    all.real_max = std::max(all.real_max, more.real_max);
  }
  return all;
}

// PERCENTILE_DISC for each quantile, in millionths.
template <class T>
std::vector<Value> find_quantiles(std::vector<T>& values,
                                  std::span<const std::uint32_t> quantiles) {
  std::vector<Value> found(quantiles.size());
  if (values.empty()) {
    return found;
  }
  constexpr std::size_t kFewQuantiles = 16;  // past them to sort once is faster
  const bool sorted = quantiles.size() > kFewQuantiles;
  if (sorted) {
    std::sort(values.begin(), values.end());
  }
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    const Uint128 scaled = Uint128{quantiles[q]} * values.size();
    const auto rank =
        std::max<std::size_t>(1, static_cast<std::size_t>((scaled + 999'999) / 1'000'000));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    if (!sorted) {
      std::nth_element(values.begin(), at, values.end());
    }
    found[q] = *at;
  }
  return found;
}

// Quotient rounded half to even.
Int128 divide_half_even(Int128 numerator, Int128 denominator) noexcept {
  Int128 quotient = numerator / denominator;
  const Int128 rest = numerator % denominator;
  const Int128 twice = rest < 0 ? -2 * rest : 2 * rest;
  if (twice > denominator || (twice == denominator && quotient % 2 != 0)) {
    quotient += numerator < 0 ? -1 : 1;
  }
  return quotient;
}

ColumnSummary summary_of(Numbers& all, double real_sum, const AnswerColumn& column,
                         std::span<const std::uint32_t> quantiles) {
  ColumnSummary summary;
  summary.column = column;
  summary.count = all.count;
  summary.null_count = all.null_count;
  const bool is_real = column.type == DataType::kDouble;
  const bool adds = column.type == DataType::kInt64 || column.type == DataType::kDecimal;
  summary.quantiles =
      is_real ? find_quantiles(all.reals, quantiles) : find_quantiles(all.numbers, quantiles);
  if (is_real) {
    summary.sum = real_sum;
  } else if (adds) {
    summary.sum = all.sum;
  }
  summary.mean_decimals = column.decimals + kMeanDigits;
  if (all.count == 0) {
    return summary;
  }
  summary.min = is_real ? Value(all.real_min) : Value(all.min);
  summary.max = is_real ? Value(all.real_max) : Value(all.max);
  if (is_real) {
    summary.mean = real_sum / static_cast<double>(all.count);
  } else if (adds) {
    // Sums of 64-bit numbers over 2^32 contacts leave room for the digits.
    summary.mean = divide_half_even(all.sum * 1'000'000, static_cast<Int128>(all.count));
  }
  return summary;
}

// One axis of a cross table: its values, ascending, and which of them a number is.
class CrossAxis {
 public:
  static Result<CrossAxis> make(const Asked& asked, const AnswerColumns& columns, std::size_t place,
                                const RowSet& members) {
    QUINTILE_TRY(check_countable(columns[place]));
    if (columns[place].shown.type == DataType::kTags) {
      return wrong_type("a column with one value per contact", columns[place].shown);
    }
    QUINTILE_ASSIGN_OR_RETURN(const CountedNumbers counted,
                              count_numbers(asked, columns, place, members));
    CrossAxis axis;
    std::vector<std::pair<Value, std::int64_t>> values;
    for (const auto& [number, count] : counted.counts) {
      values.emplace_back(value_of_number(columns[place], number), number);
    }
    if (!columns[place].closed) {
      std::sort(values.begin(), values.end());
    }
    for (auto& [value, number] : values) {
      axis.positions_.emplace(number, axis.values_.size());
      axis.values_.push_back(std::move(value));
    }
    if (counted.null_count != 0) {
      axis.null_position_ = axis.values_.size();
      axis.values_.emplace_back();
    }
    return axis;
  }

  [[nodiscard]] std::size_t position(const AnswerReader& reader, std::size_t place,
                                     std::size_t i) const {
    return reader.is_null(place, i) ? null_position_
                                    : positions_.find(reader.number(place, i))->second;
  }
  [[nodiscard]] const std::vector<Value>& values() const noexcept { return values_; }

 private:
  std::vector<Value> values_;
  std::unordered_map<std::int64_t, std::size_t> positions_;
  std::size_t null_position_ = 0;
};

}  // namespace

Result<CountedNumbers> count_numbers(const Asked& asked, const AnswerColumns& columns,
                                     std::size_t column, const RowSet& members) {
  const AnswerColumns::Column& what = columns[column];
  const std::size_t codes = what.dictionary != nullptr ? what.dictionary->size() : 2;
  std::vector<Counts> workers(static_cast<std::size_t>(asked.executor.thread_count()));
  const UseBlock count = [&](const AnswerReader& reader, std::span<const std::uint64_t> words,
                             std::size_t worker) {
    workers[worker].by_code.resize(has_codes(what) ? codes : 0);
    count_block(what, column, reader, words, workers[worker]);
  };
  QUINTILE_TRY(scan_members(columns, members, asked.executor, asked.options, count));
  CountedNumbers counted;
  std::unordered_map<std::int64_t, std::uint64_t> all;
  for (const Counts& worker : workers) {
    counted.null_count += worker.null_count;
    for (std::size_t code = 0; code < worker.by_code.size(); ++code) {
      if (worker.by_code[code] != 0) {
        all[static_cast<std::int64_t>(code)] += worker.by_code[code];
      }
    }
    for (const auto& [number, members_with] : worker.by_number) {
      all[number] += members_with;
    }
  }
  if (!has_codes(what) && all.size() > kMaxFacetValues) {
    return Status(StatusCode::kOutOfRange, "expected at most 65536 different values, got more in " +
                                               quoted_for_message(what.shown.name));
  }
  counted.counts.assign(all.begin(), all.end());
  std::sort(counted.counts.begin(), counted.counts.end());
  return counted;
}

Result<Facet> Questions::facet(const RowSet& members, std::string_view column,
                               std::size_t limit) const {
  const auto ask = [&](const Asked& asked) -> Result<Facet> {
    AnswerColumns columns(asked.scope);
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t place, columns.add(column));
    QUINTILE_TRY(check_countable(columns[place]));
    QUINTILE_ASSIGN_OR_RETURN(const CountedNumbers counted,
                              count_numbers(asked, columns, place, members));
    Facet facet;
    facet.column = columns[place].shown;
    facet.null_count = counted.null_count;
    for (const auto& [number, count] : counted.counts) {
      facet.values.push_back({value_of_number(columns[place], number), count});
    }
    std::sort(facet.values.begin(), facet.values.end(),
              [](const FacetValue& a, const FacetValue& b) {
                return a.count != b.count ? a.count > b.count : a.value < b.value;
              });
    while (facet.values.size() > limit) {
      ++facet.other_values;
      facet.other_count += facet.values.back().count;
      facet.values.pop_back();
    }
    return facet;
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

Result<ColumnSummary> Questions::summarize(const RowSet& members, std::string_view column,
                                           std::span<const std::uint32_t> quantiles) const {
  const auto ask = [&](const Asked& asked) -> Result<ColumnSummary> {
    if (quantiles.size() > kMaxQuantiles ||
        std::any_of(quantiles.begin(), quantiles.end(),
                    [](std::uint32_t quantile) { return quantile > 1'000'000; })) {
      return Status(StatusCode::kOutOfRange, "expected at most 1000 quantiles from 0 to 1");
    }
    AnswerColumns columns(asked.scope);
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t place, columns.add(column));
    const AnswerColumn& shown = columns[place].shown;
    const bool is_real = shown.type == DataType::kDouble;
    if (!is_real && shown.type != DataType::kInt64 && shown.type != DataType::kDecimal &&
        shown.type != DataType::kDate && shown.type != DataType::kTimestamp) {
      return wrong_type("a column of numbers, dates or timestamps", shown);
    }
    std::vector<Numbers> workers(static_cast<std::size_t>(asked.executor.thread_count()));
    std::vector<double> block_sums(asked.scope.blocks());
    const bool keep = !quantiles.empty();
    const UseBlock add = [&](const AnswerReader& reader, std::span<const std::uint64_t> words,
                             std::size_t at) {
      Numbers& worker = workers[at];
      for_each_bit(words, [&](std::size_t i) {
        if (reader.is_null(place, i)) {
          ++worker.null_count;
          return;
        }
        ++worker.count;
        if (is_real) {
          add_real(worker, reader.real(place, i), block_sums[reader.block()], keep);
        } else {
          add_number(worker, reader.number(place, i), keep);
        }
      });
    };
    QUINTILE_TRY(scan_members(columns, members, asked.executor, asked.options, add));
    double real_sum = 0;
    for (const double sum : block_sums) {
      real_sum += sum;
    }
    Numbers all = merge(std::move(workers));
    return summary_of(all, real_sum, shown, quantiles);
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

Result<CrossTable> Questions::cross_table(const RowSet& members, std::string_view rows,
                                          std::string_view columns) const {
  const auto ask = [&](const Asked& asked) -> Result<CrossTable> {
    AnswerColumns both(asked.scope);
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t row_place, both.add(rows));
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t column_place, both.add(columns));
    QUINTILE_ASSIGN_OR_RETURN(const CrossAxis down,
                              CrossAxis::make(asked, both, row_place, members));
    QUINTILE_ASSIGN_OR_RETURN(const CrossAxis across,
                              CrossAxis::make(asked, both, column_place, members));
    const std::size_t width = across.values().size();
    const std::size_t cells = down.values().size() * width;
    if (cells > kMaxCrossTabCells) {
      return Status(StatusCode::kOutOfRange,
                    "expected at most 1000000 cells, got " + std::to_string(cells));
    }
    std::vector<std::vector<std::uint64_t>> workers(
        static_cast<std::size_t>(asked.executor.thread_count()), std::vector<std::uint64_t>(cells));
    const UseBlock count = [&](const AnswerReader& reader, std::span<const std::uint64_t> words,
                               std::size_t worker) {
      for_each_bit(words, [&](std::size_t i) {
        ++workers[worker][down.position(reader, row_place, i) * width +
                          across.position(reader, column_place, i)];
      });
    };
    QUINTILE_TRY(scan_members(both, members, asked.executor, asked.options, count));
    CrossTable table{both[row_place].shown, both[column_place].shown, down.values(),
                     across.values(), std::vector<std::uint64_t>(cells)};
    for (const std::vector<std::uint64_t>& counts : workers) {
      for (std::size_t cell = 0; cell < cells; ++cell) {
        table.counts[cell] += counts[cell];
      }
    }
    return table;
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

}  // namespace quintile
