// The functions of the language and what they take.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "query/tree.hpp"

namespace quintile::query {

enum class FunctionShape : std::uint8_t {
  kCoalesce,   // two or more operands
  kCall,       // literals
  kEvents,     // EVENT or EVENT.PROPERTY [WHERE condition] [, window]
  kRegularly,  // EVENT [WHERE condition], N of M days|weeks
  kSequence    // EVENT [WHERE condition] THEN [NOT] EVENT ... [WITHIN duration] [, window]
};

struct Function {
  std::string_view name;
  FunctionShape shape = FunctionShape::kCall;
  std::size_t least_arguments = 0;  // kCall
  std::size_t most_arguments = 0;
};

// Sequences have at most so many steps.
inline constexpr std::size_t kMaxSequenceSteps = 8;
// `regularly` looks back at most so many days or weeks.
inline constexpr int kMaxPeriods = 366;

// Find a function by its name in any case.
[[nodiscard]] const Function* find_function(std::string_view name) noexcept;

// Return ", did you mean 'count'?" or ", known are ...".
[[nodiscard]] std::string known_functions_hint(std::string_view name);

// Tell what is wrong with the arguments of a call ("expected a seed as text, got number 1"), and on
// which of them (their count: on the call as a whole).
struct ArgumentProblem {
  std::size_t argument = 0;
  std::string message;
};
[[nodiscard]] std::optional<ArgumentProblem> find_argument_problem(const Function& function,
                                                                   const Node& call);

// Tell what is wrong with the steps of a sequence, and on which.
[[nodiscard]] std::optional<ArgumentProblem> find_step_problem(const Node& sequence);

// The part of the contacts that split(seed, percent, arm) takes: hundredths of a percent from
// `low` on, below `high`.
struct SplitRange {
  int low = 0;
  int high = 0;
};
// Precondition: find_argument_problem() has found nothing.
[[nodiscard]] SplitRange split_range(const Node& call) noexcept;

}  // namespace quintile::query
