// Any bytes as a condition: a tree that prints and reads back as itself, or an error with a
// message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "quintile/expression.hpp"

namespace {

class OneText final : public quintile::ExpressionDictionary {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept override { return 1; }
  [[nodiscard]] std::string_view text(std::uint32_t /*code*/) const noexcept override {
    return "PL";
  }
};

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
  const auto bound = expression.bind({kColumns, {}});
  if (!bound.ok()) {
    if (bound.status().code() == quintile::StatusCode::kInternal) {
      std::abort();
    }
    return;
  }
  std::uint64_t is_true = 0;
  std::uint64_t is_null = 0;
  if (!bound->evaluate(kViews, 1, {&is_true, 1}, {&is_null, 1}).ok() || (is_true & is_null) != 0 ||
      (is_true | is_null) > 1) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const quintile::Result<quintile::Expression> parsed = quintile::Expression::parse(text);
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
  }
  evaluate(*parsed);
  return 0;
}
