#pragma once

#include <cstdlib>

// QUINTILE_ASSERT is for errors of the programmer and on in every build; QUINTILE_DEBUG_ASSERT is
// for checks per row and on where NDEBUG is not defined. Input from outside can never trigger
// either.
#define QUINTILE_ASSERT(condition) \
  do {                             \
    if (!(condition)) [[unlikely]] \
      std::abort();                \
  } while (false)

#ifdef NDEBUG
#define QUINTILE_DEBUG_ASSERT(condition) static_cast<void>(sizeof((condition) ? 1 : 0))
#else
#define QUINTILE_DEBUG_ASSERT(condition) QUINTILE_ASSERT(condition)
#endif
