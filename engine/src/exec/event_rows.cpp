#include "exec/event_rows.hpp"

#include <algorithm>
#include <bit>

#include "query/plan.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

ExpressionColumnView view_of(const EventValues& values, DataType type) noexcept {
  switch (type) {
    case DataType::kCategory:
      return {values.codes.data(), values.valid.data(), 4};
    case DataType::kDouble:
      return {values.reals.data(), values.valid.data(), 8};
    case DataType::kBool:
      return {values.bits.data(), values.valid.data(), 8};
    default:
      return {values.integers.data(), values.valid.data(), 8};
  }
}

void read_store(const EventScope& scope, const EventSource& type, std::uint32_t block,
                EventRows& rows) {
  if (block >= type.events->blocks().size()) {
    return;
  }
  const EventBlock& source = type.events->blocks()[block];
  rows.offsets = source.contact_events.span();
  rows.day = source.day.span();
  rows.time = source.time.span();
  rows.first_time = source.first_time;
  rows.last_time = source.last_time;
  rows.all_seen = source.last_time <= scope.instant_us() || source.events() == 0;
  const std::span<const LineColumn> properties = type.events->properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    rows.properties[i] = view_of(source.values[i], properties[i].type);
  }
  rows.properties[type.time] = {source.time.data(), nullptr, 8};
}

// A chunk of a column, from row `begin` on, a multiple of 64.
ExpressionColumnView part_of(const ExpressionColumnView& view, DataType type,
                             std::size_t begin) noexcept {
  const std::size_t bytes =
      type == DataType::kBool ? begin / 8 : begin * static_cast<std::size_t>(view.value_bytes);
  return {static_cast<const char*>(view.values) + bytes,
          view.valid == nullptr ? nullptr : view.valid + begin / 64, view.value_bytes};
}

// Takes where the one expression of a plan over properties is true.
class SelectedWords final : public query::PlanBlock {
 public:
  explicit SelectedWords(std::span<std::uint64_t> words) : words_(words) {}

  Result<ExpressionColumnView> operand(std::uint32_t index) override {
    return Status(StatusCode::kInternal,
                  "expected properties alone, got operand " + std::to_string(index));
  }
  Status take(std::uint32_t, const query::ExpressionTruth& truth) override {
    std::copy(truth.is_true.begin(), truth.is_true.end(), words_.begin());
    return {};
  }

 private:
  std::span<std::uint64_t> words_;
};

// Leaves the events selected for which `where` is true.
Status apply_where(const BoundExpression& where, std::span<const ExpressionColumn> names,
                   StepColumns& columns) {
  EventRows& rows = columns.rows;
  const std::size_t words = (rows.events() + 63) / 64;
  columns.where.resize(words);
  std::vector<ExpressionColumnView> views(names.size());
  QUINTILE_ASSIGN_OR_RETURN(const query::Plan plan, query::Plan::create({&where, 1}));
  query::PlanScratch scratch(plan);
  for (std::size_t begin = 0; begin < rows.events(); begin += kMaxExpressionChunkRows) {
    const std::size_t count = std::min(kMaxExpressionChunkRows, rows.events() - begin);
    for (const std::uint32_t i : where.used_columns()) {
      views[i] = part_of(rows.properties[i], names[i].type, begin);
    }
    SelectedWords chunk(columns.where.span().subspan(begin / 64));
    QUINTILE_TRY(plan.evaluate(views, count, query::Answer::kWords, chunk, scratch));
  }
  for (std::size_t w = 0; w < words && !rows.selected.empty(); ++w) {
    columns.where[w] &= rows.selected[w];
  }
  rows.selected = columns.where.span();
  return {};
}

}  // namespace

std::span<const std::uint32_t> PickedEvents::of(std::size_t contact) {
  positions_.clear();
  if (contact >= rows_.contacts()) {
    return {};
  }
  const std::size_t end = rows_.offsets[contact + 1];
  for (std::size_t begin = rows_.offsets[contact]; begin < end;) {
    const std::size_t word = begin / 64;
    const std::size_t stop = std::min(end, (word + 1) * 64);
    std::uint64_t bits = picked_[word] >> (begin % 64) << (begin % 64);
    if (stop % 64 != 0) {
      bits &= (std::uint64_t{1} << (stop % 64)) - 1;
    }
    for (; bits != 0; bits &= bits - 1) {
      positions_.push_back(static_cast<std::uint32_t>(word * 64) +
                           static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
    begin = stop;
  }
  return positions_;
}

std::string contact_for_message(const EventScope& scope, std::uint32_t block, std::size_t contact) {
  std::string text = "contact '";
  const std::size_t row = std::size_t{block} * kRowsPerBlock + contact;
  if (row < scope.contacts().size()) {
    scope.contacts().append(static_cast<std::uint32_t>(row), text);
  }
  return text + '\'';
}

Status read_events(const EventScope& scope, const BoundStep& step, std::uint32_t block,
                   const EventNeeds& needs, StepColumns& columns) {
  const EventSource& type = scope.type(step.event);
  const std::span<const ExpressionColumn> names = scope.expression_events()[step.event].properties;
  std::vector<std::uint32_t> properties;
  if (step.where) {
    const auto used = step.where->used_columns();
    properties.assign(used.begin(), used.end());
  }
  if (needs.property) {
    properties.push_back(*needs.property);
  }
  columns.rows = {};
  columns.rows.properties.resize(names.size());
  switch (type.origin) {
    case EventOrigin::kStore:
      read_store(scope, type, block, columns.rows);
      break;
    case EventOrigin::kPurchases:
    case EventOrigin::kReturns:
      QUINTILE_TRY(read_orders(scope, type, block, needs, properties, columns));
      break;
    case EventOrigin::kOrderLines:
      read_order_lines(scope, type, block, needs, properties, columns);
  }
  return step.where ? apply_where(*step.where, names, columns) : Status();
}

}  // namespace quintile
