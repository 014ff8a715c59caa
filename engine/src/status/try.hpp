// Early return for Status and Result<T>. Not installed: macros stay out of public headers.
#pragma once

#include <utility>

#include "quintile/status.hpp"

#define QUINTILE_STATUS_CONCAT_(a, b) a##b
#define QUINTILE_STATUS_CONCAT(a, b) QUINTILE_STATUS_CONCAT_(a, b)

// Return from the enclosing function if `expression`, a Status, is an error.
#define QUINTILE_TRY(expression)                                                    \
  do {                                                                              \
    if (::quintile::Status quintile_status = (expression); !quintile_status.ok()) { \
      return quintile_status;                                                       \
    }                                                                               \
  } while (false)

// Evaluate a Result<T>; return its error from the enclosing function, or move its value into
// `target`, which may be a declaration: QUINTILE_ASSIGN_OR_RETURN(const auto model, parse(text)).
#define QUINTILE_ASSIGN_OR_RETURN(target, expression) \
  QUINTILE_ASSIGN_OR_RETURN_(QUINTILE_STATUS_CONCAT(quintile_result_, __LINE__), target, expression)

#define QUINTILE_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) {                                          \
    return std::move(result).status();                         \
  }                                                            \
  target = std::move(result).value()
