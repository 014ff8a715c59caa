#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "model_source.hpp"
#include "rfm_run.hpp"

namespace quintile::cli {
namespace {

Failure usage(std::string message) { return {ExitCode::kUsage, std::move(message)}; }

Outcome load_model(RfmRun& run) {
  const std::string& name = run.options.model;
  run.is_preset = !names_a_model_file(name);
  run.model.emplace();
  return run.is_preset ? take_preset(name, "--model: ", run.request.decimals, *run.model)
                       : read_model_file(name, name, run.request.decimals, *run.model);
}

Outcome read_instants(RfmRun& run) {
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(run.options.time_zone, error);
  if (!zone) {
    return usage("--time-zone: " + error);
  }
  run.zone = *zone;
  const std::optional<AsOf> as_of = AsOf::parse(run.options.as_of, *zone, error);
  if (!as_of) {
    return usage("--as-of: " + error);
  }
  run.as_of = *as_of;
  if (run.options.compare_as_of.empty()) {
    return std::nullopt;
  }
  run.earlier_as_of = AsOf::parse(run.options.compare_as_of, *zone, error);
  if (!run.earlier_as_of) {
    return usage("--compare-as-of: " + error);
  }
  if (run.earlier_as_of->instant_us >= run.as_of.instant_us) {
    return usage("--compare-as-of: expected a time before --as-of " + run.options.as_of + ", got " +
                 run.options.compare_as_of);
  }
  return std::nullopt;
}

Outcome read_order_columns(RfmRun& run) {
  std::vector<std::string> known = {"contact", "time",    "order",    "amount",  "quantity",
                                    "price",   "product", "category", "currency"};
  if (run.model->where) {
    for (const std::string& name : run.model->where->column_names()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        known.push_back(name);
      }
    }
  }
  if (Outcome failure = parse_column_map("--map", run.options.map, known, run.columns)) {
    return failure;
  }
  const bool amount = run.columns.contains("amount");
  if (amount && run.columns.contains("price")) {
    return usage("--map: an amount is a column of its own, or quantity times price; got both");
  }
  return std::nullopt;
}

Outcome read_contact_columns(RfmRun& run) {
  std::vector<std::string> known = {"contact", "identifiers"};
  for (const Attribute& attribute : run.request.attributes) {
    known.push_back(attribute.name);
  }
  if (Outcome failure = parse_column_map("--contacts-map", run.options.contacts_map, known,
                                         run.contact_columns)) {
    return failure;
  }
  if (!run.model->population) {
    return std::nullopt;
  }
  if (run.options.contacts.empty()) {
    return usage("model '" + run.model->name +
                 "' is for a population of contacts: give their file with --contacts and the "
                 "types of its columns with --attributes");
  }
  for (const std::string& name : run.model->population->column_names()) {
    if (std::find(known.begin() + 2, known.end(), name) == known.end()) {
      return usage("the population of model '" + run.model->name + "' uses '" + name +
                   "': give its type with --attributes " + name + "=TYPE");
    }
  }
  return std::nullopt;
}

// Whether two names stand for one file, as far as the file system can tell now.
bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code error;
  const auto resolved = [&error](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
  };
  const std::filesystem::path left = resolved(one);
  return !error && left == resolved(other) && !error;
}

// Finds before any work that a file cannot be written, or would be lost.
Outcome check_outputs(RfmRun& run) {
  const RfmOptions& options = run.options;
  std::vector<std::string> inputs = options.orders;
  inputs.insert(inputs.end(), options.contacts.begin(), options.contacts.end());
  inputs.push_back(options.rates);
  if (!run.is_preset) {
    inputs.push_back(options.model);
  }
  std::vector<std::string> outputs;
  for (const std::string& path :
       {options.out, options.report, options.transitions, options.rejects}) {
    if (path.empty() || path == "-") {
      continue;
    }
    std::error_code error;
    const bool is_device =
        std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
    const auto same = [&path](const std::string& other) {
      return !other.empty() && is_same_file(path, other);
    };
    if (!is_device && std::any_of(inputs.begin(), inputs.end(), same)) {
      return usage("'" + path + "' is an input: it would be replaced by the output");
    }
    if (!is_device && std::any_of(outputs.begin(), outputs.end(), same)) {
      return usage("'" + path + "' is named for two outputs");
    }
    outputs.push_back(path);
    OutputFile probe;
    if (Outcome failure = probe.open(path)) {
      return failure;
    }
  }
  return std::nullopt;
}

}  // namespace

Outcome prepare(RfmRun& run) {
  for (const auto step :
       {read_instants, load_model, read_order_columns, read_contact_columns, check_outputs}) {
    if (Outcome failure = step(run)) {
      return failure;
    }
  }
  return std::nullopt;
}

}  // namespace quintile::cli
