// A rule that must hold for any input; a breach ends the run, which is what a fuzzer looks for.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace quintile::fuzz {

inline void require(bool holds, const char* rule, std::string_view input) {
  if (!holds) {
    (void)std::fprintf(stderr, "broken: %s\ninput:", rule);
    for (const char letter : input) {
      (void)std::fprintf(stderr, " %02x", static_cast<unsigned char>(letter));
    }
    (void)std::fprintf(stderr, "\n");
    std::abort();
  }
}

}  // namespace quintile::fuzz
