#include "exec/scope.hpp"

#include <algorithm>
#include <array>

#include "query/split.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

std::vector<std::string_view> names_of(const NamedRowSets* sets) {
  std::vector<std::string_view> names;
  if (sets != nullptr) {
    for (const auto& [name, rows] : *sets) {
      names.push_back(name);
    }
  }
  return names;
}

const RowSet* find_set(const NamedRowSets* sets, std::string_view name) {
  if (sets == nullptr) {
    return nullptr;
  }
  const auto found = sets->find(name);
  return found == sets->end() ? nullptr : &found->second;
}

// The rows of a segment or list.
const RowSet* find_members(const ScopeSource& source, const BoundOperand& operand) {
  if (const RowSet* rows = find_set(source.instead, operand.text)) {
    return rows;
  }
  return find_set(operand.kind == OperandKind::kList ? source.lists : source.segments,
                  operand.text);
}

// Bit i: contact begin + i is in a part of a split.
void find_split(const BoundOperand& operand, const IdTexts& ids, std::size_t begin,
                std::size_t rows, std::span<std::uint64_t> words) {
  query::SplitHash hash(operand.text);
  std::array<char, 24> scratch{};
  for (std::size_t i = 0; i < rows; ++i) {
    const int bucket = hash.bucket(ids.view(static_cast<std::uint32_t>(begin + i), scratch));
    const bool inside = bucket >= operand.low && bucket < operand.high;
    words[i / 64] |= std::uint64_t{inside} << (i % 64);
  }
}

Result<std::int64_t> read_timestamp(const TimeZone& zone, std::string_view text) {
  TimeReader reader(zone);
  std::int64_t instant_us = 0;
  if (reader.read(text, instant_us) != TimeError::kNone) {
    return Status(StatusCode::kInvalidArgument,
                  "expected a time such as '2026-01-31 10:00:00', got '" + std::string(text) + "'");
  }
  return instant_us;
}

}  // namespace

void set_instant(ExpressionBinding& binding, const TimeZone& zone, const AsOf& as_of) {
  binding.timestamp_from_text = [&zone](std::string_view text) {
    return read_timestamp(zone, text);
  };
  binding.today = std::int32_t{as_of.local_day} - kDayNumberOfEpoch;
  binding.now_us = as_of.instant_us;
}

Scope::Scope(const ScopeSource& source)
    : source_(source), columns_(source.attributes.expression_columns(dictionaries_)) {
  attribute_count_ = columns_.size();
  if (source.models != nullptr) {
    const auto models = source.models->columns();
    columns_.insert(columns_.end(), models.begin(), models.end());
  }
  segment_names_ = names_of(source.segments);
  for (const std::string_view name : names_of(source.instead)) {
    if (find_set(source.segments, name) == nullptr) {
      segment_names_.push_back(name);
    }
  }
  list_names_ = names_of(source.lists);
  if (source.orders != nullptr) {
    events_.emplace(source.zone, source.as_of, source.ids);
    for (std::size_t type = 0; type < source.events.size(); ++type) {
      events_->add_events(source.event_types[type].name, source.events[type]);
    }
    events_->add_orders(*source.orders, source.currency_decimals);
  }
}

ExpressionBinding Scope::binding() const {
  ExpressionBinding binding;
  binding.columns = columns_;
  binding.rows_are_contacts = true;
  set_instant(binding, source_.zone, source_.as_of);
  if (source_.segments != nullptr) {
    binding.segments = segment_names_;
  }
  if (const NamedSegmentInfos* const infos = source_.segment_infos) {
    binding.why_segment_broken = [infos](std::string_view name) {
      const auto found = infos->find(name);
      return found == infos->end() ? std::string() : found->second.broken;
    };
  }
  if (source_.lists != nullptr) {
    binding.lists = list_names_;
  }
  if (events_) {
    binding.events = events_->expression_events();
  }
  return binding;
}

std::size_t Scope::block_rows(std::size_t block) const noexcept {
  return std::min<std::size_t>(kRowsPerBlock, rows() - block * kRowsPerBlock);
}

ExpressionColumnView Scope::view(std::size_t column, std::size_t block) const noexcept {
  const std::size_t begin = block * kRowsPerBlock;
  return column < attribute_count_ ? source_.attributes.view(column, begin)
                                   : source_.models->view(column - attribute_count_, begin);
}

ScopeReader::ScopeReader(const Scope& scope, std::span<const std::uint32_t> columns,
                         std::span<const BoundOperand> operands)
    : scope_(scope),
      columns_(columns),
      operands_(operands),
      views_(scope.columns().size() + operands.size()),
      buffers_(operands.size()) {}

void ScopeReader::read_columns(std::size_t block) {
  block_ = block;
  rows_ = scope_.block_rows(block);
  for (const std::uint32_t column : columns_) {
    views_[column] = scope_.view(column, block);
  }
}

Result<ExpressionColumnView> ScopeReader::read_operand(std::size_t operand) {
  const BoundOperand& wanted = operands_[operand];
  OperandBuffer& buffer = buffers_[operand];
  ExpressionColumnView view;
  if (wanted.kind == OperandKind::kSegment || wanted.kind == OperandKind::kList) {
    const RowSet* rows = find_members(scope_.source(), wanted);
    if (rows == nullptr) {
      return Status(StatusCode::kInternal, "expected a known name in " + wanted.column.name);
    }
    view.values =
        rows->block_words(static_cast<std::uint32_t>(block_), buffer.bits(kRowsPerBlock)).data();
  } else {
    QUINTILE_TRY(fill(wanted, buffer));
    view = buffer.view();
  }
  if (wanted.kind == OperandKind::kTag) {
    view.valid = scope_.view(wanted.source, block_).valid;
  }
  views_[scope_.columns().size() + operand] = view;
  return view;
}

Status ScopeReader::read(std::size_t block) {
  read_columns(block);
  for (std::size_t operand = 0; operand < operands_.size(); ++operand) {
    if (Result<ExpressionColumnView> view = read_operand(operand); !view.ok()) {
      return std::move(view).status();
    }
  }
  return {};
}

Status ScopeReader::fill(const BoundOperand& operand, OperandBuffer& out) const {
  const ScopeSource& source = scope_.source();
  const std::size_t begin = block_ * kRowsPerBlock;
  switch (operand.kind) {
    case OperandKind::kTag:
      source.attributes.find_tag(operand.source, operand.text, begin, rows_, out.bits(rows_));
      return {};
    case OperandKind::kSplit:
      find_split(operand, source.ids, begin, rows_, out.bits(rows_));
      return {};
    case OperandKind::kSegment:
    case OperandKind::kList:  // are read where they are
      break;
    case OperandKind::kEvents:
    case OperandKind::kRegularly:
    case OperandKind::kSequence:
      return evaluate_event_operand(operand, *scope_.events(), static_cast<std::uint32_t>(block_),
                                    rows_, out);
  }
  return {StatusCode::kInternal, "expected a known kind of operand"};
}

Status evaluate_block(const Scope& scope, const BoundExpression& expression, std::size_t block,
                      std::span<std::uint64_t> true_rows, std::span<std::uint64_t> null_rows) {
  ScopeReader reader(scope, expression);
  QUINTILE_TRY(reader.read(block));
  return expression.evaluate(reader.views(), reader.rows(), true_rows, null_rows);
}

}  // namespace quintile
