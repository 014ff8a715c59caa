// The command `load`: files into a store.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "load_run.hpp"
#include "model_source.hpp"
#include "number_text.hpp"
#include "store_session.hpp"
#include <quintile/catalogue.hpp>

namespace quintile::cli {
namespace {

namespace fs = std::filesystem;
using Outcome = std::optional<Failure>;

constexpr const char* kFooter =
    "Examples:\n"
    "  quintile generate --contacts 10000 --out shop\n"
    "  quintile load --config shop/quintile.yaml --store shop.store\n"
    "  quintile load --config shop/quintile.yaml --store shop.store orders=orders.parquet\n"
    "  quintile load --config shop/quintile.yaml --store shop.store --append orders=today.csv\n"
    "\n"
    "A load makes the store anew from the files; --append adds files to what is there. If it\n"
    "fails, the store stays as it was.";

bool is_same(const Attribute& a, const Attribute& b) {
  return a.name == b.name && a.type == b.type && a.decimals == b.decimals &&
         a.channel == b.channel && a.purpose == b.purpose;
}

bool is_same(const EventType& a, const EventType& b) {
  return a.name == b.name && a.retention_days == b.retention_days &&
         std::equal(a.properties.begin(), a.properties.end(), b.properties.begin(),
                    b.properties.end(), [](const EventProperty& x, const EventProperty& y) {
                      return x.name == y.name && x.type == y.type && x.decimals == y.decimals;
                    });
}

// What a store was made with is fixed: other declarations need a store that is made anew.
Outcome check_declarations(const LoadRun& run) {
  const EngineOptions& kept = run.engine->options();
  const auto attributes = run.config.attributes.attributes();
  const auto types = run.config.event_types.types();
  const auto same = [](const auto& a, const auto& b) { return is_same(a, b); };
  const char* what = nullptr;
  if (kept.time_zone != run.config.time_zone) {
    what = "time zone";
  } else if (kept.currency_decimals != run.config.currency_decimals) {
    what = "number of decimals of its currency";
  } else if (!std::equal(attributes.begin(), attributes.end(), kept.schema.attributes().begin(),
                         kept.schema.attributes().end(), same)) {
    what = "list of attributes";
  } else if (!std::equal(types.begin(), types.end(), kept.events.types().begin(),
                         kept.events.types().end(), same)) {
    what = "list of types of events";
  }
  return what == nullptr
             ? Outcome()
             : Failure{ExitCode::kData, "the store '" + run.options.store + "' has another " +
                                            what + " than '" + run.options.config +
                                            "'; make it anew, without --append"};
}

Outcome make_engine(LoadRun& run) {
  Result<std::shared_ptr<Arena>> arena = Arena::create(run.options.threads);
  if (!arena.ok()) {
    return data_failure(arena.status());
  }
  if (run.options.append) {
    run.progress.start("open " + run.options.store);
    Result<std::unique_ptr<Engine>> opened =
        Engine::open(run.options.store, {.arena = std::move(*arena)});
    if (!opened.ok()) {
      return data_failure(opened.status());
    }
    run.engine = std::move(*opened);
    run.progress.finish(counted(run.engine->contact_count(), "contact", "contacts"));
    return check_declarations(run);
  }
  EngineOptions options;
  options.time_zone = run.config.time_zone;
  options.currency_decimals = run.config.currency_decimals;
  options.schema = run.config.attributes;
  options.events = run.config.event_types;
  options.arena = std::move(*arena);
  Result<std::unique_ptr<Engine>> engine = Engine::create(std::move(options));
  if (!engine.ok()) {
    return data_failure(engine.status());
  }
  run.engine = std::move(*engine);
  return std::nullopt;
}

// Before any file is read: a model that cannot be is found at once.
Outcome define_models(LoadRun& run) {
  std::error_code ignored;
  for (const ModelConfig& config : run.config.models) {
    const std::string file =
        (fs::path(run.options.config).parent_path() / config.source).lexically_normal().string();
    const bool is_file =
        names_a_model_file(config.source) ||
        (!rfm_preset_yaml(config.source).ok() && fs::is_regular_file(file, ignored));
    RfmModel model;
    const Outcome failure =
        is_file
            ? read_model_file(file, file, run.config.currency_decimals, model)
            : take_preset(config.source,
                          run.options.config + ": models: ", run.config.currency_decimals, model);
    if (failure) {
      return failure;
    }
    if (!config.name.empty()) {
      model.name = config.name;
    }
    if (const Status status = run.engine->define(model); !status.ok()) {
      return data_failure(status);
    }
  }
  return std::nullopt;
}

// The segments of the configuration beside those that are there, or in place of them.
Status put_segments(const LoadRun& run, Catalogue& catalogue) {
  std::vector<SegmentDefinition> definitions;
  for (const SegmentConfig& segment : run.config.segments) {
    SegmentDefinition& definition = definitions.emplace_back();
    definition.name = segment.name;
    definition.where = segment.where;
  }
  return catalogue.put(definitions, {"load", clock_us(), "from " + run.options.config});
}

Failure segments_failure(const LoadRun& run, std::string_view message) {
  return {ExitCode::kData, run.options.config + ": segments: " + std::string(message)};
}

// Refuses segments of the configuration that name what there is not: they would be broken from the
// start. Binding needs the columns, and hardly any rows.
Outcome bind_segments(LoadRun& run) {
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(run.config.time_zone, error);
  const std::optional<AsOf> now =
      zone ? AsOf::parse(format_instant(clock_us(), TimeZone()), *zone, error) : std::nullopt;
  if (!now) {
    return Failure{ExitCode::kData, error};
  }
  const Result<std::shared_ptr<const Generation>> generation = run.engine->evaluate(*now);
  if (!generation.ok()) {
    return data_failure(generation.status());
  }
  for (const SegmentConfig& segment : run.config.segments) {
    const SegmentInfo* info = (*generation)->segment_info(segment.name);
    if (info != nullptr && !info->broken.empty()) {
      return segments_failure(run, "'" + segment.name + "': " + info->broken);
    }
  }
  return std::nullopt;
}

// What is wrong with segments is found before files are read.
Outcome check_segments(LoadRun& run) {
  Result<Catalogue> catalogue = CatalogueFile::read(run.options.store);
  if (!catalogue.ok()) {
    return data_failure(catalogue.status());
  }
  Status status = put_segments(run, *catalogue);
  if (status.ok()) {
    status = run.engine->define_segments(catalogue->definitions());
  }
  if (!status.ok()) {
    return segments_failure(run, status.message());
  }
  return run.config.segments.empty() ? Outcome() : bind_segments(run);
}

Outcome forget_old(LoadRun& run) {
  const Result<std::uint64_t> forgotten = run.engine->forget_old_events(clock_us());
  if (!forgotten.ok()) {
    return data_failure(forgotten.status());
  }
  if (*forgotten != 0) {
    run.progress.note("  " + counted(*forgotten, "event is", "events are") +
                      " older than the retention and left out");
  }
  return std::nullopt;
}

// The lock and the new text of the catalogue come first: what can refuse them does so before there
// is a snapshot.
Outcome save(LoadRun& run) {
  std::optional<CatalogueFile> catalogue;
  if (!run.config.segments.empty()) {
    Result<CatalogueFile> file = CatalogueFile::open(run.options.store);
    if (!file.ok()) {
      return data_failure(file.status());
    }
    const std::uint64_t revision = file->catalogue().revision();
    if (const Status status = put_segments(run, file->catalogue()); !status.ok()) {
      return data_failure(status);
    }
    if (file->catalogue().revision() != revision) {
      catalogue = std::move(*file);
    }
  }
  run.progress.start("write " + run.options.store);
  const Result<std::uint64_t> number = run.engine->save(*run.lock);
  if (!number.ok()) {
    return data_failure(number.status());
  }
  if (catalogue) {
    if (const Status status = catalogue->save(); !status.ok()) {
      return data_failure(status);
    }
  }
  run.progress.finish("snapshot " + std::to_string(*number) + ": " +
                      counted(run.engine->contact_count(), "contact", "contacts") + ", " +
                      counted(run.engine->line_count(), "order line", "order lines") + ", " +
                      counted(run.engine->event_count(), "event", "events"));
  return run.rejects.commit();
}

Outcome load(LoadRun& run) {
  if (Outcome failure = prepare_load(run)) {
    return failure;
  }
  Result<StoreLock> lock = StoreLock::take(run.options.store);
  if (!lock.ok()) {
    return data_failure(lock.status());
  }
  run.lock = std::move(*lock);
  if (!run.options.rejects.empty()) {
    if (Outcome failure = run.rejects.open(run.options.rejects)) {
      return failure;
    }
  }
  for (const auto step :
       {make_engine, define_models, check_segments, read_store_files, forget_old, save}) {
    if (Outcome failure = step(run)) {
      return failure;
    }
  }
  return std::nullopt;
}

ExitCode run_load(const LoadOptions& options) {
  std::error_code ignored;
  const bool is_new = !fs::exists(options.store, ignored);
  Outcome failure;
  {
    LoadRun run(options);
    failure = load(run);
    if (failure) {
      run.progress.stop();
      if (is_new && run.lock) {  // nothing but the lock is in it
        fs::remove(fs::path(options.store) / "lock", ignored);
        fs::remove(options.store, ignored);
      }
    }
  }
  return failure ? report_failure(*failure) : ExitCode::kDone;
}

}  // namespace

Command add_load(CLI::App& program) {
  auto options = std::make_shared<LoadOptions>();
  CLI::App* app = program.add_subcommand("load", "Load files into a store");
  app->footer(kFooter);
  app->add_option("--config", options->config, "What the files are: quintile.yaml")
      ->required()
      ->type_name("FILE");
  app->add_option("--store", options->store, "Folder of the store; created if need be")
      ->required()
      ->type_name("DIR");
  app->add_option("files", options->files,
                  "contacts=, links=, orders= or events=FILE instead of those of the "
                  "configuration, any number of each")
      ->type_name("KIND=FILE");
  app->add_flag("--append", options->append,
                "Add these files to the newest snapshot instead of making the store anew");
  app->add_option("--rejects", options->rejects, "List records that could not be used here")
      ->type_name("FILE");
  app->add_option("--max-rejects", options->max_rejects,
                  "More than this number or percentage of one kind ends the load")
      ->capture_default_str()
      ->type_name("N|N%");
  app->add_option("--threads", options->threads, "Threads to compute with (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  app->add_flag("--quiet", options->quiet, "No progress; only warnings and errors");
  return {app, [options] { return run_load(*options); }};
}

}  // namespace quintile::cli
