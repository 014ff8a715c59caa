// A store, opened and computed for one instant.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "command.hpp"
#include <quintile/catalogue.hpp>
#include <quintile/engine.hpp>

namespace CLI {
class App;
}

namespace quintile::cli {

struct StoreOptions {
  std::string store;
  std::string as_of;  // empty: now
  int threads = 0;    // 0: one per core
};

// Adds --store, --as-of and --threads.
void add_store_options(CLI::App& command, StoreOptions& options);

// A failure if an option names a file within the store, which it would damage.
[[nodiscard]] std::optional<Failure> check_outside_store(const std::string& option,
                                                         const std::string& file,
                                                         const std::string& store);

struct StoreSession {
  std::unique_ptr<Engine> engine;
  std::shared_ptr<const Generation> generation;
};

// Opens the newest snapshot, without its segments.
[[nodiscard]] std::optional<Failure> open_store(const StoreOptions& options, StoreSession& session);
// Defines the segments of a catalogue and computes models and segments.
[[nodiscard]] std::optional<Failure> compute_store(const StoreOptions& options,
                                                   const Catalogue& catalogue,
                                                   StoreSession& session);

// Microseconds since 1970, UTC.
[[nodiscard]] std::int64_t clock_us();
// The name of the user who runs the program.
[[nodiscard]] std::string current_user();

// A failure of a request (a bad expression, an unknown name) or of what it was to work on.
[[nodiscard]] Failure request_failure(const Status& status);

}  // namespace quintile::cli
