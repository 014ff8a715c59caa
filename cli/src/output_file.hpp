// Output files that are either complete or not there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "command.hpp"

namespace quintile::cli {

// A file written beside its final name and renamed over it by commit(). Dropped without commit(),
// by an error, or by SIGINT, SIGTERM or SIGHUP, it leaves nothing, and a file that had the name
// before stays as it was. Several files that belong together are all finished before the first of
// them is committed, and withdrawn if one cannot be. What is not a regular file (a pipe, a
// terminal, /dev/null) is written directly.
//
//   OutputFile file;
//   if (auto failure = file.open("scores.csv")) return *failure;
//   file.write("contact,...\n");
//   if (auto failure = file.commit()) return *failure;
//
// Not thread-safe. Errors of write() are kept and told by finish().
class OutputFile {
 public:
  OutputFile() = default;
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Create the unfinished file. An existing `path` is replaced only by commit().
  [[nodiscard]] std::optional<Failure> open(const std::string& path);
  // Write to standard output instead. finish() then only flushes, commit() has nothing to do.
  void open_standard_output();
  // Create the unfinished file, but let another writer fill it by name; commit() renames it.
  [[nodiscard]] std::optional<Failure> reserve(const std::string& path);

  void write(std::string_view bytes);
  // Write all bytes of another file.
  [[nodiscard]] std::optional<Failure> copy_from(const std::string& path);
  // Where the bytes go until commit().
  [[nodiscard]] const std::string& unfinished_path() const { return unfinished_path_; }
  [[nodiscard]] std::size_t bytes_written() const { return bytes_written_; }

  // Flush, sync, close: what can fail for want of space has happened. After a failure nothing is
  // left.
  [[nodiscard]] std::optional<Failure> finish();
  // Finish, unless that is done, and rename. After a failure nothing is left.
  [[nodiscard]] std::optional<Failure> commit();
  // After commit(): as if it had not been, because a file that belongs to this one could not get
  // its name. Where the file system cannot swap two names, a file that was replaced stays replaced.
  void withdraw();

 private:
  // 0 or errno.
  int rename_to_final();
  void discard();
  void flush();

  std::string shown_path_;
  std::string final_path_;       // empty: written directly
  std::string unfinished_path_;  // empty: written directly, or renamed
  bool is_new_ = false;          // renamed to a name that nothing had
  bool holds_earlier_ = false;   // renamed; the unfinished name has the file that was replaced
  std::string buffer_;
  std::size_t bytes_written_ = 0;
  int descriptor_ = -1;
  int first_errno_ = 0;
  int slot_ = -1;
};

// Remove every unfinished file of this process. Safe in a signal handler.
void remove_unfinished_files() noexcept;

// Remove the unfinished files when the process is told to end. A pipe that nobody reads any more
// does not end it: writing fails, and the command goes its ordinary way out.
void remove_unfinished_files_on_signals();

}  // namespace quintile::cli
