#include "segtest_file.hpp"

#include <sstream>

namespace quintile::testing {

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// Quotes are doubled inside of quotes.
std::string without_quotes(std::string_view text) {
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    out.push_back(text[i]);
    i += text[i] == '\'' ? 1 : 0;
  }
  return out;
}

bool is_quoted(std::string_view text) { return text.size() >= 2 && text.front() == '\''; }

// The parts of a line between separators that are not in quotes.
std::vector<std::string_view> split_at(std::string_view line, char separator) {
  std::vector<std::string_view> parts;
  bool in_quotes = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i == line.size() || (line[i] == separator && !in_quotes)) {
      parts.push_back(trimmed(line.substr(begin, i - begin)));
      begin = i + 1;
    } else if (line[i] == '\'') {
      in_quotes = !in_quotes;
    }
  }
  return parts;
}

}  // namespace

std::string SegtestStatement::text() const {
  std::string all;
  for (const std::string& part : body) {
    all.append(all.empty() ? "" : "\n").append(part);
  }
  return all;
}

std::vector<SegtestStatement> parse_segtest(std::string_view text) {
  std::vector<SegtestStatement> statements;
  std::istringstream lines{std::string(text)};
  std::string line;
  bool inside = false;
  bool expecting = false;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (trimmed(line).empty()) {
      inside = false;
    } else if (line.front() == '#') {
      continue;
    } else if (!inside) {
      statements.push_back({number, split_words(line), {}, {}});
      inside = true;
      expecting = false;
    } else if (line == "----") {
      expecting = true;
    } else {
      SegtestStatement& last = statements.back();
      (expecting ? last.expected : last.body).push_back(line);
    }
  }
  return statements;
}

std::vector<SegtestCell> split_cells(std::string_view line) {
  std::vector<SegtestCell> cells;
  for (const std::string_view part : split_at(line, '|')) {
    if (part == "-") {
      cells.emplace_back();
    } else {
      cells.emplace_back(is_quoted(part) ? without_quotes(part) : std::string(part));
    }
  }
  return cells;
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view part : split_at(line, ' ')) {
    if (!part.empty()) {
      words.push_back(is_quoted(part) ? without_quotes(part) : std::string(part));
    }
  }
  return words;
}

}  // namespace quintile::testing
