// Row sets to files and back, for other implementations of the format to read and write.
//   row_set_files write FOLDER     NAME.roaring and NAME.rows (one row a line) for sets of each
//   shape row_set_files read FILE...     prints the rows of each file, one a line, "-" after each
//   file
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/row_set.hpp"

namespace {

using quintile::RowSet;
using quintile::to_row;

RowSet every(std::uint32_t from, std::uint32_t to, std::uint32_t step) {
  std::vector<quintile::RowId> rows;
  for (std::uint64_t row = from; row < to; row += step) {
    rows.push_back(to_row(row));
  }
  return RowSet::of(rows);
}

bool write(const std::string& folder, const std::string& name, const RowSet& set) {
  const std::vector<std::byte> bytes = set.serialize();
  std::ofstream file(folder + "/" + name + ".roaring", std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  std::ofstream rows(folder + "/" + name + ".rows");
  for (const quintile::RowId row : set) {
    rows << static_cast<std::uint32_t>(row) << '\n';
  }
  return file.good() && rows.good();
}

bool write_all(const std::string& folder) {
  RowSet mixed = every(10, 5000, 1) | every(65'536, 131'072, 3) | every(1U << 20U, 1U << 21U, 1001);
  RowSet compact = mixed;
  compact.compact();
  RowSet few_runs = every(100, 200, 1) | every(70'000, 70'100, 1);
  few_runs.compact();
  return write(folder, "empty", RowSet()) && write(folder, "one", RowSet::of({to_row(7)})) &&
         write(folder, "ends", RowSet::of({to_row(0), to_row(0xFFFFFFFFU)})) &&
         write(folder, "arrays", every(3, 400'000, 1000)) &&
         write(folder, "bitmaps", every(0, 200'000, 2)) &&
         write(folder, "first", RowSet::first(100'000)) && write(folder, "mixed", mixed) &&
         write(folder, "compact", compact) && write(folder, "few_runs", few_runs);
}

bool print(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)),
                                std::istreambuf_iterator<char>());
  const quintile::Result<RowSet> set = RowSet::deserialize(std::as_bytes(std::span(bytes)));
  if (!set.ok()) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), std::string(set.status().message()).c_str());
    return false;
  }
  for (const quintile::RowId row : *set) {
    std::printf("%u\n", static_cast<std::uint32_t>(row));
  }
  std::puts("-");
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 2 && words[0] == "write") {
    return write_all(words[1]) ? 0 : 1;
  }
  bool right = words.size() > 1 && words[0] == "read";
  for (std::size_t i = 1; i < words.size() && right; ++i) {
    right = print(words[i]);
  }
  return right ? 0 : 1;
}
