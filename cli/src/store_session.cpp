#include "store_session.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "model_source.hpp"

namespace quintile::cli {
void add_store_options(CLI::App& command, StoreOptions& options) {
  command.add_option("--store", options.store, "Folder of the store")->required();
  command.add_option("--as-of", options.as_of,
                     "Date (its end) or time for which all is computed; now by default");
  command.add_option("--threads", options.threads,
                     "Threads to compute on, one per core by default");
}

std::optional<Failure> check_outside_store(const std::string& option, const std::string& file,
                                           const std::string& store) {
  if (file.empty() || file == "-") {
    return std::nullopt;
  }
  std::error_code error;
  const auto resolved = [&error](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
  };
  const std::filesystem::path folder = resolved(store);
  if (error) {
    return std::nullopt;
  }
  const std::filesystem::path output = resolved(file);
  const auto parted = std::mismatch(folder.begin(), folder.end(), output.begin(), output.end());
  if (error || parted.first != folder.end()) {
    return std::nullopt;
  }
  return Failure{ExitCode::kUsage, option + ": expected a file outside of the store '" + store +
                                       "', got '" + file + "'"};
}

std::int64_t clock_us() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

std::string current_user() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : "user " + std::to_string(::getuid());
}

Failure request_failure(const Status& status) {
  switch (status.code()) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kAlreadyExists:
    case StatusCode::kOutOfRange:
      return {ExitCode::kUsage, std::string(status.message())};
    default:
      return data_failure(status);
  }
}

std::optional<Failure> open_store(const StoreOptions& options, StoreSession& session) {
  Result<std::shared_ptr<Arena>> arena = Arena::create(options.threads);
  if (!arena.ok()) {
    return Failure{ExitCode::kUsage, "--threads: " + std::string(arena.status().message())};
  }
  Result<std::unique_ptr<Engine>> engine =
      Engine::open(options.store, {.arena = std::move(*arena)});
  if (!engine.ok()) {
    return data_failure(engine.status());
  }
  session.engine = std::move(engine).value();
  return std::nullopt;
}

std::optional<Failure> compute_store(const StoreOptions& options, const Catalogue& catalogue,
                                     StoreSession& session) {
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(session.engine->options().time_zone, error);
  if (!zone) {
    return Failure{ExitCode::kData, error};
  }
  const std::string text =
      options.as_of.empty() ? format_instant(clock_us(), TimeZone()) : options.as_of;
  const std::optional<AsOf> as_of = AsOf::parse(text, *zone, error);
  if (!as_of) {
    return Failure{ExitCode::kUsage, "--as-of: " + error};
  }
  if (const Status status = session.engine->define_segments(catalogue.definitions());
      !status.ok()) {
    return data_failure(status);
  }
  Result<std::shared_ptr<const Generation>> generation = session.engine->recompute(*as_of);
  if (!generation.ok()) {
    return data_failure(generation.status());
  }
  session.generation = std::move(generation).value();
  return std::nullopt;
}

}  // namespace quintile::cli
