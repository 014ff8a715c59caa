// Files as a sequence of jobs: cut in order by one thread, read into cells by any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "column.hpp"
#include "file_format.hpp"
#include "reject.hpp"

namespace quintile::loader {

// Rows per batch, in and out.
inline constexpr std::size_t kMaxRows = 65'536;

// A column as the file announces it.
struct ColumnInfo {
  std::string name;
  std::optional<CellKind> kind;  // none: a type that cannot be read
  std::string type;              // for messages; empty in text files
};

// Consecutive records of one file. Record numbers count from 0 at the start of the job.
struct Slice {
  std::uint64_t first_record = 0;
  std::size_t rows = 0;           // records whose cells are in `columns`
  std::vector<Column> columns;    // as selected; they may be longer
  std::vector<Reject> malformed;  // records between them that have no cells, ascending

  [[nodiscard]] std::uint64_t records() const { return rows + malformed.size(); }
};

// A part of a file that can be read on its own.
class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;
  // Hand out the slices in order; what they point to lives until `take` returns.
  virtual void read(const std::function<void(const Slice&)>& take) = 0;
};

// One opened file. Methods throw LoadError.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  [[nodiscard]] virtual const std::vector<ColumnInfo>& columns() const = 0;
  // Choose what to read, by position in columns(); the same one may be chosen twice. Call once.
  virtual void select(const std::vector<std::size_t>& columns) = 0;
  // The next job, null at the end.
  virtual std::unique_ptr<Job> next() = 0;
  // How far the file itself has been read.
  [[nodiscard]] virtual std::int64_t bytes_read() const = 0;
};

// An error that belongs to the record after all that were handed out before: the text has this mark
// where the number of the record goes.
inline constexpr std::string_view kRecordMark = "\x01";

std::unique_ptr<Source> open_csv(const OpenedFile& opened, char delimiter,
                                 std::int64_t block_bytes);
std::unique_ptr<Source> open_columnar(const OpenedFile& opened);

}  // namespace quintile::loader
