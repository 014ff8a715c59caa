#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "load_run.hpp"
#include "model_source.hpp"
#include "store_session.hpp"
#include <quintile/closest_name.hpp>

namespace quintile::cli {
namespace {

constexpr std::array<FileKind, 4> kKinds = {FileKind::kContacts, FileKind::kLinks,
                                            FileKind::kOrders, FileKind::kEvents};

using Outcome = std::optional<Failure>;

Failure usage(std::string message) { return {ExitCode::kUsage, std::move(message)}; }

const SourceConfig& source_of(const StoreConfig& config, FileKind kind) {
  switch (kind) {
    case FileKind::kContacts:
      return config.contacts;
    case FileKind::kLinks:
      return config.links;
    case FileKind::kOrders:
      return config.orders;
    case FileKind::kEvents:
      break;
  }
  return config.events;
}

Outcome take_file(const std::string& word, LoadRun& run) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  for (const FileKind kind : kKinds) {
    if (name == kind_name(kind)) {
      if (equals == std::string::npos || equals + 1 == word.size()) {
        return usage("expected " + name + "=FILE, got '" + word + "'");
      }
      run.files[kind].push_back(word.substr(equals + 1));
      return std::nullopt;
    }
  }
  std::vector<std::string_view> known;
  for (const FileKind kind : kKinds) {
    known.emplace_back(kind_name(kind));
  }
  const std::string_view closest = closest_name(name, known);
  return usage("expected contacts=FILE, links=FILE, orders=FILE or events=FILE, got '" + word +
               "'" + (closest.empty() ? "" : "; did you mean " + std::string(closest) + "=?"));
}

// Files of the configuration are named from where it is.
std::string beside(const std::string& config, const std::string& file) {
  return (std::filesystem::path(config).parent_path() / file).lexically_normal().string();
}

Outcome choose_files(LoadRun& run) {
  for (const std::string& word : run.options.files) {
    if (Outcome failure = take_file(word, run)) {
      return failure;
    }
  }
  if (run.options.append) {
    return run.files.empty() ? Outcome(usage("--append needs the files to add, such as "
                                             "orders=FILE: those of the configuration are in the "
                                             "store already"))
                             : std::nullopt;
  }
  for (const FileKind kind : kKinds) {
    if (!run.files.contains(kind)) {
      for (const std::string& file : source_of(run.config, kind).files) {
        run.files[kind].push_back(beside(run.options.config, file));
      }
    }
  }
  return run.files.empty() ? Outcome(usage("'" + run.options.config + "' names no files"))
                           : std::nullopt;
}

Outcome check_kinds(LoadRun& run) {
  if (run.files.contains(FileKind::kEvents) && run.config.event_types.types().empty()) {
    return usage("'" + run.options.config + "' declares no types of events to load");
  }
  const SourceConfig& links = run.config.links;
  const auto named = std::any_of(links.columns.begin(), links.columns.end(),
                                 [](const auto& pair) { return pair.first == "identifiers"; });
  if (run.files.contains(FileKind::kLinks) && links.identifiers.empty() && !named) {
    return usage("'" + run.options.config + "' does not say which column of links is a device");
  }
  return std::nullopt;
}

// The list of rejects must not take the place of what is read.
Outcome check_rejects(LoadRun& run) {
  const std::string& rejects = run.options.rejects;
  std::vector<std::string> inputs = {run.options.config, run.config.rates_file};
  for (const auto& [kind, files] : run.files) {
    inputs.insert(inputs.end(), files.begin(), files.end());
  }
  for (const std::string& input : inputs) {
    std::error_code error;
    if (!rejects.empty() && !input.empty() && std::filesystem::equivalent(rejects, input, error)) {
      return usage("'" + rejects + "' is an input: it would be replaced by the list of rejects");
    }
  }
  return check_outside_store("--rejects", rejects, run.options.store);
}

}  // namespace

const char* kind_name(FileKind kind) {
  constexpr std::array<const char*, 4> kNames = {"contacts", "links", "orders", "events"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Failure> prepare_load(LoadRun& run) {
  if (const auto limit = RejectLimit::parse(run.options.max_rejects)) {
    run.reject_limit = *limit;
  } else {
    return usage("--max-rejects: expected a number or a percentage up to 100%, got '" +
                 run.options.max_rejects + "'");
  }
  std::string text;
  if (Outcome failure =
          read_text_file("configuration", run.options.config, kMaxStoreConfigBytes, text)) {
    return failure;
  }
  Result<StoreConfig> config = parse_store_config(text, run.options.config);
  if (!config.ok()) {
    return data_failure(config.status());
  }
  run.config = std::move(*config);
  if (!run.config.rates_file.empty()) {
    run.config.rates_file = beside(run.options.config, run.config.rates_file);
  }
  for (const auto step : {choose_files, check_kinds, check_rejects}) {
    if (Outcome failure = step(run)) {
      return failure;
    }
  }
  return std::nullopt;
}

}  // namespace quintile::cli
