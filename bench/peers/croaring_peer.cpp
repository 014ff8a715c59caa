// CRoaring alone: combinations of segments two bitmaps at a time, the last step a count.
#include <array>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>

#include "column_file.hpp"
#include "protocol.hpp"
#include "roaring/roaring.hh"

namespace quintile::peers {
namespace {

using roaring::Roaring;

class Segments {
 public:
  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::string name;
    words >> command >> name;
    if (command == "load") {
      std::string folder;
      std::getline(words >> std::ws, folder);
      load(folder);
      return R"({"version": ")" ROARING_VERSION R"("})";
    }
    if (command != "run") throw std::runtime_error("unknown command: " + line);
    std::uint64_t found = 0;
    const double seconds = seconds_of([&] { found = count(name); });
    return count_answer(seconds, found);
  }

 private:
  void load(const std::string& folder) {
    for (std::size_t i = 1; i < sets_.size(); ++i) {
      const auto words = read_column<std::uint64_t>(folder, "s" + std::to_string(i));
      roaring::BulkContext context;
      for (std::size_t word = 0; word < words.size(); ++word) {
        for (std::uint64_t bits = words[word]; bits != 0; bits &= bits - 1)
          sets_[i].addBulk(context, static_cast<std::uint32_t>(
                                        word * 64 + static_cast<unsigned>(__builtin_ctzll(bits))));
      }
      sets_[i].runOptimize();
      sets_[i].shrinkToFit();
    }
  }

  [[nodiscard]] std::uint64_t count(const std::string& task) const {
    const auto& s = sets_;
    if (task == "intersect") return (s[1] & s[2]).and_cardinality(s[3]);
    if (task == "union") return (s[1] | s[2]).or_cardinality(s[3]);
    if (task == "difference") return (s[1] - s[2]).andnot_cardinality(s[3]);
    if (task == "expression") {
      Roaring left = s[1] & s[4];
      left -= s[5];
      Roaring right = s[6] & s[7];
      right -= s[8];
      left |= right;
      return left.or_cardinality(s[2] - s[3]);
    }
    throw std::runtime_error("unknown task: " + task);
  }

  std::array<Roaring, 9> sets_;  // from 1
};

}  // namespace
}  // namespace quintile::peers

int main(int argc, char** argv) {
  quintile::peers::Segments segments;
  return quintile::peers::serve(argc, argv, [&](int) {
    return [&](const std::string& line) { return segments.answer(line); };
  });
}
