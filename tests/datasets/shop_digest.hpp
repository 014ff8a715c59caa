// The lines of datasets/checksums.txt, made anew.
#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "table_reader.hpp"

namespace quintile::datasets {

inline std::string digest_line(const ShopOptions& options, Table table) {
  const TableData data = read_table(options, table);
  std::array<char, 160> line{};
  std::snprintf(line.data(), line.size(),
                "contacts=%llu seed=%llu days=%u events=%.2f %s rows=%zu fnv1a=%016llx",
                static_cast<unsigned long long>(options.contacts),
                static_cast<unsigned long long>(options.seed), options.days, options.event_rate,
                std::string(table_name(table)).c_str(), data.rows,
                static_cast<unsigned long long>(digest_of(data)));
  return line.data();
}

// Small enough for every test run, and with more than one chunk.
inline std::vector<std::string> digest_lines() {
  const std::array<ShopOptions, 3> shops = {
      ShopOptions{.contacts = 500, .seed = 1, .threads = 2},
      ShopOptions{.contacts = 20'000, .seed = 7, .threads = 2},
      ShopOptions{.contacts = 3'000, .seed = 7, .days = 400, .event_rate = 2.5, .threads = 2}};
  std::vector<std::string> lines;
  for (const ShopOptions& options : shops) {
    for (const Table table : kTables) {
      lines.push_back(digest_line(options, table));
    }
  }
  return lines;
}

}  // namespace quintile::datasets
