#include "grid_text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "number_text.hpp"
#include "report/page.hpp"

namespace quintile::cli {
namespace {

// Ground and letter of the eight heat steps in the palette of 256 colours.
struct Paint {
  int ground;
  int letter;
};
constexpr std::array<Paint, 8> kPaints = {
    {{255, 235}, {195, 235}, {153, 235}, {117, 235}, {75, 235}, {32, 231}, {25, 231}, {18, 231}}};

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string padding(width > text.size() ? width - text.size() : 0, ' ');
  return right ? padding + text : text + padding;
}

struct Cell {
  std::string text;
  int step = 0;
};

std::vector<std::vector<Cell>> cells_of(const CrossTab& grid, Int128 total_revenue) {
  std::uint64_t largest = 0;
  const auto width = static_cast<std::size_t>(grid.column_tiers) + 1;
  for (int i = 1; i <= grid.row_tiers; ++i) {
    for (int j = 1; j <= grid.column_tiers; ++j) {
      largest = std::max(
          largest,
          grid.contacts[static_cast<std::size_t>(i) * width + static_cast<std::size_t>(j)]);
    }
  }
  std::vector<std::vector<Cell>> lines;
  for (int i = grid.row_tiers; i >= 1; --i) {
    std::vector<Cell>& line = lines.emplace_back();
    for (int j = 1; j <= grid.column_tiers; ++j) {
      const std::size_t at = static_cast<std::size_t>(i) * width + static_cast<std::size_t>(j);
      line.push_back({grouped(grid.contacts[at]) + " " +
                          padded(percent(grid.revenue[at], total_revenue), 6, true),
                      report::heat_step(grid.contacts[at], largest)});
    }
  }
  return lines;
}

std::string painted(const std::string& text, int step) {
  const Paint paint = kPaints[static_cast<std::size_t>(step)];
  return "\x1b[48;5;" + std::to_string(paint.ground) + ";38;5;" + std::to_string(paint.letter) +
         "m" + text + "\x1b[0m";
}

}  // namespace

std::string grid_text(const RfmModel& model, const RfmResult& result, bool colours) {
  const CrossTab& grid = result.cross_tabs()[0];
  const std::vector<std::vector<Cell>> lines = cells_of(grid, result.total().revenue);
  const RfmTiers& rows = model.tiers[to_index(Axis::kRecency)];
  const RfmTiers& columns = model.tiers[to_index(Axis::kFrequency)];
  std::vector<std::string> headings;
  std::size_t width = 0;
  for (int tier = 1; tier <= columns.count; ++tier) {
    headings.push_back("f " + columns.tier_name(tier));
    width = std::max(width, headings.back().size());
  }
  std::size_t label_width = 0;
  for (int tier = 1; tier <= rows.count; ++tier) {
    label_width = std::max(label_width, rows.tier_name(tier).size() + 2);
  }
  for (const std::vector<Cell>& line : lines) {
    for (const Cell& cell : line) {
      width = std::max(width, cell.text.size());
    }
  }
  std::string text = "recency by frequency: contacts, share of revenue\n";
  text += std::string(label_width, ' ');
  for (const std::string& heading : headings) {
    text += " " + padded(heading, width, true) + " ";
  }
  text += "\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += padded("r " + rows.tier_name(rows.count - static_cast<int>(i)), label_width, false);
    for (const Cell& cell : lines[i]) {
      const std::string shown = " " + padded(cell.text, width, true) + " ";
      text += colours ? painted(shown, cell.step) : shown;
    }
    text += "\n";
  }
  return text;
}

bool output_shows_colours() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr &&
         terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace quintile::cli
