#include "query/functions.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "query/name_hint.hpp"
#include "query/power_of_ten.hpp"

namespace quintile::query {
namespace {

constexpr std::array<Function, 20> kFunctions = {{
    {"coalesce", FunctionShape::kCoalesce, 2, 0},
    {"today", FunctionShape::kCall, 0, 0},
    {"now", FunctionShape::kCall, 0, 0},
    {"tag", FunctionShape::kCall, 1, 1},
    {"consent", FunctionShape::kCall, 2, 2},
    {"split", FunctionShape::kCall, 2, 3},
    {"segment", FunctionShape::kCall, 1, 1},
    {"in_list", FunctionShape::kCall, 1, 1},
    {"count", FunctionShape::kEvents, 0, 0},
    {"sum", FunctionShape::kEvents, 0, 0},
    {"avg", FunctionShape::kEvents, 0, 0},
    {"min", FunctionShape::kEvents, 0, 0},
    {"max", FunctionShape::kEvents, 0, 0},
    {"first", FunctionShape::kEvents, 0, 0},
    {"last", FunctionShape::kEvents, 0, 0},
    {"mode", FunctionShape::kEvents, 0, 0},
    {"distinct", FunctionShape::kEvents, 0, 0},
    {"days_since", FunctionShape::kEvents, 0, 0},
    {"regularly", FunctionShape::kRegularly, 0, 0},
    {"sequence", FunctionShape::kSequence, 0, 0},
}};

constexpr int kHundredths = 10'000;  // of a percent, in all

// A percentage above 0, at most 100, with at most two digits after the point, in hundredths.
std::optional<int> hundredths(const Node& node) {
  Int128 units = node.coefficient;
  int scale = node.scale;
  for (; scale > 2 && units % 10 == 0; --scale) {
    units /= 10;
  }
  if (node.kind != NodeKind::kNumber || scale > 2 || units <= 0 || units > kHundredths) {
    return std::nullopt;
  }
  units *= power_of_ten(2 - scale);
  return units <= kHundredths ? std::optional(static_cast<int>(units)) : std::nullopt;
}

bool is_text(const Node& node) { return node.kind == NodeKind::kText && !node.text.empty(); }

ArgumentProblem wrong(std::size_t argument, std::string_view expected, const Node& got) {
  return {argument, "expected " + std::string(expected) + ", got " + describe_tree(got)};
}

std::optional<ArgumentProblem> find_split_problem(const Node& call) {
  if (!is_text(call.children[0])) {
    return wrong(0, "a seed such as 'spring-test'", call.children[0]);
  }
  const std::optional<int> percent = hundredths(call.children[1]);
  if (!percent) {
    return wrong(1, "a percentage above 0, at most 100, with at most two decimals",
                 call.children[1]);
  }
  const int arms = kHundredths / *percent;
  if (call.children.size() == 3) {
    const Node& arm = call.children[2];
    if (arm.kind != NodeKind::kNumber || arm.scale != 0 || arm.coefficient < 0 ||
        arm.coefficient >= arms) {
      return wrong(2, "an arm from 0 to " + std::to_string(arms - 1), arm);
    }
  }
  return std::nullopt;
}

}  // namespace

const Function* find_function(std::string_view name) noexcept {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [name](const Function& f) { return same_word(name, f.name); });
  return found == kFunctions.end() ? nullptr : &*found;
}

std::string known_functions_hint(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Function& function : kFunctions) {
    names.push_back(function.name);
  }
  return known_names_hint(name, names);
}

std::optional<ArgumentProblem> find_argument_problem(const Function& function, const Node& call) {
  const std::size_t count = call.children.size();
  if (count < function.least_arguments || count > function.most_arguments) {
    std::string expected = std::to_string(function.least_arguments);
    if (function.least_arguments != function.most_arguments) {
      expected += " or " + std::to_string(function.most_arguments);
    }
    return ArgumentProblem{count, "expected " + std::string(function.name) + "() with " + expected +
                                      (expected == "1" ? " argument" : " arguments") + ", got " +
                                      std::to_string(count)};
  }
  if (function.name == "split") {
    return find_split_problem(call);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_text(call.children[i])) {
      return wrong(i, "a name as text, such as 'newsletter'", call.children[i]);
    }
  }
  return std::nullopt;
}

std::optional<ArgumentProblem> find_step_problem(const Node& sequence) {
  const std::vector<Node>& steps = sequence.children;
  if (steps.size() < 2 || steps.size() > kMaxSequenceSteps) {
    return ArgumentProblem{steps.size(), "expected a sequence of 2 to " +
                                             std::to_string(kMaxSequenceSteps) + " events, got " +
                                             std::to_string(steps.size())};
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].flag && (i == 0 || steps[i - 1].flag)) {
      return ArgumentProblem{i, i == 0 ? "expected a sequence that begins with an event, got NOT"
                                       : "expected an event after THEN NOT, got another NOT"};
    }
    if (i == 0 && !steps[i].window.empty()) {
      return ArgumentProblem{i, "expected THEN before WITHIN, which counts from the event before"};
    }
  }
  return std::nullopt;
}

SplitRange split_range(const Node& call) noexcept {
  const int part = hundredths(call.children[1]).value_or(0);
  const int arm = call.children.size() == 3 ? static_cast<int>(call.children[2].coefficient) : 0;
  return {arm * part, (arm + 1) * part};
}

}  // namespace quintile::query
