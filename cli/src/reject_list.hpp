// Records that could not be used: counted, listed, and too many of them end the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "loader_library.hpp"
#include "output_file.hpp"
#include <quintile/loader.h>

namespace quintile::cli {

// How many rejects a run may have: a number, or a part of the records in millionths.
struct RejectLimit {
  std::uint64_t count = 0;
  std::uint64_t millionths = 10'000;
  bool is_part = true;
  std::string text = "1%";

  // Read `N` or `N%`; nothing if it is neither.
  [[nodiscard]] static std::optional<RejectLimit> parse(std::string_view text);
  [[nodiscard]] bool exceeded(std::uint64_t rejected, std::uint64_t records) const;
};

// The list `file,line,reason,value`, written as the rejects come. Without a file only the first few
// are kept, to be shown.
class RejectList {
 public:
  [[nodiscard]] std::optional<Failure> open(const std::string& path);
  void add(std::string_view file, std::uint64_t record, std::string_view reason,
           std::string_view value);

  // Complete the list, still under its unfinished name.
  [[nodiscard]] std::optional<Failure> finish();
  // Keep the list. Also called when too many rejects end the run: the list says why.
  [[nodiscard]] std::optional<Failure> commit();

  [[nodiscard]] bool has_file() const { return !path_.empty(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  // The first rejects, as "orders.csv:17: bad_time 'tomorrow'".
  [[nodiscard]] const std::vector<std::string>& first() const { return first_; }

 private:
  std::string path_;
  std::string line_;
  std::optional<OutputFile> file_;
  std::vector<std::string> first_;
};

// One reason and how often it was met.
struct ReasonCount {
  std::string reason;
  std::uint64_t count = 0;
};
// The reasons that were met, most frequent first.
[[nodiscard]] std::vector<ReasonCount> reasons_met(const LoaderLibrary& loader,
                                                   const quintile_load_counts& counts);
// "3 bad_time, 1 bad_amount"
[[nodiscard]] std::string reasons_text(const std::vector<ReasonCount>& reasons);

// The failure of a run with too many rejects: numbers, reasons, examples, where the list is.
[[nodiscard]] Failure too_many_rejects(const quintile_load_counts& counts,
                                       const std::vector<ReasonCount>& reasons,
                                       const RejectLimit& limit, const RejectList& list);

}  // namespace quintile::cli
