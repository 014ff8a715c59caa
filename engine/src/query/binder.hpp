// From a tree to terms: names resolved, types checked, patterns run over dictionaries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/operand.hpp"
#include "query/term.hpp"

namespace quintile::query {

class Binder {
 public:
  Binder(const ExpressionBinding& binding, BoundNames& names) : binding_(binding), names_(names) {}

  Result<TermPointer> condition(const Node& node);

 private:
  // bind.cpp
  Result<TermPointer> chain(const Node& node);
  Result<TermPointer> compare(const Node& node);
  static Result<TermPointer> compare_bool(const Node& node, const Operand& left,
                                          const Operand& right);
  Result<TermPointer> between(const Node& node);
  Result<TermPointer> in(const Node& node);
  static TermPointer in_list(const Operand& value, const std::vector<Operand>& items,
                             bool has_null);
  Result<TermPointer> pattern(const Node& node);
  Result<TermPointer> is_null(const Node& node);
  Result<TermPointer> is_truth(const Node& node);
  Result<TermPointer> is_distinct(const Node& node);

  // bind_operands.cpp
  Result<Operand> operand(const Node& node);
  Result<Operand> literal(const Node& node);
  Result<Operand> named_column(const Node& node);
  Result<Operand> column(const Node& node, const ExpressionColumn& column, std::uint32_t place);
  std::optional<std::uint32_t> find_column(std::string_view name) const;
  Result<Operand> timestamp(const Node& node);
  Result<Operand> coalesce(const Node& node);
  static Operand coalesce_values(const Node& node, std::vector<Operand> items);

  // bind_arithmetic.cpp
  Result<Operand> negate(const Node& node);
  Result<Operand> arithmetic(const Node& node);

  // bind_functions.cpp
  Result<Operand> call(const Node& node);
  Result<Operand> tag(const Node& node);
  Result<Operand> consent(const Node& node);
  Result<Operand> split(const Node& node);
  Result<Operand> member(const Node& node, bool is_segment);
  Status not_available(const Node& node) const;
  Result<Operand> add_operand(const Node& node, BoundOperand operand);

  // bind_events.cpp
  Result<Operand> aggregate(const Node& node);
  Result<Operand> regularly(const Node& node);
  Result<Operand> sequence(const Node& node);
  Result<BoundStep> step(const Node& node, std::optional<std::uint32_t>* property);
  Status find_event(const Node& node, BoundStep& step,
                    std::optional<std::uint32_t>* property) const;

  const ExpressionBinding& binding_;
  BoundNames& names_;
};

[[nodiscard]] Status type_error(const Node& node, std::string_view expected, std::string_view got);

// What a message adds about an operand whose description does not show its type.
[[nodiscard]] std::string_view shown_family(const Operand& operand);

// Tell whether two operands can be compared.
[[nodiscard]] Status check_families(const Operand& left, const Operand& right);

// Where an operand is NULL.
[[nodiscard]] TermPointer null_test(const Operand& operand);

}  // namespace quintile::query
