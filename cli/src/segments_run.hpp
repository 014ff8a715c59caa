// The parts of the command `segments`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store_session.hpp"
#include "table_output.hpp"

namespace quintile::cli {

struct SegmentsOptions {
  StoreOptions store;
  TableOutput output;
  // At most one of them; none: the list.
  std::string show;
  std::string history;
  std::string put;
  std::string remove;
  std::string rename;

  std::string where;  // with put
  std::string list;   // with put
  std::vector<std::string> overlap;
  bool preview = false;
  std::string to;      // with rename
  std::string author;  // with put, remove, rename
  std::string note;
};

// What is asked of a store.
[[nodiscard]] std::optional<Failure> list_segments(const SegmentsOptions& options);
[[nodiscard]] std::optional<Failure> show_segment(const SegmentsOptions& options);
[[nodiscard]] std::optional<Failure> show_history(const SegmentsOptions& options);

// What changes its catalogue.
[[nodiscard]] std::optional<Failure> put_segment(const SegmentsOptions& options);
[[nodiscard]] std::optional<Failure> remove_segment(const SegmentsOptions& options);
[[nodiscard]] std::optional<Failure> rename_segment(const SegmentsOptions& options);

}  // namespace quintile::cli
