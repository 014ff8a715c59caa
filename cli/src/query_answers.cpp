// The answers of `query` as tables.
#include <algorithm>

#include "number_text.hpp"
#include "query_run.hpp"
#include "rows_table.hpp"

namespace quintile::cli {
namespace {

constexpr Column::Type kText = Column::Type::kText;
constexpr Column::Type kNumber = Column::Type::kNumber;
constexpr std::size_t kDefaultRows = 100;

Cell count_cell(std::uint64_t count) { return static_cast<Int128>(count); }

// What one answer is made with.
struct Asking {
  const QueryOptions& options;
  const QueryRequest& request;
  const Questions& questions;
  TimeZone zone;
};

Column shown_column(const AnswerColumn& column) {
  const bool is_number = column.type == DataType::kInt64 || column.type == DataType::kDecimal;
  return {column.name, is_number ? kNumber : kText, column.decimals};
}

Cell shown_value(const Value& value, const AnswerColumn& column, const TimeZone& zone) {
  if (std::holds_alternative<std::monostate>(value)) {
    return {};
  }
  if (shown_column(column).type == kNumber) {
    return static_cast<Int128>(std::get<std::int64_t>(value));
  }
  return value_text(value, column, zone);
}

std::optional<Failure> print(const Asking& asking, const RowsTable& table) {
  return write_table(table, asking.options.output);
}

std::optional<Failure> print_count(const Asking& asking, const Selection& selection) {
  RowsTable table({{"count", kNumber}, {"unknown", kNumber}});
  table.add({count_cell(selection.members.count()), count_cell(selection.unknown)});
  return print(asking, table);
}

std::optional<Failure> print_ids(const Asking& asking, const Selection& selection) {
  RowsTable table({{"contact", kText}});
  std::uint64_t left = asking.options.limit.value_or(selection.members.count());
  std::string cursor;
  while (left > 0) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, kMaxAnswerRows));
    Result<IdPage> page = asking.questions.ids(selection.members, size, cursor);
    if (!page.ok()) {
      return request_failure(page.status());
    }
    left -= page->ids.size();
    for (std::string& id : page->ids) {
      table.add({std::move(id)});
    }
    if (page->cursor.empty()) {
      break;
    }
    cursor = page->cursor;
  }
  return print(asking, table);
}

// Of a sample, or of all members.
std::optional<Failure> print_rows(const Asking& asking, const Selection& selection) {
  RowsRequest request{asking.request.columns, asking.request.order_by,
                      static_cast<std::size_t>(asking.options.limit.value_or(kDefaultRows))};
  RowSet sampled;
  if (asking.options.sample != 0) {
    const Result<std::vector<RowId>> rows =
        asking.questions.sample(selection.members, asking.options.sample, asking.options.seed);
    if (!rows.ok()) {
      return request_failure(rows.status());
    }
    sampled = RowSet::of(*rows);
    request.limit = std::max<std::size_t>(1, rows->size());
    if (request.columns.empty()) {
      request.columns = {"contact"};
    }
  }
  const Result<RowsAnswer> answer =
      asking.questions.rows(asking.options.sample != 0 ? sampled : selection.members, request);
  if (!answer.ok()) {
    return request_failure(answer.status());
  }
  std::vector<Column> columns;
  for (const AnswerColumn& column : answer->columns) {
    columns.push_back(shown_column(column));
  }
  RowsTable table(std::move(columns));
  for (const std::vector<Value>& values : answer->values) {
    std::vector<Cell> cells;
    for (std::size_t c = 0; c < values.size(); ++c) {
      cells.push_back(shown_value(values[c], answer->columns[c], asking.zone));
    }
    table.add(std::move(cells));
  }
  return print(asking, table);
}

std::optional<Failure> print_facet(const Asking& asking, const Selection& selection) {
  const Result<Facet> facet =
      asking.questions.facet(selection.members, asking.options.facet,
                             static_cast<std::size_t>(asking.options.limit.value_or(kDefaultRows)));
  if (!facet.ok()) {
    return request_failure(facet.status());
  }
  RowsTable table({shown_column(facet->column), {"count", kNumber}});
  for (const FacetValue& value : facet->values) {
    table.add({shown_value(value.value, facet->column, asking.zone), count_cell(value.count)});
  }
  if (facet->null_count != 0) {
    table.add({Cell(), count_cell(facet->null_count)});
  }
  return print(asking, table);
}

Cell number_cell(const std::variant<Int128, double>& number, int decimals) {
  if (const Int128* exact = std::get_if<Int128>(&number)) {
    return number_text(*exact, decimals);
  }
  return value_text(std::get<double>(number), {"", DataType::kDouble, 0}, TimeZone());
}

