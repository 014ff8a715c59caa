#include "exec/answer_columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "query/name_hint.hpp"
#include "query/term.hpp"
#include "query/tree.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

constexpr std::string_view kContactColumn = "contact";

bool is_operand(const query::Node& node) noexcept {
  switch (node.kind) {
    case query::NodeKind::kName:
    case query::NodeKind::kCall:
    case query::NodeKind::kEvents:
    case query::NodeKind::kRegularly:
    case query::NodeKind::kSequence:
      return true;
    default:
      return false;
  }
}

bool is_word(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

}  // namespace

Status AnswerColumns::unknown(std::string_view text) const {
  std::vector<std::string_view> known = {kContactColumn};
  for (const ExpressionColumn& column : scope_.columns()) {
    known.push_back(column.name);
  }
  return {StatusCode::kInvalidArgument,
          "unknown column " + quoted_for_message(text) + known_names_hint(text, known)};
}

void AnswerColumns::add_scope_column(std::string_view name, std::uint32_t place) {
  const ExpressionColumn& column = scope_.columns()[place];
  columns_.push_back({.shown = {std::string(name), column.type, column.decimals},
                      .view = place,
                      .dictionary = column.dictionary,
                      .closed = column.closed});
  if (std::find(used_.begin(), used_.end(), place) == used_.end()) {
    used_.push_back(place);
  }
}

Result<std::size_t> AnswerColumns::add(std::string_view text) {
  if (columns_.size() == kMaxAnswerColumns) {
    return Status(StatusCode::kOutOfRange, "expected at most 64 columns, got more");
  }
  const auto known = scope_.columns();
  const auto found = std::find_if(known.begin(), known.end(), [text](const ExpressionColumn& each) {
    return each.name == text;
  });
  if (found != known.end()) {
    add_scope_column(text, static_cast<std::uint32_t>(found - known.begin()));
  } else if (text == kContactColumn) {
    columns_.push_back({.shown = {std::string(text), DataType::kCategory, 0}, .is_contact = true});
  } else if (text.empty() || is_word(text)) {
    return unknown(text);
  } else {
    QUINTILE_TRY(add_operand(text));
  }
  return columns_.size() - 1;
}

// An operand is bound inside the question whether it is NULL, which every operand can be asked.
Status AnswerColumns::add_operand(std::string_view text) {
  QUINTILE_ASSIGN_OR_RETURN(const query::Node root,
                            query::parse_tree(std::string(text) + " IS NULL"));
  if (root.kind == query::NodeKind::kIsNull && is_operand(root.children[0])) {
    QUINTILE_ASSIGN_OR_RETURN(const BoundExpression bound,
                              query::bind_expression(root, scope_.binding()));
    if (bound.operands().size() == 1) {
      const BoundOperand& operand = bound.operands().front();
      columns_.push_back(
          {.shown = {std::string(text), operand.column.type, operand.column.decimals},
           .view = scope_.columns().size() + operands_.size(),
           .dictionary = operand.column.dictionary});
      operands_.push_back(operand);
      return {};
    }
    if (bound.used_columns().size() == 1) {
      add_scope_column(text, bound.used_columns().front());
      return {};
    }
  }
  return {StatusCode::kInvalidArgument,
          "expected a column or a function of contacts, got " + quoted_for_message(text)};
}

std::int64_t AnswerReader::number(std::size_t column, std::size_t i) const noexcept {
  const ExpressionColumnView& values = view(column);
  std::int64_t number = 0;
  switch (columns_[column].shown.type) {
    case DataType::kBool:
    case DataType::kConsent: {
      const auto* words = static_cast<const std::uint64_t*>(values.values);
      return static_cast<std::int64_t>((words[i / 64] >> (i % 64)) & 1U);
    }
    case DataType::kCategory:
      query::with_codes(values,
                        [&](const auto* codes) { number = static_cast<std::int64_t>(codes[i]); });
      return number;
    default:
      query::with_numbers(
          values, [&](const auto* numbers) { number = static_cast<std::int64_t>(numbers[i]); });
      return number;
  }
}

std::span<const std::uint32_t> AnswerReader::tags(std::size_t column,
                                                  std::size_t i) const noexcept {
  return columns_.scope().source().attributes.tags(columns_[column].view,
                                                   block_ * kRowsPerBlock + i);
}

Value value_of_number(const AnswerColumns::Column& column, std::int64_t number) {
  switch (column.shown.type) {
    case DataType::kBool:
    case DataType::kConsent:
      return number != 0;
    case DataType::kCategory:
    case DataType::kTags:
      return std::string(column.dictionary->text(static_cast<std::uint32_t>(number)));
    default:
      return number;
  }
}

Value AnswerReader::value(std::size_t column, std::size_t i) const {
  const AnswerColumns::Column& what = columns_[column];
  if (what.is_contact) {
    std::string id;
    columns_.scope().source().ids.append(static_cast<std::uint32_t>(block_ * kRowsPerBlock + i),
                                         id);
    return id;
  }
  if (is_null(column, i)) {
    return {};
  }
  if (what.shown.type == DataType::kDouble) {
    return real(column, i);
  }
  if (what.shown.type != DataType::kTags) {
    return value_of_number(what, number(column, i));
  }
  std::vector<std::string> texts;
  for (const std::uint32_t code : tags(column, i)) {
    texts.emplace_back(what.dictionary->text(code));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

Status scan_members(const AnswerColumns& columns, const RowSet& members, Arena::Executor& executor,
                    const SelectOptions& options, const UseBlock& use) {
  struct Worker {
    std::optional<AnswerReader> reader;
    std::array<std::uint64_t, kRowsPerBlock / 64> words{};
  };
  std::vector<Worker> workers(static_cast<std::size_t>(executor.thread_count()));
  const Scope& scope = columns.scope();
  const auto scan = [&](std::size_t block, int at) -> Status {
    Worker& worker = workers[static_cast<std::size_t>(at)];
    members.copy_block(static_cast<std::uint32_t>(block), worker.words);
    const std::size_t rows = scope.block_rows(block);
    const auto words = std::span(worker.words).first((rows + 63) / 64);
    if (rows % 64 != 0) {
      words.back() &= (std::uint64_t{1} << (rows % 64)) - 1;
    }
    if (std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; })) {
      return {};
    }
    if (!worker.reader) {
      worker.reader.emplace(columns);
    }
    QUINTILE_TRY(worker.reader->read(block));
    use(*worker.reader, words, static_cast<std::size_t>(at));
    return {};
  };
  return run_blocks(scope.blocks(), executor, options, scan);
}

}  // namespace quintile
