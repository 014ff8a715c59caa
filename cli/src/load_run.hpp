// One run of `quintile load`, step by step.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "command.hpp"
#include "loader_library.hpp"
#include "progress.hpp"
#include "read_facts.hpp"
#include "reject_list.hpp"
#include <quintile/engine.hpp>
#include <quintile/store_config.hpp>
#include <quintile/store_directory.hpp>

namespace quintile::cli {

// The options as they were written.
struct LoadOptions {
  std::string config;
  std::string store;
  std::vector<std::string> files;  // KIND=FILE
  std::string rejects;
  std::string max_rejects = "1%";
  bool append = false;
  int threads = 0;
  bool quiet = false;
};

// The kinds of files, in the order in which they are read: who a device belongs to must be known
// before its events come.
enum class FileKind : std::uint8_t { kContacts, kLinks, kOrders, kEvents };

struct LoadRun {
  explicit LoadRun(const LoadOptions& asked) : options(asked), progress(asked.quiet) {}

  const LoadOptions& options;
  Progress progress;
  RejectLimit reject_limit;
  StoreConfig config;
  std::map<FileKind, std::vector<std::string>> files;  // to be read
  LoaderLibrary loader;
  RejectList rejects;
  std::optional<StoreLock> lock;
  std::unique_ptr<Engine> engine;
};

// What a kind is called in the configuration and on the command line.
[[nodiscard]] const char* kind_name(FileKind kind);

// Configuration, files and limits; touches neither data nor store.
[[nodiscard]] std::optional<Failure> prepare_load(LoadRun& run);
// All files into the engine; too many rejects of one kind are a failure.
[[nodiscard]] std::optional<Failure> read_store_files(LoadRun& run);

}  // namespace quintile::cli
