// Files of statements about segments, in the manner of sqllogictest; docs/testing.md has the form.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quintile::testing {

// One statement: a first line, the lines below it, and what is expected, below `----`.
struct SegtestStatement {
  std::size_t line = 0;            // of the file, from 1
  std::vector<std::string> words;  // of the first line
  std::vector<std::string> body;
  std::vector<std::string> expected;

  // The lines of the body as one text.
  [[nodiscard]] std::string text() const;
};

// Splits a file; lines that begin with # and empty lines part statements.
std::vector<SegtestStatement> parse_segtest(std::string_view text);

// A cell of a table: nothing for `-`, text without its quotes for '...'.
using SegtestCell = std::optional<std::string>;

// The cells of a line, parted by | outside of quotes, without the blanks around them.
std::vector<SegtestCell> split_cells(std::string_view line);

// The words of a line, parted by blanks outside of quotes; quotes are taken off.
std::vector<std::string> split_words(std::string_view line);

}  // namespace quintile::testing
