// Any bytes as a condition, in text or JSON: a tree that prints and reads back as itself in both
// forms and that a plan evaluates alike, or an error with a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "query/plan.hpp"
#include "quintile/bound_operand.hpp"
#include "quintile/expression.hpp"

namespace {

class OneText final : public quintile::ExpressionDictionary {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept override { return 1; }
  [[nodiscard]] std::string_view text(std::uint32_t /*code*/) const noexcept override {
    return "PL";
  }
};

// One row whose operands are `views`, and what a plan makes of it.
class OneRow final : public quintile::query::PlanBlock {
 public:
  explicit OneRow(std::span<const quintile::ExpressionColumnView> views) : views_(views) {}
  quintile::Result<quintile::ExpressionColumnView> operand(std::uint32_t index) override {
    return views_[index];
  }
  quintile::Status take(std::uint32_t /*expression*/,
                        const quintile::query::ExpressionTruth& truth) override {
    is_true = truth.is_true.front();
    is_null = truth.is_null.empty() ? 0 : truth.is_null.front();
    return {};
  }

  std::uint64_t is_true = 0;
  std::uint64_t is_null = 0;

 private:
  std::span<const quintile::ExpressionColumnView> views_;
};

void compare_with_plan(const quintile::BoundExpression& bound,
                       std::span<const quintile::ExpressionColumnView> views, std::size_t columns,
                       std::uint64_t is_true, std::uint64_t is_null) {
  const quintile::Result<quintile::query::Plan> plan = quintile::query::Plan::create({&bound, 1});
  if (!plan.ok() || plan->operands().size() != bound.operands().size()) {
    std::abort();
  }
  quintile::query::PlanScratch scratch(*plan);
  OneRow row(views.subspan(columns));
  const quintile::Status status =
      plan->evaluate(views.first(columns), 1, quintile::query::Answer::kWords, row, scratch);
  if (!status.ok() || row.is_true != is_true || row.is_null != is_null) {
    std::abort();
  }
}

// Columns with the names that the inputs to begin with use, one row each.
void evaluate(const quintile::Expression& expression) {
  static const OneText kTexts;
  static const std::vector<quintile::ExpressionColumn> kColumns = {
      {"a", quintile::DataType::kInt64, 0, nullptr},
      {"b", quintile::DataType::kDecimal, 2, nullptr},
      {"c", quintile::DataType::kCategory, 0, &kTexts},
      {"d", quintile::DataType::kDouble, 0, nullptr},
      {"e", quintile::DataType::kBool, 0, nullptr},
      {"f", quintile::DataType::kDate, 0, nullptr}};
  static const std::vector<std::int64_t> kNumbers(1, 3);
  static const std::vector<std::uint32_t> kCodes(1, 0);
  static const std::vector<double> kDoubles(1, 0.5);
  static const std::vector<std::uint64_t> kBits(1, 1);
  static const std::vector<quintile::ExpressionColumnView> kViews = {
      {kNumbers.data(), nullptr, 8}, {kNumbers.data(), nullptr, 8}, {kCodes.data(), nullptr, 4},
      {kDoubles.data(), nullptr, 8}, {kBits.data(), nullptr, 8},    {kNumbers.data(), nullptr, 8}};
  static const std::vector<quintile::ExpressionEvent> kEvents = {
      {"visit", {{"b", quintile::DataType::kInt64}, {"amount", quintile::DataType::kDecimal, 2}}}};
  static const std::vector<std::string_view> kNames = {"x", "y"};
  quintile::ExpressionBinding binding;
  binding.columns = kColumns;
  binding.timestamp_from_text = [](std::string_view text) -> quintile::Result<std::int64_t> {
    return static_cast<std::int64_t>(text.size());
  };
  binding.today = 20'000;
  binding.now_us = 1;
  binding.rows_are_contacts = true;
  binding.events = kEvents;
  binding.segments = kNames;
  binding.lists = kNames;
  const auto bound = expression.bind(binding);
  if (!bound.ok()) {
    if (bound.status().code() == quintile::StatusCode::kInternal) {
      std::abort();
    }
    return;
  }
  // Operands are all 1, of whatever type.
  std::vector<quintile::ExpressionColumnView> views = kViews;
  for (const quintile::BoundOperand& operand : bound->operands()) {
    views.push_back(operand.column.type == quintile::DataType::kDouble ? kViews[3] : kViews[4]);
  }
  std::uint64_t is_true = 0;
  std::uint64_t is_null = 0;
  if (!bound->evaluate(views, 1, {&is_true, 1}, {&is_null, 1}).ok() || (is_true & is_null) != 0 ||
      (is_true | is_null) > 1) {
    std::abort();
  }
  compare_with_plan(*bound, views, kColumns.size(), is_true, is_null);
}

quintile::Result<quintile::Expression> read(std::string_view text) {
  return text.starts_with('{') ? quintile::Expression::from_json(text)
                               : quintile::Expression::parse(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const quintile::Result<quintile::Expression> parsed = read(text);
  if (!parsed.ok()) {
    if (parsed.status().message().empty() ||
        parsed.status().code() == quintile::StatusCode::kInternal) {
      std::abort();
    }
    return 0;
  }
  const std::string printed = parsed->to_string();
  // Quoting can make the text longer than the limit; anything else must read back.
  if (printed.size() <= quintile::kMaxExpressionBytes) {
    const quintile::Result<quintile::Expression> again = quintile::Expression::parse(printed);
    if (!again.ok() || !(*again == *parsed) || again->to_string() != printed) {
      std::abort();
    }
    const std::string json = parsed->to_json();
    const quintile::Result<quintile::Expression> other = quintile::Expression::from_json(json);
    if (!other.ok() || !(*other == *parsed) || other->to_json() != json) {
      std::abort();
    }
  }
  evaluate(*parsed);
  return 0;
}