std::optional<Failure> print_stats(const Asking& asking, const Selection& selection) {
  const Result<ColumnSummary> summary =
      asking.questions.summarize(selection.members, asking.options.stats, asking.request.quantiles);
  if (!summary.ok()) {
    return request_failure(summary.status());
  }
  const AnswerColumn& column = summary->column;
  const bool adds = column.type != DataType::kDate && column.type != DataType::kTimestamp;
  const auto text = [&](const Value& value) {
    return std::holds_alternative<std::monostate>(value)
               ? Cell()
               : Cell(value_text(value, column, asking.zone));
  };
  RowsTable table({{"measure", kText}, {"value", kText}});
  table.add({"count", std::to_string(summary->count)});
  table.add({"null", std::to_string(summary->null_count)});
  if (adds) {
    table.add({"sum", number_cell(summary->sum, column.decimals)});
    table.add(
        {"mean", summary->mean ? number_cell(*summary->mean, summary->mean_decimals) : Cell()});
  }
  table.add({"min", text(summary->min)});
  for (std::size_t q = 0; q < summary->quantiles.size(); ++q) {
    std::string name = number_text(asking.request.quantiles[q], 6);
    name.erase(std::max(name.find_last_not_of('0'), name.find('.') + 1) + 1);
    table.add({"quantile " + name, text(summary->quantiles[q])});
  }
  table.add({"max", text(summary->max)});
  return print(asking, table);
}

std::optional<Failure> print_crosstab(const Asking& asking, const Selection& selection) {
  const Result<CrossTable> cross = asking.questions.cross_table(
      selection.members, asking.request.columns[0], asking.request.columns[1]);
  if (!cross.ok()) {
    return request_failure(cross.status());
  }
  RowsTable table(
      {shown_column(cross->row_column), shown_column(cross->column_column), {"count", kNumber}});
  for (std::size_t i = 0; i < cross->rows.size(); ++i) {
    for (std::size_t j = 0; j < cross->columns.size(); ++j) {
      table.add({shown_value(cross->rows[i], cross->row_column, asking.zone),
                 shown_value(cross->columns[j], cross->column_column, asking.zone),
                 count_cell(cross->counts[i * cross->columns.size() + j])});
    }
  }
  return print(asking, table);
}

const char* truth_text(TruthValue truth) {
  switch (truth) {
    case TruthValue::kTrue:
      return "true";
    case TruthValue::kFalse:
      return "false";
    case TruthValue::kUnknown:
      break;
  }
  return "unknown";
}

void add_term(const ExplainedTerm& term, Int128 level, RowsTable& table) {
  std::string values;
  for (const ExplainedTerm::OperandValue& operand : term.operands) {
    values += (values.empty() ? "" : "; ") + operand.text + " = " + operand.value;
  }
  table.add({level, term.text, truth_text(term.truth), values.empty() ? Cell() : Cell(values)});
  for (const std::string& reason : term.reasons) {
    table.add({level + 1, reason, Cell(), Cell()});
  }
  for (const ExplainedTerm& each : term.terms) {
    add_term(each, level + 1, table);
  }
}

std::optional<Failure> print_explanation(const Asking& asking) {
  const Result<ExplainedTerm> term =
      asking.questions.explain(*asking.request.expression, asking.options.explain);
  if (!term.ok()) {
    return request_failure(term.status());
  }
  RowsTable table({{"level", kNumber}, {"term", kText}, {"truth", kText}, {"values", kText}});
  add_term(*term, 0, table);
  return print(asking, table);
}

std::optional<Failure> print_near_misses(const Asking& asking) {
  const Result<NearMisses> misses = asking.questions.near_misses(*asking.request.expression);
  if (!misses.ok()) {
    return request_failure(misses.status());
  }
  RowsTable table({{"term", kText}, {"near_misses", kNumber}, {"unknown", kNumber}});
  for (const NearMiss& miss : misses->terms) {
    table.add({miss.term, count_cell(miss.count), count_cell(miss.unknown)});
  }
  return print(asking, table);
}

std::optional<Failure> print_overlap(const Asking& asking) {
  const Result<std::vector<OverlapCount>> counts = asking.questions.overlap(asking.request.overlap);
  if (!counts.ok()) {
    return request_failure(counts.status());
  }
  RowsTable table({{"segments", kText}, {"count", kNumber}});
  for (const OverlapCount& each : *counts) {
    table.add({each.name, count_cell(each.count)});
  }
  return print(asking, table);
}

std::optional<Failure> print_selection(const Asking& asking) {
  const Result<Selection> selection = asking.questions.select(*asking.request.expression);
  if (!selection.ok()) {
    return request_failure(selection.status());
  }
  const QueryOptions& options = asking.options;
  if (options.ids) {
    return print_ids(asking, *selection);
  }
  if (!options.rows.empty() || options.sample != 0) {
    return print_rows(asking, *selection);
  }
  if (!options.facet.empty()) {
    return print_facet(asking, *selection);
  }
  if (!options.stats.empty()) {
    return print_stats(asking, *selection);
  }
  return options.crosstab.empty() ? print_count(asking, *selection)
                                  : print_crosstab(asking, *selection);
}

}  // namespace

std::optional<Failure> answer_query(const QueryOptions& options, const QueryRequest& request,
                                    const StoreSession& session) {
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(session.engine->options().time_zone, error);
  if (!zone) {
    return Failure{ExitCode::kData, error};
  }
  const Questions questions(*session.engine, session.generation);
  const Asking asking{options, request, questions, *zone};
  if (!options.overlap.empty()) {
    return print_overlap(asking);
  }
  if (!options.explain.empty()) {
    return print_explanation(asking);
  }
  return options.near_misses ? print_near_misses(asking) : print_selection(asking);
}

}  // namespace quintile::cli
