// Prints the lines of datasets/checksums.txt: built by test_compilers.py with other compilers and
// flags than the rest, and to make the file anew after a wanted change of the process.
#include "shop_digest.hpp"

int main() {
  for (const std::string& line : quintile::datasets::digest_lines()) {
    std::puts(line.c_str());
  }
  return 0;
}
